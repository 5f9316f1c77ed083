import { defineConfig } from "rolldown";
import { codeCache } from "./src/build/code-cache.js";

/**
 * What stays out of modules that others ask for. The help of yargs is ASCII: the tables of Unicode with which
 * string-width measures it, and whose regular expressions take a third of yargs' start, are not needed. The parser of
 * yargs would load with `createRequire` configuration files that nobody can name; without it, it says so.
 */
const standIns = [
  { id: "string-width", of: /node_modules\/(yargs|cliui|wrap-ansi)\//, code: "export default (text) => text.length;" },
  { id: "node:module", of: /node_modules\/yargs-parser\//, code: "export const createRequire = undefined;" },
];
const standIn = {
  name: "stand-in",
  resolveId(id, importer) {
    const wanted = standIns.some((one) => one.id === id && one.of.test(importer ?? ""));
    return wanted ? `\0${id}` : null;
  },
  load: (id) => standIns.find((one) => `\0${one.id}` === id)?.code ?? null,
};

/** A source of ASCII is read as it lies on the disk; one other letter in it has all of it decoded (3 % of a short run). */
const ascii = {
  name: "ascii",
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type === "chunk") chunk.code = chunk.code.replace(/[^\0-\x7f]/g, escaped);
    }
  },
};

function escaped(unit) {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Parts are functions that `src/cli/start.ts` calls: in the file already, so that a stack trace names places in it. */
const parts = {
  name: "parts",
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.fileName.startsWith("parts/")) {
        chunk.code = `(function (exports, require, module, __filename) {${chunk.code}\n})`;
      }
    }
  },
};

/**
 * `node dist/kflow.js` is the program too, 6 ms later: what this package calls `.js` are modules, which have a loader of
 * their own. Required, not imported: that would read the program for the names that it exports.
 */
const moduleDoor = {
  name: "module-door",
  generateBundle() {
    const source = `import { createRequire } from "node:module";\ncreateRequire(import.meta.url)("./kflow.cjs");\n`;
    this.emitFile({ type: "asset", fileName: "kflow.js", source });
  },
};

// One bundle with lazily loaded parts: a cold start of unbundled yargs and cli-table3 costs three times bare node. What
// `--version` needs, what every command needs, what reads captures and what prints for people is one file each.
const program = defineConfig({
  input: { kflow: "src/cli/start.ts", main: "src/cli/main.ts" },
  platform: "node",
  plugins: [standIn, ascii, parts, moduleDoor, codeCache],
  // yargs would look with it for configuration files that extend others; and the code cache takes its time.
  checks: { emptyImportMeta: false, bundlerTimings: false },
  output: {
    dir: "dist",
    format: "cjs",
    strict: true,
    entryFileNames: ({ name }) => (name === "main" ? "parts/[name].cjs" : "[name].cjs"),
    chunkFileNames: "parts/[name].cjs",
    minify: true,
    codeSplitting: {
      groups: [
        { name: "first", test: /src\/(version|cli\/(write|builtin))\.ts$/, priority: 3 },
        { name: "run", test: /src\/cli\/run\.ts$/, priority: 2 },
        { name: "reading", test: /src\/cli\/(report|reading)\.ts$|src\/report\/json\.ts$/, priority: 1 },
        { name: "text", test: /src\/report\/text\.ts$/ },
      ],
    },
    cleanDir: true,
  },
});

const library = defineConfig({
  input: { index: "src/index.ts" },
  plugins: [ascii],
  output: { dir: "dist", format: "esm", minify: true },
});

export default [program, library];
