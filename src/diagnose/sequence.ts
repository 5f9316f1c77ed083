import type { Message } from "../../dissectors/registry.ts";
import { limits } from "../bytes/limits.ts";
import type { StepDraft, Story } from "../correlate/story.ts";
import type { Sequence, Step } from "../model/report.ts";
import { isoTime } from "../model/time.ts";
import { conclude } from "./conclude.ts";
import { factsOf, factsOfStory } from "./facts.ts";

/** Turns a judged story into the values of the report. `describe` gives one line for a message. */
export function toSequence(
  story: Story,
  id: string,
  frontSequence: string | null,
  describe: (message: Message) => string,
): Sequence {
  return {
    id,
    kind: story.kind,
    client: story.client,
    service: story.service,
    verdict: story.verdict,
    divergedAt: story.divergedAt,
    outcome: story.outcome,
    facts: { ...factsOfStory(story), ...(frontSequence === null ? {} : { frontSequence }) },
    steps: story.steps.map((draft) => toStep(draft, describe)),
    findings: conclude(story),
  };
}

function toStep(draft: StepDraft, describe: (message: Message) => string): Step {
  const half = limits.framesPerStep / 2;
  const isLong = draft.frames.length > limits.framesPerStep;
  const frames = isLong ? [...draft.frames.slice(0, half), ...draft.frames.slice(-half)] : draft.frames;
  const message = draft.message;
  const at = draft.at;
  return {
    step: draft.step,
    id: draft.id,
    title: draft.title,
    state: draft.state,
    frames,
    ...(isLong ? { framesOmitted: draft.frames.length - frames.length } : {}),
    ...(at ? { frame: at.frame, time: isoTime(at.time), from: at.from, to: at.to } : {}),
    summary: message ? describe(message) : draft.note,
    facts: message ? factsOf(message) : {},
  };
}
