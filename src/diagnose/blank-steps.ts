import type { StepDraft } from "../correlate/step-draft.ts";
import type { Step } from "../model/report.ts";
import { type Kind, stepsOf } from "../model/steps.ts";
import { NOTHING } from "./facts.ts";

/** The blank steps of every kind that were told so far, by number: they are the same in all sequences. */
const told = new Map<Kind, readonly Step[][]>();

export function blankStep(kind: Kind, { step, id, title, state }: StepDraft): Step {
  const known = (told.get(kind) ?? begin(kind))[step - 1] ?? [];
  for (const one of known) if (one.state === state) return one;
  const blank: Step = { step, id, title, state, frames: [], summary: "", facts: NOTHING };
  known.push(blank);
  return blank;
}

function begin(kind: Kind): readonly Step[][] {
  const steps = stepsOf[kind].map((): Step[] => []);
  told.set(kind, steps);
  return steps;
}
