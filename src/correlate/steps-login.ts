import type { DnsMessage } from "../../dissectors/dns/message.ts";
import type { Observation } from "../model/observation.ts";
import type { StepState } from "../model/report.ts";
import type { Attempt } from "./attempts.ts";
import type { Case } from "./case.ts";
import type { Judgement } from "./judge/judgement.ts";
import { isPassword } from "./judge/login.ts";
import { isAddress } from "./names.ts";
import { draftSteps, fillSearch, inOrder, markDivergence, noteAt, observe } from "./steps.ts";
import type { StepDraft } from "./story.ts";

/** The eight steps of a login, filled from its evidence and marked by the judgement. */
export function loginSteps(c: Case, judgement: Judgement): StepDraft[] {
  const steps = draftSteps(c.kind);
  fillNames(steps, c);
  fillRequest(steps, c);
  fillSearch(steps, c.quests);
  if (c.quests.length > 0 && steps[5]?.state !== "observed" && judgement.divergedAt === null)
    setState(steps[5], "not-captured");
  fillToken(steps, c, judgement);
  if (c.sealed.length > 0) for (const index of [2, 3, 6, 7]) setEncrypted(steps[index], c);
  if (judgement.divergedAt === null || judgement.divergedAt > 5) fillCachedTicket(steps, c);
  noteFailures(steps, c, judgement);
  noteKdcTrouble(steps, c, judgement);
  markDivergence(steps, judgement);
  return steps;
}

function setState(draft: StepDraft | undefined, state: StepState): void {
  if (draft) draft.state = state;
}

function fillNames(steps: readonly StepDraft[], c: Case): void {
  const queries = c.lookups.flatMap((lookup) => lookup.queries);
  const responses = c.lookups.map((lookup) => lookup.response);
  if (queries.length === 0 && responses.every((r) => r === null)) {
    const state = absentNames(c);
    setState(steps[0], state);
    setState(steps[1], state);
    return;
  }
  observe(steps[0], queries);
  observe(steps[1], withAddressesFirst(responses));
  for (const { unreachable } of c.lookups) {
    if (!unreachable) continue;
    noteAt(steps[1], [unreachable.frame], "ICMP: destination unreachable", {
      time: unreachable.time,
      from: unreachable.from,
      to: unreachable.src.address,
    });
  }
}

function absentNames(c: Case): StepState {
  if (c.host !== null && isAddress(c.host)) return "not-needed";
  if (c.legs.some((leg) => leg.isThroughProxy)) return "not-needed";
  const isReached = c.legs.length > 0 || c.sealed.length > 0 || c.failures.length > 0 || c.silences.length > 0;
  return c.around.roles.dns && isReached ? "cached" : "not-captured";
}

/** The response that brought the address describes the step; empty AAAA answers stand behind it. */
function withAddressesFirst(responses: readonly (Observation<DnsMessage> | null)[]) {
  const useful = responses.filter((r) => r?.message.answers.some((a) => a.type === "A" || a.type === "AAAA"));
  return useful.length > 0 ? useful : responses;
}

function fillRequest(steps: readonly StepDraft[], c: Case): void {
  const anonymous = c.attempts.filter((a) => a.token === "none" && isBeforeToken(a, c));
  observe(
    steps[2],
    anonymous.map((a) => a.exchange.request),
  );
  const challenged = c.attempts.filter((a) => a.token === "none" && isOffer(a));
  observe(
    steps[3],
    challenged.map((a) => a.exchange.response),
  );
  const first = c.attempts[0];
  if (steps[3]?.state !== "observed" && anonymous.some((a) => a.answer === "accepted") && isUnchallenged(c)) {
    observe(
      steps[3],
      anonymous.map((a) => a.exchange.response),
    );
  }
  if (steps[3]?.state === "observed" || !first) return;
  const isEager = first.token !== "none" && first.exchange.connection.synSeen;
  if (isEager && c.service.mayStartWithToken) {
    setState(steps[2], "not-needed");
    setState(steps[3], "not-needed");
  }
}

/** A challenge, or an answer that says of itself how one may log on. */
function isOffer({ answer, offers, offersKerberos }: Attempt): boolean {
  return answer === "challenge" || offersKerberos || offers.length > 0;
}

