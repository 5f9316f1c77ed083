import type { Problem } from "../model/problem.ts";
import type { Options } from "./options.ts";
import type { Ending } from "./reading.ts";

/** What to tell of a reading that ended before the input did; null where there is nothing to tell. */
export function problemOf(ending: Ending, options: Options): Problem | null {
  switch (ending) {
    case "timeout":
      return {
        text: `reading stopped after ${(options.timeout ?? 0) / 1_000} s (--timeout); what was read is reported`,
      };
    case "memory":
      return { text: "reading stopped at the memory allowed by --max-memory; what was read is reported" };
    case "interrupted":
      return { text: "reading was interrupted; what was read is reported" };
    case "end":
    case "unwanted":
      return null;
    default:
      return ending satisfies never;
  }
}
