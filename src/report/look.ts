import type { Paint } from "./paint.ts";

/** How a report for people is drawn; the front end asks the terminal, a reporter never does. */
export interface Look {
  /** Columns of the terminal. */
  readonly width: number;
  readonly paint: Paint;
  /** There are so many sequences that the table library would take minutes. */
  readonly isHasty?: boolean;
  /** Verdicts only. */
  readonly quiet: boolean;
}
