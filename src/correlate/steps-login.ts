import type { DnsMessage } from "../../dissectors/dns/message.ts";
import type { ConnectionFailure } from "../model/connection.ts";
import type { Observation } from "../model/observation.ts";
import type { StepState } from "../model/report.ts";
import type { Attempt } from "./attempts.ts";
import { type Case, isAnswerCut } from "./case.ts";
import type { DnsLookup } from "./evidence.ts";
import { isAccepted } from "./joined-legs.ts";
import type { Judgement } from "./judge/judgement.ts";
import { isPassword } from "./judge/login.ts";
import { unreadOfKdc } from "./judge/silence.ts";
import { isAddress } from "./names.ts";
import { grown, NONE } from "./order.ts";
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
  return c.around.roles.dns && areNamesRead(c) && isReached ? "cached" : "not-captured";
}

/** Neither what DNS said nor the name by which the client called the service was cut by a snap length. */
function areNamesRead({ around, evidence }: Case): boolean {
  return !around.areNamesUnread && !around.isLoginUnread && !evidence.dns.some(isAnswerCut);
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
  const accepted = c.attempts.find(isAccepted) ?? null;
  let requests: Seen = null;
  let offers: Seen = null;
  for (const attempt of c.attempts) {
    if (attempt.token !== "none") continue;
    const { request, response } = attempt.exchange;
    if (request && isBeforeToken(attempt, accepted)) requests = grown(requests, request);
    if (response && isOffer(attempt)) offers = grown(offers, response);
  }
  steps.observe(3, requests);
  steps.observe(4, offers ?? plainAnswers(c));
  const first = c.attempts[0];
  if (steps.isObserved(4) || !first) return;
  const isEager = first.token !== "none" && first.exchange.connection.synSeen;
  if (isEager && c.service.mayStartWithToken) setBoth(steps, 3, 4, "not-needed");
}

/** Nobody was asked for anything: the plain answers stand where the challenge should. */
function plainAnswers({ attempts }: Case): Seen {
  if (attempts.some((a) => a.token !== "none" || a.answer === "challenge")) return null;
  if (!attempts.some((a) => a.answer === "accepted")) return null;
  let answers: Seen = null;
  for (const { exchange } of attempts) if (exchange.response) answers = grown(answers, exchange.response);
  return answers;
}

/** A challenge, or an answer that says of itself how one may log on. */
function isOffer({ answer, offers, offersKerberos }: Attempt): boolean {
  return answer === "challenge" || offersKerberos || offers.length > 0;
}

/** Later requests on an authenticated connection are no anonymous requests. */
function isBeforeToken(attempt: Attempt, accepted: Attempt | null): boolean {
  return !accepted || attempt.exchange.frame < accepted.exchange.frame || attempt.answer === "challenge";
}

/** The tokens and the answers to them, then the proofs of which the capture holds no request. */
function fillToken(steps: Steps, c: Case, judgement: Judgement): void {
  let tokens: Seen = null;
  let answers: Seen = null;
  let proofs: Seen = null;
  for (const attempt of c.attempts) {
    const { request, response } = attempt.exchange;
    if (isPresented(attempt, judgement) || isFurtherRound(c.attempts, attempt)) {
      if (request) tokens = grown(tokens, request);
      if (response) answers = grown(answers, response);
    }
    if (request === null && response && attempt.completed) proofs = grown(proofs, response);
  }
  for (const proof of proofs ?? NONE) answers = grown(answers, proof);
  steps.observe(7, tokens);
  steps.observe(8, answers);
  if (judgement.why?.what === "password-refused") setBoth(steps, 5, 6, "not-needed");
}

function isPresented(attempt: Attempt, { why }: Judgement): boolean {
  if (why?.what === "password-refused") return isPassword(attempt);
  return attempt.token === "kerberos" || attempt.token === "defective";
}

/** Mechanisms with several rounds (SASL GSSAPI) name themselves in the first only. */
function isFurtherRound(attempts: readonly Attempt[], attempt: Attempt): boolean {
  if (attempt.token !== "negotiate" || attempt.acceptedAs !== "kerberos") return false;
  for (let at = attempts.indexOf(attempt) - 1; at >= 0; at--) {
    const before = attempts[at];
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
  const isShown = c.around.roles.kdc && unreadOfKdc(null, c.evidence) !== "cut";
  setBoth(steps, 5, 6, isShown ? "cached" : "not-captured");
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
