import type { DnsMessage } from "../../dissectors/dns/message.ts";
import type { ConnectionFailure } from "../model/connection.ts";
import type { Observation } from "../model/observation.ts";
import type { StepState } from "../model/report.ts";
import type { Attempt } from "./attempts.ts";
import type { Case } from "./case.ts";
import type { DnsLookup } from "./evidence.ts";
import type { Judgement } from "./judge/judgement.ts";
import { isPassword } from "./judge/login.ts";
import { isAddress } from "./names.ts";
import { grown } from "./order.ts";
import { Steps } from "./steps.ts";

type Seen = Observation[] | null;

/** The eight steps of a login, filled from its evidence and marked by the judgement. */
export function loginSteps(c: Case, judgement: Judgement): Steps {
  const steps = new Steps(c.kind);
  fillNames(steps, c);
  fillRequest(steps, c);
  steps.search(c.quests);
  if (c.quests.length > 0 && !steps.isObserved(6) && judgement.divergedAt === null) steps.set(6, "not-captured");
  fillToken(steps, c, judgement);
  if (c.sealed.length > 0) setEncrypted(steps, c);
  if (judgement.divergedAt === null || judgement.divergedAt > 5) fillCachedTicket(steps, c);
  noteFailures(steps, c, judgement);
  noteKdcTrouble(steps, c, judgement);
  steps.diverge(judgement);
  return steps;
}

export function setBoth(steps: Steps, one: number, other: number, state: StepState): void {
  steps.set(one, state);
  steps.set(other, state);
}

