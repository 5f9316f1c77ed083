import type { Message } from "../../dissectors/registry.ts";
import type { Observation } from "../model/observation.ts";
import type { StepState } from "../model/report.ts";
import type { Kind, StepId, stepsOf } from "../model/steps.ts";
import type { Instant } from "../model/time.ts";
import { inOrder, NONE } from "./order.ts";

export type DocumentedStep = (typeof stepsOf)[Kind][number];

/** Where and when packets were seen. */
export interface Place {
  readonly time: Instant;
  readonly from: string;
  readonly to: string;
}

/** What stands at a step beside its messages: SYNs that nobody answered, ICMP errors, ARP requests, sealed packets. */
export interface Beside {
  readonly frames: readonly number[];
  /** What is told where there is no message to describe. */
  readonly note: string;
  readonly at: (Place & { readonly frame: number }) | null;
}

/**
 * A step before it becomes text, as hundreds of stories wait for their turn: what follows from the rest is made when it
 * is asked for. Steps of which nothing was seen are the same object in all stories.
 */
export class StepDraft {
  readonly state: StepState;
  /** In order of frames. */
  readonly seen: readonly Observation[];
  /** The one that stands for the step. */
  readonly shown: Observation | null;
  readonly beside: Beside | null;
  private readonly is: DocumentedStep;

  constructor(
    is: DocumentedStep,
    state: StepState,
    seen: readonly Observation[],
    shown: Observation | null,
    beside: Beside | null,
  ) {
    this.is = is;
    this.state = state;
    this.seen = seen;
    this.shown = shown;
    this.beside = beside;
  }

  get step(): number {
    return this.is.step;
  }

  get id(): StepId {
    return this.is.id;
  }

  get title(): string {
    return this.is.title;
  }

  /** Nothing was seen of it, and there is nothing to say of it but its state. */
  get isBlank(): boolean {
    return this.seen.length === 0 && this.shown === null && this.beside === null;
  }

  /** Each frame once, in order. */
  get frames(): readonly number[] {
    const { seen, beside } = this;
    const frames = framesOf(seen);
    return beside === null ? frames : inOrder([...frames, ...beside.frames]);
  }

  /** The least of its frames; infinite where it has none. */
  get firstFrame(): number {
    let first = this.beside?.frames[0] ?? Number.POSITIVE_INFINITY;
    for (const o of this.seen) first = Math.min(first, o.frameCount === 1 ? o.frame : (inOrder(o.frames)[0] ?? first));
    return first;
  }

  /** The frame that completes the step, and where it went. */
  get at(): (Place & { readonly frame: number }) | null {
    const { shown, beside } = this;
    if (shown === null) return beside === null ? null : beside.at;
    return { frame: shown.frame, time: shown.time, from: shown.src, to: shown.dst };
  }

  get message(): Message | null {
    return this.shown === null ? null : this.shown.message;
  }

  get note(): string {
    return this.beside === null ? "" : this.beside.note;
  }

  /** The same step with another state or another message to stand for it. */
  with(state: StepState, shown: Observation | null): StepDraft {
    return new StepDraft(this.is, state, this.seen, shown, this.beside);
  }

  /** The same step, of which these messages were seen. */
  withSeen(seen: readonly Observation[], shown: Observation): StepDraft {
    return new StepDraft(this.is, "observed", seen, shown, null);
  }

  withBeside(state: StepState, shown: Observation | null, beside: Beside | null): StepDraft {
    return new StepDraft(this.is, state, this.seen, shown, beside);
  }
}

function framesOf(seen: readonly Observation[]): readonly number[] {
  const only = seen[0];
  if (only === undefined) return NONE;
  if (seen.length === 1) return inOrder(only.frames);
  const all: number[] = [];
  for (const { frames } of seen) for (const frame of frames) all.push(frame);
  return inOrder(all);
}
