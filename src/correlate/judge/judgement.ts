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

export function incomplete(missing: Missing, outcome: Outcome): Judgement {
  // How the client ended up is not known of a login whose end the capture does not hold.
  const ended = missing === "ended-early" ? "unknown" : outcome;
  return { verdict: "incomplete", divergedAt: null, outcome: ended, why: null, missing };
}
