import type { Paint } from "./paint.ts";

/** How a report for people is drawn; the front end asks the terminal, a reporter never does. */
export interface Look {
  /** Columns of the terminal. */
  readonly width: number;
  readonly paint: Paint;
  /** Verdicts only. */
  readonly quiet: boolean;
  /** Only a part of the capture was asked for: what is missing may be in the rest. */
  readonly isNarrowed?: boolean;
}
