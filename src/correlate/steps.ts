import type { Observation } from "../model/observation.ts";
import type { StepState } from "../model/report.ts";
import type { Kind } from "../model/steps.ts";
import { stepsOf } from "../model/steps.ts";
import type { Instant } from "../model/time.ts";
import type { Judgement } from "./judge/judgement.ts";
import { grown, inOrderOfFrames, NONE } from "./order.ts";
import { isKrbError, type Quest } from "./quests.ts";
import { serviceOf } from "./services/index.ts";
import { isRound } from "./signons.ts";
import type { StepDraft } from "./story.ts";

/** Where and when packets below the messages were seen. */
interface Place {
  readonly time: Instant;
  readonly from: string;
  readonly to: string;
}

/** The steps of one story while it is told: of each nothing was seen until something is found. Steps count from 1. */
export class Steps {
  readonly drafts: StepDraft[];
  private readonly kind: Kind;

  constructor(kind: Kind) {
    this.kind = kind;
    this.drafts = unseen(kind, "not-captured").slice();
  }

  isObserved(step: number): boolean {
    return this.drafts[step - 1]?.state === "observed";
  }

  set(step: number, state: StepState): void {
    const draft = this.drafts[step - 1];
    if (!draft || draft.state === state) return;
    const isUnseen = draft.at === null && draft.frames.length === 0 && draft.note === "";
    const shared = isUnseen ? unseen(this.kind, state)[step - 1] : undefined;
    this.drafts[step - 1] = shared ?? { ...draft, state };
  }

  /** Puts messages at a step, in order of frames; the first one gives time and addresses. */
  observe(step: number, seen: readonly Observation[] | null): void {
    const draft = this.drafts[step - 1];
    if (!draft || seen === null) return;
    const found = seen.length === 1 ? seen : inOrderOfFrames(seen);
    const first = found[0];
    if (!first) return;
    const shown = found.length === 1 ? first : bestOf(found, first);
    this.drafts[step - 1] = {
      step: draft.step,
      id: draft.id,
      title: draft.title,
      state: "observed",
      frames: framesOf(found, first),
      at: { frame: shown.frame, time: shown.time, from: shown.src, to: shown.dst },
      seen: found,
      message: shown.message,
      note: draft.note,
    };
  }

  /** Lets one of the messages stand for the step. */
  show(step: number, o: Observation): void {
    const draft = this.drafts[step - 1];
    if (!draft) return;
    const at = { frame: o.frame, time: o.time, from: o.src, to: o.dst };
    this.drafts[step - 1] = { ...draft, at, message: o.message };
  }

  /** A step of which only packets below the messages were seen: SYNs, ICMP errors, ARP requests. */
  note(step: number, frames: readonly number[], note: string, place: Place): void {
    const draft = this.drafts[step - 1];
    if (!draft) return;
    this.drafts[step - 1] = {
      ...draft,
      frames: inOrder([...draft.frames, ...frames]),
      note,
      at: draft.at ?? { frame: frames[0] ?? 1, ...place },
    };
  }

  encrypt(step: number, seen: readonly Observation[]): void {
    const first = seen[0];
    const draft = this.drafts[step - 1];
    if (!draft || !first) return;
    this.drafts[step - 1] = {
      ...draft,
      state: "encrypted",
      frames: inOrder(seen.flatMap(({ frames }) => frames)),
      at: { frame: first.frame, time: first.time, from: first.src, to: first.dst },
      message: first.message,
    };
  }

  /** Steps 5 and 6 of the eight: every search for the ticket. */
  search(quests: readonly Quest[]): void {
    let requests: Observation[] | null = null;
    let replies: Observation[] | null = null;
    for (const { exchanges } of quests) {
      for (const { request, repeats, reply } of exchanges) {
        if (request) requests = grown<Observation>(requests, request);
        for (const repeat of repeats) requests = grown<Observation>(requests, repeat);
        if (reply) replies = grown<Observation>(replies, reply);
      }
    }
    this.observe(5, requests);
    this.observe(6, replies);
  }