function fillNames(steps: Steps, c: Case): void {
  const queries = queriesOf(c.lookups);
  const responses = responsesOf(c.lookups);
  if (queries === null && responses === null) {
    setBoth(steps, 1, 2, absentNames(c));
    return;
  }
  steps.observe(1, queries);
  steps.observe(2, responses);
  for (const { unreachable } of c.lookups) {
    if (!unreachable) continue;
    steps.note(2, [unreachable.frame], "ICMP: destination unreachable", {
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

export function queriesOf(lookups: readonly DnsLookup[]): Seen {
  let found: Seen = null;
  for (const { queries } of lookups) for (const query of queries) found = grown<Observation>(found, query);
  return found;
}

/** The responses that brought the address describe the step; without any, all do. */
function responsesOf(lookups: readonly DnsLookup[]): Seen {
  let useful: Seen = null;
  let all: Seen = null;
  for (const { response } of lookups) {
    if (response === null) continue;
    all = grown<Observation>(all, response);
    if (bringsAddress(response.message)) useful = grown<Observation>(useful, response);
  }
  return useful ?? all;
}

function bringsAddress({ answers }: DnsMessage): boolean {
  return answers.some(({ type }) => type === "A" || type === "AAAA");
}

function fillRequest(steps: Steps, c: Case): void {
  const accepted = c.attempts.find((a) => a.token === "kerberos" && a.answer === "accepted") ?? null;
  const isAnonymous = (a: Attempt) => a.token === "none" && isBeforeToken(a, accepted);
  steps.observe(3, requestsOf(c.attempts, isAnonymous));
  steps.observe(
    4,
    responsesTo(c.attempts, (a) => a.token === "none" && isOffer(a)),
  );
  if (!steps.isObserved(4) && isUnchallenged(c) && c.attempts.some((a) => isAnonymous(a) && a.answer === "accepted")) {
    steps.observe(4, responsesTo(c.attempts, isAnonymous));
  }
  const first = c.attempts[0];
  if (steps.isObserved(4) || !first) return;
  const isEager = first.token !== "none" && first.exchange.connection.synSeen;
  if (isEager && c.service.mayStartWithToken) setBoth(steps, 3, 4, "not-needed");
}

function requestsOf(attempts: readonly Attempt[], fits: (a: Attempt, at: number) => boolean): Seen {
  let found: Seen = null;
  for (let at = 0; at < attempts.length; at++) {
    const attempt = attempts[at];
    const request = attempt?.exchange.request;
    if (attempt && request && fits(attempt, at)) found = grown(found, request);
  }
  return found;
}

function responsesTo(attempts: readonly Attempt[], fits: (a: Attempt, at: number) => boolean): Seen {
  let found: Seen = null;
  for (let at = 0; at < attempts.length; at++) {
    const attempt = attempts[at];
    const response = attempt?.exchange.response;
    if (attempt && response && fits(attempt, at)) found = grown(found, response);
  }
  return found;
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
function isBeforeToken(attempt: Attempt, accepted: Attempt | null): boolean {
  return !accepted || attempt.exchange.frame < accepted.exchange.frame || attempt.answer === "challenge";
}

function fillToken(steps: Steps, c: Case, judgement: Judgement): void {
  const isShown = (a: Attempt, at: number) => isPresented(a, judgement) || isFurtherRound(c.attempts, at);
  const isProof = (a: Attempt) => a.exchange.request === null && a.completed;
  steps.observe(7, requestsOf(c.attempts, isShown));
  steps.observe(8, answersTo(c.attempts, isShown, isProof));
  if (judgement.why?.what === "password-refused") setBoth(steps, 5, 6, "not-needed");
}

/** The answers to the tokens, then the proofs of which the capture holds no request. */
function answersTo(
  attempts: readonly Attempt[],
  isShown: (a: Attempt, at: number) => boolean,
  isProof: (a: Attempt) => boolean,
): Seen {
  let found = responsesTo(attempts, isShown);
  for (const proof of responsesTo(attempts, isProof) ?? []) found = grown(found, proof);
  return found;
}

function isPresented(attempt: Attempt, { why }: Judgement): boolean {
  if (why?.what === "password-refused") return isPassword(attempt);
  return attempt.token === "kerberos" || attempt.token === "defective";
}

/** Mechanisms with several rounds (SASL GSSAPI) name themselves in the first only. */
function isFurtherRound(attempts: readonly Attempt[], at: number): boolean {
  const attempt = attempts[at];
  if (attempt?.token !== "negotiate" || attempt.acceptedAs !== "kerberos") return false;
  for (let i = at - 1; i >= 0; i--) {
    const before = attempts[i];
    if (!before || before.exchange.connection !== attempt.exchange.connection) continue;
    return before.answer === "continue" && before.acceptedAs === "kerberos";
  }
  return false;
}

function setEncrypted(steps: Steps, c: Case): void {
  for (const step of [3, 4, 7, 8]) {
    if (steps.isObserved(step)) continue;
    if (step === 3)
      steps.encrypt(
        step,
        c.sealed.map(({ opening }) => opening),
      );
    else steps.set(step, "encrypted");
  }
}

function fillCachedTicket(steps: Steps, c: Case): void {
  if (c.quests.length > 0 || !c.attempts.some((a) => a.token === "kerberos")) return;
  setBoth(steps, 5, 6, c.around.roles.kdc ? "cached" : "not-captured");
}

function noteFailures(steps: Steps, c: Case, judgement: Judgement): void {
  if (judgement.why?.what !== "not-connected") return;
  for (const failure of c.failures) {
    const how = failure.how === "refused" ? "TCP: SYN answered by RST" : "TCP: SYN without answer";
    steps.note(3, failure.frames, `${how}, port ${failure.server.port}`, placeOf(failure));
  }
  for (const error of c.unreachable) {
    steps.note(3, [error.frame], "ICMP: destination unreachable", {
      time: error.time,
      from: error.src.address,
      to: error.dst.address,
    });
  }
  for (const silence of c.silences) {
    steps.note(3, silence.frames, `ARP: nobody answers for ${silence.target}`, {
      time: silence.firstTime,
      from: silence.asker,
      to: silence.target,
    });
  }
}

function noteKdcTrouble(steps: Steps, c: Case, judgement: Judgement): void {
  const what = judgement.why?.what;
  if (what !== "kdc-unreachable" && what !== "tgs-silent") return;
  for (const failure of c.kdcTrouble.failures) {
    const how = failure.how === "refused" ? "SYN answered by RST" : "SYN without answer";
    const { address, port } = failure.server;
    steps.note(5, failure.frames, `TCP: ${how}, KDC ${address} port ${port}`, placeOf(failure));
  }
}

/** Where a connection that failed was wanted, from the first SYN on. */
export function placeOf({ firstTime, client, server }: ConnectionFailure) {
  return { time: firstTime, from: client.address, to: server.address };
}
