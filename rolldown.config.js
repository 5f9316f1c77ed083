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

// One bundle with lazily loaded parts: a cold start of unbundled yargs and cli-table3 costs three times bare node. What
// `--version` needs, what every command needs and what reads captures is one file each, as each file costs a millisecond.
export default defineConfig({
  input: { kflow: "src/cli/main.ts", index: "src/index.ts" },
  platform: "node",
  external: [/^node:/],
  plugins: [plainWidth],
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
      ],
    },
    cleanDir: true,
  },
});
