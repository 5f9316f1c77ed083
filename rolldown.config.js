import { defineConfig } from "rolldown";

// One bundle with lazily loaded parts: a cold start of unbundled yargs and cli-table3 costs three times bare node.
export default defineConfig({
  input: { kflow: "src/cli/main.ts", index: "src/index.ts" },
  platform: "node",
  external: [/^node:/],
  output: {
    dir: "dist",
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "parts/[name].js",
    minify: true,
    cleanDir: true,
  },
});