  /** Marks the step that diverged, and those behind it that did not happen. */
  diverge({ divergedAt, why }: Judgement): void {
    if (divergedAt === null) return;
    const isSilence = why?.what === "tgs-silent" || why?.what === "as-silent";
    for (const { step, state } of this.drafts) {
      if (step > divergedAt && state !== "observed") this.set(step, "not-reached");
    }
    const draft = this.drafts[divergedAt - 1];
    if (!draft) return;
    const decisive = isSilence ? undefined : decisiveOf(draft);
    if (decisive) this.show(divergedAt, decisive);
    if (isSilence) this.drafts[divergedAt - 1] = { ...draft, message: null, at: null };
    this.set(divergedAt, "diverged");
  }

  /** The first frame of all steps; null where there is none. */
  get firstFrame(): number | null {
    let first = Number.POSITIVE_INFINITY;
    for (const { frames } of this.drafts) {
      // The frames of each step are in order.
      const one = frames[0];
      if (one !== undefined && one < first) first = one;
    }
    return first === Number.POSITIVE_INFINITY ? null : first;
  }
}

/** Steps of which nothing was seen: they never change, and stories share them. */
const unseenSteps = new Map<Kind, Map<StepState, readonly StepDraft[]>>();

function unseen(kind: Kind, state: StepState): readonly StepDraft[] {
  return unseenSteps.get(kind)?.get(state) ?? firstUnseen(kind, state);
}

function firstUnseen(kind: Kind, state: StepState): readonly StepDraft[] {
  const known = unseenSteps.get(kind) ?? new Map<StepState, readonly StepDraft[]>();
  const drafts = unseenIn(kind, state);
  unseenSteps.set(kind, known.set(state, drafts));
  return drafts;
}

function unseenIn(kind: Kind, state: StepState): readonly StepDraft[] {
  return stepsOf[kind].map(({ step, id, title }) => {
    return { step, id, title, state, frames: NONE, at: null, seen: NONE, message: null, note: "" };
  });
}

function framesOf(found: readonly Observation[], first: Observation): readonly number[] {
  if (found.length === 1) return inOrder(first.frames);
  const all: number[] = [];
  for (const { frames } of found) for (const frame of frames) all.push(frame);
  return inOrder(all);
}

/** Of several answers the one that got the client further tells the step best. */
function bestOf(found: readonly Observation[], first: Observation): Observation {
  return found.findLast(isTicket) ?? found.find(isSuccess) ?? first;
}

function isTicket({ message }: Observation): boolean {
  return message.kind === "AS-REP" || message.kind === "TGS-REP";
}

function isSuccess({ message }: Observation): boolean {
  return serviceOf(message)?.isSuccess(message) ?? false;
}

/** Of several answers the one that decided: the first refusal of a KDC, the last answer of a service. */
function decisiveOf({ seen }: StepDraft): Observation | undefined {
  const refusals = seen.filter(isKrbError).filter((o) => !isRound(o.message.errorCode));
  const code = refusals.at(-1)?.message.errorCode;
  return refusals.find((o) => o.message.errorCode === code) ?? failedName(seen) ?? seen.at(-1);
}

/** Of the forms of a name that were tried, an answer other than "no such name" says more, then the form asked first. */
function failedName(seen: readonly Observation[]): Observation | undefined {
  const responses = seen.filter(({ message }) => message.protocol === "dns" && message.kind === "response");
  return responses.find(({ message }) => message.protocol === "dns" && message.rcode !== NXDOMAIN) ?? responses[0];
}

const NXDOMAIN = 3;

/** Each frame once, in order; what is in order already comes back as it is. */
export function inOrder(frames: readonly number[]): readonly number[] {
  for (let i = 1; i < frames.length; i++) {
    if ((frames[i] ?? 0) <= (frames[i - 1] ?? 0)) return [...new Set(frames)].sort((a, b) => a - b);
  }
  return frames;
}
