/** What is counted of one direction of a connection; `Connection` explains the words. */
export const COUNTED = [
  "acked",
  "seen",
  "frames",
  "lost",
  "cut",
  "retransmitted",
  "largestSegment",
  "largestAcked",
] as const;

export class Tally implements Record<(typeof COUNTED)[number], number> {
  acked = 0;
  seen = 0;
  frames = 0;
  lost = 0;
  cut = 0;
  retransmitted = 0;
  largestSegment = 0;
  largestAcked = 0;
}
