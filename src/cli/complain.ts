import { writeSync } from "node:fs";
import { clean } from "../report/clean.ts";

/** One sentence on standard error for the person at the keyboard. */
export function complain(sentence: string): void {
  try {
    writeSync(2, `kflow: ${clean(sentence)}\n`);
  } catch {
    // Nobody listens on standard error; the exit code still says it.
  }
}
