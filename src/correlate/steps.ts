import type { Observation } from "../model/observation.ts";
import type { StepState } from "../model/report.ts";
import type { Kind } from "../model/steps.ts";
import { stepsOf } from "../model/steps.ts";
import type { Judgement } from "./judge/judgement.ts";
import { grown, inOrder, inOrderOfFrames, NONE } from "./order.ts";
import { isKrbError, type Quest } from "./quests.ts";
import { serviceOf } from "./services/index.ts";
import { isRound } from "./signons.ts";
import { type Place, StepDraft } from "./step-draft.ts";

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
    const shared = draft.isBlank ? unseen(this.kind, state)[step - 1] : undefined;
    this.drafts[step - 1] = shared ?? draft.with(state, draft.shown);
  }

  /** Puts messages at a step, in order of frames; the first one gives time and addresses. */
  observe(step: number, seen: readonly Observation[] | null): void {
    const draft = this.drafts[step - 1];
    if (!draft || seen === null) return;
    const found = seen.length === 1 ? seen : inOrderOfFrames(seen);
    const first = found[0];
    if (!first) return;
    this.drafts[step - 1] = draft.withSeen(found, found.length === 1 ? first : bestOf(found, first));
  }

  /** Lets one of the messages stand for the step. */
  show(step: number, o: Observation): void {
    const draft = this.drafts[step - 1];
    if (draft) this.drafts[step - 1] = draft.with(draft.state, o);
  }

  /** A step of which only packets below the messages were seen: SYNs, ICMP errors, ARP requests. */
  note(step: number, frames: readonly number[], note: string, place: Place): void {
    const draft = this.drafts[step - 1];
    if (!draft) return;
    const { state, shown, beside } = draft;
    const at = beside === null ? { frame: frames[0] ?? 1, ...place } : beside.at;
    const all = inOrder([...(beside?.frames ?? NONE), ...frames]);
    this.drafts[step - 1] = draft.withBeside(state, shown, { frames: all, note, at });
  }

  encrypt(step: number, seen: readonly Observation[]): void {
    const first = seen[0];
    const draft = this.drafts[step - 1];
    if (!draft || !first) return;
    const frames = inOrder(seen.flatMap((o) => o.frames));
    this.drafts[step - 1] = draft.withBeside("encrypted", first, { frames, note: draft.note, at: null });
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
    if (isSilence) this.drafts[divergedAt - 1] = silent(draft);
    this.set(divergedAt, "diverged");
  }

  /** The first frame of all steps; null where there is none. */
  get firstFrame(): number | null {
    let first = Number.POSITIVE_INFINITY;
    for (const draft of this.drafts) if (!draft.isBlank) first = Math.min(first, draft.firstFrame);
    return first === Number.POSITIVE_INFINITY ? null : first;
  }
}

/** No message stands for what nobody answered. */
function silent(draft: StepDraft): StepDraft {
  const { state, beside } = draft;
  return draft.withBeside(state, null, beside && { frames: beside.frames, note: beside.note, at: null });
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
  return stepsOf[kind].map((step) => new StepDraft(step, state, NONE, null, null));
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
