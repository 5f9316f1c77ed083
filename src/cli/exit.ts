import type { OverallVerdict } from "../model/report.ts";

/** Exit codes of the report contract. */
export const exitCodes = {
  ok: 0,
  diverged: 1,
  usage: 2,
  unreadable: 2,
  incomplete: 3,
  none: 3,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export function exitCodeOf(verdict: OverallVerdict, unreadable: boolean): ExitCode {
  return unreadable ? exitCodes.unreadable : exitCodes[verdict];
}
