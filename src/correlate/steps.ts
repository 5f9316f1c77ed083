import type { AsReq, TgsReq } from "../../dissectors/kerberos/message.ts";
import type { Observation } from "../model/observation.ts";
import type { StepState } from "../model/report.ts";
import type { Kind } from "../model/steps.ts";
import { stepsOf } from "../model/steps.ts";
import type { Instant } from "../model/time.ts";
import type { Judgement } from "./judge/judgement.ts";
import { isKrbError, type Quest } from "./quests.ts";
import { serviceOf } from "./services/index.ts";
import { isRound } from "./signons.ts";
import type { StepDraft } from "./story.ts";

/** All steps of a kind, empty: `not-captured` until something is found. */
export function draftSteps(kind: Kind): StepDraft[] {
  return stepsOf[kind].map(({ step, id, title }) => ({
    step,
    id,
    title,
    state: "not-captured" as StepState,
    frames: [],
    at: null,
    seen: [],
    message: null,
    note: "",
  }));
}

/** Puts messages at a step, in order of frames; the first one gives time and addresses. */
export function observe(draft: StepDraft | undefined, seen: readonly (Observation | null | undefined)[]): void {
  if (!draft) return;
  const found = inOrderOfFrames(seen);
  const first = found[0];
  if (!first) return;
  draft.state = "observed";
  draft.seen = found;
  show(draft, found.length === 1 ? first : (found.findLast(isTicket) ?? found.find(isSuccess) ?? first));
  draft.frames = inOrder(found.length === 1 ? first.frames : found.flatMap((o) => o.frames));
}

/** What was seen at all. Nearly always it comes in order already. */
function inOrderOfFrames(seen: readonly (Observation | null | undefined)[]): Observation[] {
  const found: Observation[] = [];
  let isSorted = true;
  for (const o of seen) {
    if (o == null) continue;
    const before = found.at(-1);
    if (before && before.frame > o.frame) isSorted = false;
    found.push(o);
  }
  return isSorted ? found : found.sort((a, b) => a.frame - b.frame);
}

/** Of several answers the one that got the client further tells the step best. */
function isTicket({ message }: Observation): boolean {
  return message.kind === "AS-REP" || message.kind === "TGS-REP";
}

function isSuccess({ message }: Observation): boolean {
  return serviceOf(message)?.isSuccess(message) ?? false;
}

/** Lets one of the messages stand for the step. */
export function show(draft: StepDraft, o: Observation): void {
  draft.at = { frame: o.frame, time: o.time, from: o.src, to: o.dst };
  draft.message = o.message;
}

/** A step of which only packets below the messages were seen: SYNs, ICMP errors, ARP requests. */
export function noteAt(
  draft: StepDraft | undefined,
  frames: readonly number[],
  note: string,
  at: { readonly time: Instant; readonly from: string; readonly to: string },
): void {
  if (!draft) return;
  draft.frames = inOrder([...draft.frames, ...frames]);
  draft.note = note;
  draft.at ??= { frame: frames[0] ?? 1, ...at };
}

/** Marks the step that diverged, and those behind it that did not happen. */
export function markDivergence(drafts: readonly StepDraft[], judgement: Judgement): void {
  const at = judgement.divergedAt;
  if (at === null) return;
  for (const draft of drafts) {
    if (draft.step === at) {
      draft.state = "diverged";
      const isSilence = judgement.why?.what === "tgs-silent" || judgement.why?.what === "as-silent";
      const decisive = isSilence ? undefined : decisiveOf(draft);
      if (decisive) show(draft, decisive);
      if (isSilence) {
        draft.message = null;
        draft.at = null;
      }
    } else if (draft.step > at && draft.state !== "observed") draft.state = "not-reached";
  }
}

/** Steps 5 and 6 of the eight: every search for the ticket. */
export function fillSearch(steps: readonly StepDraft[], quests: readonly Quest[]): void {
  const exchanges = quests.flatMap((quest) => quest.exchanges);
  const requests = exchanges.flatMap((x): (Observation<AsReq | TgsReq> | null)[] => [x.request, ...x.repeats]);
  observe(steps[4], requests);
  observe(
    steps[5],
    exchanges.map((x) => x.reply),
  );
}

/** Of several answers the one that decided: the first refusal of a KDC, the last answer of a service. */
function decisiveOf(draft: StepDraft): Observation | undefined {
  const refusals = draft.seen.filter(isKrbError).filter((o) => o.via === null && !isRound(o.message.errorCode));
  const code = refusals.at(-1)?.message.errorCode;
  return refusals.find((o) => o.message.errorCode === code) ?? failedName(draft.seen) ?? draft.seen.at(-1);
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