/** Nobody was asked for anything: the plain answer stands where the challenge should. */
function isUnchallenged(c: Case): boolean {
  return c.attempts.every((a) => a.token === "none" && a.answer !== "challenge");
}

/** Later requests on an authenticated connection are no anonymous requests. */
function isBeforeToken(attempt: Attempt, c: Case): boolean {
  const first = c.attempts.find((a) => a.token === "kerberos" && a.answer === "accepted");
  return !first || attempt.exchange.frame < first.exchange.frame || attempt.answer === "challenge";
}

function fillToken(steps: readonly StepDraft[], c: Case, judgement: Judgement): void {
  const presented = c.attempts.filter((a, at) => isPresented(a, judgement) || isFurtherRound(c.attempts, at));
  const proofs = c.attempts.filter((a) => a.exchange.request === null && a.completed);
  observe(
    steps[6],
    presented.map((a) => a.exchange.request),
  );
  observe(
    steps[7],
    [...presented, ...proofs].map((a) => a.exchange.response),
  );
  if (judgement.why?.what !== "password-refused") return;
  setState(steps[4], "not-needed");
  setState(steps[5], "not-needed");
}

function isPresented(attempt: Attempt, { why }: Judgement): boolean {
  if (why?.what === "password-refused") return isPassword(attempt);
  return attempt.token === "kerberos" || attempt.token === "defective";
}

/** Mechanisms with several rounds (SASL GSSAPI) name themselves in the first only. */
function isFurtherRound(attempts: readonly Attempt[], at: number): boolean {
  const attempt = attempts[at];
  if (attempt?.token !== "negotiate") return false;
  const before = attempts.findLast((a, index) => index < at && isSameConnection(a, attempt));
  return before?.answer === "continue" && before.acceptedAs === "kerberos" && attempt.acceptedAs === "kerberos";
}

const isSameConnection = (a: Attempt, b: Attempt): boolean => a.exchange.connection === b.exchange.connection;

function setEncrypted(draft: StepDraft | undefined, c: Case): void {
  const first = c.sealed[0];
  if (!draft || !first || draft.state === "observed") return;
  draft.state = "encrypted";
  if (draft.step !== 3) return;
  draft.frames = inOrder(c.sealed.flatMap(({ opening }) => opening.frames));
  draft.at = { frame: first.frame, time: first.time, from: first.opening.src, to: first.opening.dst };
  draft.message = first.opening.message;
}

function fillCachedTicket(steps: readonly StepDraft[], c: Case): void {
  if (c.quests.length > 0 || !c.attempts.some((a) => a.token === "kerberos")) return;
  const state = c.around.roles.kdc ? "cached" : "not-captured";
  setState(steps[4], state);
  setState(steps[5], state);
}

function noteFailures(steps: readonly StepDraft[], c: Case, judgement: Judgement): void {
  if (judgement.why?.what !== "not-connected") return;
  for (const failure of c.failures) {
    const how = failure.how === "refused" ? "TCP: SYN answered by RST" : "TCP: SYN without answer";
    noteAt(steps[2], failure.frames, `${how}, port ${failure.server.port}`, {
      time: failure.firstTime,
      from: failure.client.address,
      to: failure.server.address,
    });
  }
  for (const error of c.unreachable) {
    noteAt(steps[2], [error.frame], "ICMP: destination unreachable", {
      time: error.time,
      from: error.src.address,
      to: error.dst.address,
    });
  }
  for (const silence of c.silences) {
    noteAt(steps[2], silence.frames, `ARP: nobody answers for ${silence.target}`, {
      time: silence.firstTime,
      from: silence.asker,
      to: silence.target,
    });
  }
}

function noteKdcTrouble(steps: readonly StepDraft[], c: Case, judgement: Judgement): void {
  const what = judgement.why?.what;
  if (what !== "kdc-unreachable" && what !== "tgs-silent") return;
  const draft = steps[4];
  for (const failure of c.kdcTrouble.failures) {
    const how = failure.how === "refused" ? "SYN answered by RST" : "SYN without answer";
    noteAt(draft, failure.frames, `TCP: ${how}, KDC ${failure.server.address} port ${failure.server.port}`, {
      time: failure.firstTime,
      from: failure.client.address,
      to: failure.server.address,
    });
  }
}
