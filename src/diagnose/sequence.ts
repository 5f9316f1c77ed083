import type { Message } from "../../dissectors/registry.ts";
import { limits } from "../bytes/limits.ts";
import type { StepDraft } from "../correlate/step-draft.ts";
import type { Story } from "../correlate/story.ts";
import type { Sequence, Step } from "../model/report.ts";
import { isoTime } from "../model/time.ts";
import { blankStep } from "./blank-steps.ts";
import { conclude } from "./conclude.ts";
import { factsOf, factsOfStory, NOTHING } from "./facts.ts";
import { subjectsOf } from "./subjects.ts";

/** Turns a judged story into the values of the report. `describe` gives one line for a message; `backSequences`: ids of those that serve it. */
export function toSequence(story: Story, id: string, backSequences: readonly string[], describe: Describe): Sequence {
  const subjects = subjectsOf(story);
  return {
    id,
    kind: story.kind,
    client: story.client,
    service: story.service,
    verdict: story.verdict,
    divergedAt: story.divergedAt,
    outcome: story.outcome,
    facts: factsOfStory(story, subjects, backSequences),
    steps: stepsOfStory(story, describe),
    findings: conclude(story, subjects),
  };
}

type Describe = (message: Message) => string;

function stepsOfStory({ kind, steps }: Story, describe: Describe): readonly Step[] {
  return steps.map((draft) => (draft.isBlank ? blankStep(kind, draft) : toStep(draft, describe)));
}

function toStep({ step, id, title, state, frames, at, message, note }: StepDraft, describe: Describe): Step {
  const summary = message ? describe(message) : note;
  const facts = message ? factsOf(message) : NOTHING;
  const told: Step =
    at === null
      ? { step, id, title, state, frames, summary, facts }
      : {
          step,
          id,
          title,
          state,
          frames,
          summary,
          facts,
          frame: at.frame,
          time: isoTime(at.time),
          from: at.from,
          to: at.to,
        };
  return frames.length > limits.framesPerStep ? shortened(told, frames) : told;
}

const HALF = limits.framesPerStep / 2;

function shortened(step: Step, all: readonly number[]): Step {
  const frames = [...all.slice(0, HALF), ...all.slice(-HALF)];
  return { ...step, frames, framesOmitted: all.length - frames.length };
}
