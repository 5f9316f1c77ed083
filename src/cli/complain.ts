import { clean } from "../report/clean.ts";
import { writeText } from "./write.ts";

/** One sentence on standard error for the person at the keyboard. */
export function complain(sentence: string): void {
  try {
    writeText(2, `kflow: ${clean(sentence)}\n`);
  } catch {
    // Standard error is broken too; the exit code still says it.
  }
}
