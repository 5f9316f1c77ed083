import type { Finding, FrameRef, OverallVerdict, Sequence, StepState, Tail } from "../model/report.ts";
import { clean } from "./clean.ts";

/** How each state of a step looks without colour: a sign for narrow tables, words for the rest. */
export const stateWords = {
  observed: { sign: "√", words: "observed" },
  cached: { sign: "=", words: "cached" },
  "not-captured": { sign: "·", words: "not captured" },
  "not-needed": { sign: "·", words: "not needed" },
  encrypted: { sign: "·", words: "encrypted" },
  diverged: { sign: "×", words: "diverged" },
  "not-reached": { sign: "·", words: "not reached" },
} as const satisfies Record<StepState, { readonly sign: string; readonly words: string }>;

export const verdictWords = {
  ok: "OK",
  diverged: "DIVERGED",
  incomplete: "INCOMPLETE",
  none: "NOTHING TO JUDGE",
} as const satisfies Record<OverallVerdict, string>;

/** The service as its SPN, else its name, else its address. */
export function serviceName({ service }: Sequence): string {
  return clean(service.spn ?? service.host ?? service.address ?? "an unknown service");
}

/** The client as user, machine name and address, as far as they are known. */
export function clientName(sequence: Sequence): string {
  const { name, address, process } = sequence.client;
  const machine = clean(name === undefined ? address : `${name} (${address})`);
  const user = userName(sequence);
  const program = process === undefined ? "" : `, ${clean(process)}`;
  return `${user === null ? machine : `${user} on ${machine}`}${program}`;
}

/** The same without the machine's name, for a list. */
export function clientNote(sequence: Sequence): string {
  const user = userName(sequence);
  const address = clean(sequence.client.address);
  return user === null ? address : `${user} (${address})`;
}

/** `john@CONTOSO.COM` */
function userName({ client: { user, realm } }: Sequence): string | null {
  if (user === undefined) return null;
  return clean(realm === undefined ? user : `${user}@${realm}`);
}

/** Whom or what the sequence is about: the user who signs on, else the service. */
function subject(sequence: Sequence): string {
  return (sequence.kind === "sign-on" ? userName(sequence) : null) ?? serviceName(sequence);
}

/** The finding that explains a diverged sequence. */
export function rootOf(sequence: Sequence): Finding | undefined {
  return sequence.findings.find((finding) => finding.severity === "error");
}

/** The verdict on one sequence in one sentence, without a full stop. */
export function verdictSentence(sequence: Sequence): string {
  const word = verdictWords[sequence.verdict];
  if (sequence.verdict === "ok") return `${word}: ${okWords(sequence)}`;
  if (sequence.verdict === "incomplete") return `${word}: ${incompleteWords(sequence)}`;
  const title = divergence(sequence);
  const name = subject(sequence);
  const named = [name, clean(sequence.service.host ?? name)].some((word) => title.includes(word));
  return `${word} ${title}${named ? "" : ` for ${name}`}`;
}

/** The same in the few words of a list whose row names client, service and verdict already. */
export function verdictNote(sequence: Sequence): string {
  if (sequence.verdict === "diverged") return ` ${divergence(sequence)}`;
  const { outcome } = sequence;
  return outcome === "kerberos" || outcome === "unknown" ? "" : ` (${outcome})`;
}

/** `at step 6 (TGS-REP): KDC_ERR_S_PRINCIPAL_UNKNOWN` */
function divergence(sequence: Sequence): string {
  const step = sequence.steps.find((candidate) => candidate.step === sequence.divergedAt);
  const place = step === undefined ? "" : `at step ${step.step} (${clean(step.title)})`;
  const root = rootOf(sequence);
  if (root === undefined) return place;
  // Kerberos names its errors as everyone searches for them; `NOERROR` or a bare 401 would say nothing.
  return `${place}: ${clean(root.code?.protocol === "kerberos" ? root.code.name : root.title)}`;
}

function okWords(sequence: Sequence): string {
  if (sequence.kind === "dc-locator") return `a domain controller was found for ${serviceName(sequence)}`;
  if (sequence.kind === "sign-on") return `the KDC issued ${grantedTo(sequence)} to ${clientName(sequence)}`;
  if (sequence.kind === "ticket") return `a ticket for ${serviceName(sequence)} was issued`;
  return `${outcomeWords[sequence.outcome]} ${serviceName(sequence)}`;
}

/** Who signs on for something else than a TGT (kadmin/changepw, a service at once) gets a ticket for that. */
function grantedTo({ service }: Sequence): string {
  const isOther = service.spn !== undefined && !/^krbtgt(\/|$)/i.test(service.spn);
  return isOther ? `a ticket for ${clean(service.spn ?? "")}` : "a TGT";
}

const outcomeWords = {
  kerberos: "Kerberos login to",
  ntlm: "NTLM login to",
  basic: "Basic login to",
  anonymous: "anonymous access to",
  refused: "refused by",
  none: "no answer from",
  unknown: "login to",
} as const satisfies Record<Sequence["outcome"], string>;

