import type { Outcome, Verdict } from "../../model/report.ts";
import type { Missing, Why } from "../story.ts";

/** What the judge decided about one sequence. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly divergedAt: number | null;
  readonly outcome: Outcome;
  readonly why: Why | null;
  readonly missing: Missing | null;
}

export function ok(outcome: Outcome = "kerberos"): Judgement {
  return { verdict: "ok", divergedAt: null, outcome, why: null, missing: null };
}

export function diverged(step: number, why: Why, outcome: Outcome): Judgement {
  return { verdict: "diverged", divergedAt: step, outcome, why, missing: null };
}

/** What is missed so may stand in what a snap length cut. */
const ABSENT: ReadonlySet<Missing | null> = new Set([
  ...(["ended-early", "one-sided", "not-repeated", "preauth-only"] as const),
  ...(["service-leg", "names-only", "no-ping"] as const),
]);

/** As far as it can be said where a snap length cut what the client and its servers said. */
export function asRead(judgement: Judgement, isUnread: boolean): Judgement {
  return isUnread && ABSENT.has(judgement.missing) ? { ...judgement, missing: "cut" } : judgement;
}

export function incomplete(missing: Missing, outcome: Outcome): Judgement {
  // How the client ended up is not known of a login whose end the capture does not hold.
  const ended = missing === "ended-early" ? "unknown" : outcome;
  return { verdict: "incomplete", divergedAt: null, outcome: ended, why: null, missing };
}
