import type { Sequence } from "../model/report.ts";

/** The two sequences of two captures that are worth comparing: of one service if possible, one that failed and one that did not. */
export function pairOf(left: readonly Sequence[], right: readonly Sequence[]): readonly [Sequence, Sequence] | null {
  let best: readonly [Sequence, Sequence] | null = null;
  let bestScore = 0;
  for (const one of left) {
    for (const other of right) {
      const score = one === other ? 0 : scoreOf(one, other);
      if (score > bestScore) {
        best = [one, other];
        bestScore = score;
      }
    }
  }
  return best;
}

/** 0: not comparable. Kind first, then one that diverged against one that did not, then service, client and host. */
function scoreOf(one: Sequence, other: Sequence): number {
  if (one.steps.length !== other.steps.length || one.steps[0]?.id !== other.steps[0]?.id) return 0;
  const isContrast = (one.verdict === "diverged") !== (other.verdict === "diverged");
  return (
    1 +
    (one.kind === other.kind ? 16 : 0) +
    (isContrast ? 8 : 0) +
    (isSameService(one, other) ? 8 : 0) +
    (one.service.host !== undefined && isSame(one.service.host, other.service.host) ? 2 : 0) +
    (isSame(one.client.user, other.client.user) ? 1 : 0)
  );
}

function isSameService(one: Sequence, other: Sequence): boolean {
  return isSame(one.service.spn, other.service.spn) || isSame(one.service.host, other.service.host);
}

function isSame(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && one.toLowerCase() === other?.toLowerCase();
}