function incompleteWords(sequence: Sequence): string {
  const name = subject(sequence);
  if (sequence.kind === "ticket" && sequence.outcome === "kerberos") {
    return `a ticket for ${name} was issued; ${useWords(sequence.facts["serviceLegs"])}`;
  }
  const sealed = sequence.steps.filter((step) => step.state === "encrypted").map((step) => step.step);
  if (sealed.length > 0) return `${stepList(sealed)} for ${name} ${sealed.length > 1 ? "are" : "is"} encrypted`;
  const unseen = sequence.steps.filter(isUnseen).map((step) => step.step);
  if (unseen.length === 0) return `the capture does not show how the ${whatWas(sequence)} ${name} ended`;
  return `the capture does not show ${stepList(unseen)} for ${name}`;
}

function whatWas({ kind }: Sequence): string {
  if (kind === "sign-on") return "sign-on of";
  return kind === "dc-locator" ? "search for a controller of" : "login to";
}

/** What became of a ticket that was presented over a protocol without steps of its own. */
function useWords(serviceLegs: unknown): string {
  const last: unknown = Array.isArray(serviceLegs) ? serviceLegs.at(-1) : undefined;
  if (typeof last !== "object" || last === null) return "the capture does not show its use";
  const { protocol, answer }: { protocol?: unknown; answer?: unknown } = last;
  const ended = answer === "accepted" || answer === "refused" ? ` and was ${answer}` : "";
  return `it was presented over ${protocols.get(protocol) ?? "another protocol"}${ended}`;
}

const protocols = new Map<unknown, string>([
  ["tds", "TDS (SQL Server)"],
  ["dcerpc", "DCE-RPC"],
]);

function isUnseen({ state }: { readonly state: StepState }): boolean {
  return state === "not-captured" || state === "not-reached";
}

/** `step 8`, `steps 3, 4 and 7`. */
function stepList(steps: readonly number[]): string {
  if (steps.length === 1) return `step ${steps[0]}`;
  return `steps ${steps.slice(0, -1).join(", ")} and ${steps.at(-1)}`;
}

/** How many sequences there are, and how many of them ended in which way. */
export interface Counts {
  readonly total: number;
  readonly diverged: number;
  readonly incomplete: number;
}

/** The verdict on the capture, or on the part of it that was asked for, in one sentence. */
export function overallSentence(tail: Tail, { total, diverged, incomplete }: Counts, isNarrowed = false): string {
  const word = verdictWords[tail.verdict];
  const all = total === 1 ? "1 sequence" : `${total} sequences`;
  if (tail.verdict === "diverged") return `${word}: ${diverged} of ${all} left the documented path`;
  if (tail.verdict === "ok" && incomplete === 0) return `${word}: all ${all} reached their end`;
  if (tail.verdict === "ok") {
    const tickets = incomplete === 1 ? "1 is a ticket" : `${incomplete} are tickets`;
    return `${word}: ${total - incomplete} of ${all} reached their end; ${tickets} whose use the capture does not show`;
  }
  if (tail.verdict === "incomplete") return `${word}: ${all}, none diverged, but not everything was captured`;
  return `${word}: ${nothingWords(tail, isNarrowed)}`;
}

function nothingWords(tail: Tail, isNarrowed: boolean): string {
  if (tail.captures.length > 0 && tail.captures.every((capture) => capture.format === null)) {
    return "the input could not be read";
  }
  if (tail.captures.some((capture) => capture.cutFrames > 0)) {
    return "no login can be read, but frames are cut short: the missing parts may hide one";
  }
  return isNarrowed
    ? "what --host, --since, --until and --filter leave of the capture shows no login; kflow info lists its hosts and times"
    : "the capture shows no login and no attempt at one";
}

/** Frames with runs drawn together: `3034, 3036–3038`; of several captures `1:3034, 2:17–19`. */
export function frameList(frames: readonly FrameRef[], omitted = 0): string {
  const runs: string[] = [];
  let first: FrameRef | undefined = frames[0];
  let last = first;
  for (const frame of [...frames.slice(1), undefined]) {
    if (first === undefined || last === undefined) break;
    if (frame !== undefined && isNext(last, frame)) {
      last = frame;
      continue;
    }
    runs.push(runText(first, last));
    first = frame;
    last = frame;
  }
  return runs.join(", ") + (omitted > 0 ? ` and ${omitted} more` : "");
}

/** `3034`; of several captures `2:3034`, the second one in the list at the report's end. */
export function frameText(frame: FrameRef): string {
  return typeof frame === "number" ? `${frame}` : `${frame.capture + 1}:${frame.frame}`;
}

function runText(first: FrameRef, last: FrameRef): string {
  if (first === last) return frameText(first);
  const end = numberOf(last);
  return end === numberOf(first) + 1 ? `${frameText(first)}, ${frameText(last)}` : `${frameText(first)}–${end}`;
}

function isNext(last: FrameRef, frame: FrameRef): boolean {
  return captureOf(last) === captureOf(frame) && numberOf(frame) === numberOf(last) + 1;
}

function numberOf(frame: FrameRef): number {
  return typeof frame === "number" ? frame : frame.frame;
}

function captureOf(frame: FrameRef): number {
  return typeof frame === "number" ? 0 : frame.capture;
}
