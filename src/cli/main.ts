#!/usr/bin/env node
import { writeSync } from "node:fs";
import { version } from "../version.ts";

/** Answers `--version` at once; everything else is loaded when it is needed. */
async function main(argv: readonly string[]): Promise<number> {
  const end = argv.indexOf("--");
  if ((end === -1 ? argv : argv.slice(0, end)).includes("--version")) {
    writeSync(1, `kflow ${version}\n`);
    return 0;
  }
  const { run } = await import("./run.ts");
  return await run(argv);
}

/** A bug must not look like a verdict: Node's own exit code for it is 1, which means "diverged". */
const BUG = 2;

try {
  // What is still open (a pipe nobody closed) must not keep the program: everything was written synchronously.
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  const trace = error instanceof Error ? error.stack : String(error);
  writeSync(2, `kflow: this is a bug in kflow ${version}, please report it\n${trace}\n`);
  process.exit(BUG);
}
