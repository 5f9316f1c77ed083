import type { StepDraft } from "../correlate/step-draft.ts";
import type { Story } from "../correlate/story.ts";
import type { StepId } from "../model/steps.ts";

/** The step of a story with this id; its kind may have none. */
export function stepOf({ steps }: Story, id: StepId): StepDraft | undefined {
  for (const step of steps) if (step.id === id) return step;
  return undefined;
}
