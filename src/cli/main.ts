import { version } from "../version.ts";
import { codeOf, writeText } from "./write.ts";

/** Answers `--version` at once; everything else is loaded when it is needed. */
async function main(argv: readonly string[]): Promise<number> {
  const end = argv.indexOf("--");
  if ((end === -1 ? argv : argv.slice(0, end)).includes("--version")) {
    writeText(1, `kflow ${version}\n`);
    return 0;
  }
  const { run } = await import("./run.ts");
  return await run(argv);
}

/** Neither a bug nor a full disk may look like a verdict: Node's own exit code for them is 1, which means "diverged". */
const FAILED = 2;

function failed(error: unknown): number {
  writeText(2, `kflow: ${isOfSystem(error) ? reasonOf(error) : bug(error)}\n`);
  return FAILED;
}

function isOfSystem(error: unknown): error is Error {
  return codeOf(error) !== null;
}

/** Inputs catch their own errors: what the system refuses here is mostly the output. */
function reasonOf(error: Error): string {
  const isOutput = "syscall" in error && error.syscall === "write";
  return `${isOutput ? "the output cannot be written, and what there is of it is not whole: " : ""}${error.message}`;
}

function bug(error: unknown): string {
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `this is a bug in kflow ${version}, please report it\n${trace}`;
}

// What is still open (a pipe nobody closed) must not keep the program: everything was written synchronously.
main(process.argv.slice(2))
  .catch(failed)
  .then((code) => process.exit(code));
