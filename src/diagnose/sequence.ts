import type { Message } from "../../dissectors/registry.ts";
import { limits } from "../bytes/limits.ts";
import type { StepDraft, Story } from "../correlate/story.ts";
import type { Facts, Sequence, Step } from "../model/report.ts";
import { isoTime } from "../model/time.ts";
import { conclude } from "./conclude.ts";
import { factsOf, factsOfStory } from "./facts.ts";

/** Turns a judged story into the values of the report. `describe` gives one line for a message; `backSequences`: ids of those that serve it. */
export function toSequence(
  story: Story,
  id: string,
  backSequences: readonly string[],
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
    facts: factsOfStory(story, backSequences),
    steps: story.steps.map((draft) => toStep(draft, describe)),
    findings: conclude(story),
  };
}

function toStep(draft: StepDraft, describe: (message: Message) => string): Step {
  const { message, at } = draft;
  const step: { -readonly [K in keyof Step]: Step[K] } = {
    step: draft.step,
    id: draft.id,
    title: draft.title,
    state: draft.state,
    frames: draft.frames,
    summary: message ? describe(message) : draft.note,
    facts: message ? factsOf(message) : NO_FACTS,
  };
  if (at) {
    step.frame = at.frame;
    step.time = isoTime(at.time);
    step.from = at.from;
    step.to = at.to;
  }
  if (draft.frames.length > limits.framesPerStep) shorten(step, draft.frames);
  return step;
}

const NO_FACTS: Facts = {};
const HALF = limits.framesPerStep / 2;

function shorten(step: { frames: Step["frames"]; framesOmitted?: number }, frames: readonly number[]): void {
  step.frames = [...frames.slice(0, HALF), ...frames.slice(-HALF)];
  step.framesOmitted = frames.length - step.frames.length;
}
