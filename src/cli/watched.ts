import type { Reporter, Text } from "../model/report.ts";
import type { Format } from "../report/index.ts";

/** A reporter that remembers the first problem, and leaves it to standard error to say that nothing was readable. */
export function watched(
  reporter: Reporter<Text>,
  format: Format,
): Reporter<Text> & { readonly firstProblem: string | null } {
  let firstProblem: string | null = null;
  return {
    begin: reporter.begin,
    sequence: reporter.sequence,
    end(tail) {
      firstProblem = tail.problems[0]?.text ?? null;
      const unreadable = tail.captures.every((capture) => capture.format === null);
      return unreadable && format === "text" ? "" : reporter.end(tail);
    },
    get firstProblem() {
      return firstProblem;
    },
  };
}
