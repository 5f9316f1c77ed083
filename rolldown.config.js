import { createRequire } from "node:module";
import { defineConfig } from "rolldown";

/**
 * The help of yargs is ASCII: the tables of Unicode with which string-width measures it, and whose regular expressions
 * take a third of yargs' start, stay out.
 */
const plainWidth = {
  name: "plain-width",
  resolveId(id, importer) {
    const isForHelp = id === "string-width" && /node_modules\/(yargs|cliui|wrap-ansi)\//.test(importer ?? "");
    return isForHelp ? "\0plain-width" : null;
  },
  load: (id) => (id === "\0plain-width" ? "export default (text) => text.length;" : null),
};

/**
 * What every run needs of Node, by `require`: an `import` looks at every name of a module, and of these two some are
 * made only then, with streams, promises and parsers behind them (2 ms).
 */
const lean = ["fs", "util"];
const leanBuiltins = {
  name: "lean-builtins",
  resolveId(id, importer) {
    const name = id.replace(/^node:/, "");
    const isForAll = lean.includes(name) && /\/(src\/cli|yargs-parser\/build)\//.test(importer ?? "");
    return isForAll ? `\0lean:${name}` : null;
  },
  load(id) {
    if (!id.startsWith("\0lean:")) return null;
    const name = `node:${id.slice("\0lean:".length)}`;
    const named = Object.keys(createRequire(import.meta.url)(name)).map(
      (key) => `export const ${key} = /* @__PURE__ */ (() => all.${key})();\n`,
    );
    const code = `import { createRequire } from "node:module";
      const all = /* @__PURE__ */ createRequire(import.meta.url)("${name}");
      export default all;\n`;
    return { code: code + named.join(""), moduleSideEffects: false };
  },
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

// One bundle with lazily loaded parts: a cold start of unbundled yargs and cli-table3 costs three times bare node. What
// `--version` needs, what every command needs, what reads captures and what prints for people is one file each, as each
// file costs a millisecond.
export default defineConfig({
  input: { kflow: "src/cli/main.ts", index: "src/index.ts" },
  platform: "node",
  external: [/^node:(?!(fs|util)$)/],
  plugins: [plainWidth, leanBuiltins, ascii],
  output: {
    dir: "dist",
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "parts/[name].js",
    minify: true,
    codeSplitting: {
      groups: [
        { name: "first", test: /src\/(version|cli\/(write|heap|builtin))\.ts$/, priority: 3 },
        { name: "run", test: /src\/cli\/run\.ts$/, priority: 2 },
        { name: "reading", test: /src\/cli\/(report|reading)\.ts$|src\/report\/json\.ts$/, priority: 1 },
        { name: "text", test: /src\/report\/text\.ts$/ },
      ],
    },
    cleanDir: true,
  },
});
