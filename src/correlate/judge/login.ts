import { FROM_CLIENT, FROM_SERVER } from "../../model/connection.ts";
import type { Instant } from "../../model/time.ts";
import { secondsBetween } from "../../model/time.ts";
import { waitedSince } from "../around.ts";
import type { Answer, Attempt } from "../attempts.ts";
import { isNtlm, wasDelivered } from "../attempts.ts";
import { type Case, isAnswerCut } from "../case.ts";
import { isAddress } from "../names.ts";
import { challengeHidden, isBlind, mayBeAcceptedUnseen, mayHideToken, tokenHidden } from "./holes.ts";
import type { Judgement } from "./judgement.ts";
import { diverged, incomplete, ok } from "./judgement.ts";
import { couldNotReachKdc, gaveUp } from "./no-kdc.ts";
import { outcomeOf } from "./outcome.ts";
import { judgeQuests } from "./quests.ts";
import { judgeConnecting, judgeNames } from "./reaching.ts";
import { unreadOfKdc, whyUnread } from "./silence.ts";

/** Judges a login at any service by the contract's "Where a sequence diverges". */
export function judgeLogin(c: Case): Judgement {
  const token = judgeToken(c) ?? judgeProof(c);
  if (token?.verdict !== "ok" && c.attempts.some(isCutShort)) return incomplete("cut", "unknown");
  return token ?? judgePassword(c) ?? judgeTls(c) ?? judgeChallenge(c) ?? judgeService(c);
}

/** A side of the exchange that may decide was cut by the snap length, in part or altogether. */
export function isCutShort({ isCut, answer, exchange }: Attempt): boolean {
  const { request, connection } = exchange;
  if (isCut || (request === null && connection.cut[FROM_CLIENT] > 0)) return true;
  return answer === "lost" && connection.cut[FROM_SERVER] > 0;
}

/** Where anybody may ask and nobody is challenged, credentials that need no ticket are as good as any; the last decide. */
function judgePassword(c: Case): Judgement | null {
  const tokens = c.service.servesAnybody ? c.attempts.filter((a) => a.token !== "none") : [];
  const last = tokens.findLast(({ answer }) => answer !== "none" && answer !== "lost");
  if (last?.answer !== "refused" || !tokens.every(isPassword) || c.quests.length > 0) return null;
  return diverged(8, { what: "password-refused", attempt: last }, outcomeOf(c.attempts));
}

/** A password, or a mechanism other than those of Windows. */
export function isPassword({ token }: Attempt): boolean {
  return token === "basic" || token === "other";
}

/** Steps 7 and 8: a Kerberos token was presented; the last one decides. */
function judgeToken(c: Case): Judgement | null {
  const isToken = (a: Attempt) => isPresented(a) && !isVoid(a, c);
  const last = c.attempts.findLast(isToken);
  if (!last) return null;
  const result = judgeAttempt(last, c);
  if (result.verdict === "ok") return result;
  const isUndecided = result.verdict === "incomplete" || result.why?.what === "ap-unanswered";
  if (isUndecided && c.attempts.some((a) => isToken(a) && judgeAttempt(a, c).verdict === "ok")) return ok();
  return result;
}

/** A Kerberos token, or one too damaged to say what it was, unless the service took it for something else. */
function isPresented({ token, answer }: Attempt): boolean {
  return token === "kerberos" || (token === "defective" && DAMAGED.includes(answer));
}

const DAMAGED: readonly Answer[] = ["refused", "too-large", "lost"];

/** A request that met a connection which its server had already closed, and that was sent again, was not refused. */
function isVoid(attempt: Attempt, c: Case): boolean {
  const request = attempt.exchange.request;
  const closed = attempt.exchange.connection.closed;
  if (!request || attempt.exchange.response || closed?.by !== "server") return false;
  if (closed.frame === null || closed.frame > request.frame) return false;
  return c.attempts.some(
    ({ exchange }) => exchange.frame > request.frame && c.service.isSameRequest(attempt.exchange, exchange),
  );
}

function judgeAttempt(attempt: Attempt, c: Case): Judgement {
  switch (attempt.answer) {
    case "accepted":
      return ok();
    case "too-large":
      return diverged(8, { what: "ap-too-large", attempt }, outcomeOf(c.attempts));
    case "refused":
      if (mayBeAcceptedUnseen(attempt, c)) return incomplete("lost", "unknown");
      return diverged(8, { what: "ap-refused", attempt }, outcomeOf(c.attempts));
    case "server-error":
      return incomplete("server-error", "unknown");
    case "continue":
      return judgeContinuation(attempt, c);
    case "lost":
      return incomplete(whatIsMissing(attempt), "unknown");
    default:
      return judgeSilence(attempt, c);
  }
}

/** SPNEGO may take more legs: the next token on the connection decides, unless it changes the mechanism. */
function judgeContinuation(attempt: Attempt, c: Case): Judgement {
  const next = c.attempts.find(
    (a) =>
      a.exchange.connection === attempt.exchange.connection &&
      a.exchange.frame > attempt.exchange.frame &&
      // The answer to a token that the capture lost.
      (a.token !== "none" || a.exchange.request === null),
  );
  const outcome = outcomeOf(c.attempts);
  const { connection } = attempt.exchange;
  if (!next && connection.lost[FROM_CLIENT] > 0) return incomplete(whyUnread(connection, FROM_CLIENT), "unknown");
  if (!next) {
    return gaveUp(attempt, c)
      ? diverged(8, { what: "ap-refused", attempt }, outcome)
      : incomplete("ended-early", outcome);
  }
  if (next.token === "ntlm" || answersNtlm(next)) return diverged(8, { what: "ap-refused", attempt }, outcome);
  return judgeAttempt(next, c);
}

/** The answer to a token that is not in the capture shows that it was one of NTLM. */
function answersNtlm({ exchange }: Attempt): boolean {
  return exchange.request === null && isNtlm(exchange.response?.inside) !== null;
}

function judgeSilence(attempt: Attempt, c: Case): Judgement {
  const request = attempt.exchange.request;
  const connection = attempt.exchange.connection;
  if (!request) return incomplete("one-sided", "unknown");
  const hasWaited = waitedSince(request.time, c.around);
  if (!wasDelivered(attempt.exchange)) {
    const repeated = connection.retransmitted[FROM_CLIENT] > 0 || hasWaited;
    if (connection.lost[FROM_CLIENT] > 0) return incomplete(whyUnread(connection, FROM_CLIENT), "unknown");
    return repeated ? diverged(7, { what: "undelivered", attempt }, "none") : incomplete("ended-early", "none");
  }
  if (wasEnded(attempt) || hasWaited) return diverged(8, { what: "ap-unanswered", attempt }, outcomeAfterSilence(c));
  return incomplete("ended-early", "unknown");
}

function outcomeAfterSilence(c: Case) {
  const last = c.attempts.at(-1);
  return last && last.answer === "none" ? "none" : outcomeOf(c.attempts);
}

/** Somebody ended the connection after the request, instead of answering it. */
function wasEnded(attempt: Attempt): boolean {
  const { request, connection } = attempt.exchange;
  const after = (frame: number | null | undefined) => frame != null && request !== null && frame > request.frame;
  return (connection.closed?.how !== "capture" && after(connection.closed?.frame)) || after(connection.reset?.frame);
}

function whatIsMissing({ exchange }: Attempt): "one-sided" | "lost" | "cut" {
  return exchange.connection.frames[FROM_SERVER] === 0 ? "one-sided" : whyUnread(exchange.connection, FROM_SERVER);
}

/** A reply that holds the AP-REP proves the login even where the requests are not in the capture. */
function judgeProof(c: Case): Judgement | null {
  const proof = c.attempts.find((a) => a.exchange.request === null && a.completed && a.answer === "accepted");
  return proof?.exchange.response?.inside.some((m) => m.kind === "AP-REP") ? ok() : null;
}

function judgeTls(c: Case): Judgement | null {
  if (c.sealed.length === 0) return null;
  return judgeQuests(c, "unknown") ?? incomplete("encrypted", "unknown");
}

/** Steps 4 to 7: a challenge was seen, or a token other than Kerberos, and no Kerberos token. */
function judgeChallenge(c: Case): Judgement | null {
  const challenge = c.attempts.find((a) => a.offersKerberos) ?? null;
  const evidence = challenge ?? c.attempts.find((a) => a.isEvidence);
  if (!evidence && c.quests.length === 0) return null;
  const outcome = outcomeOf(c.attempts);
  const other = c.attempts.find((a) => a.token !== "none") ?? null;
  if (!challenge) {
    const offer = c.attempts.find((a) => a.offers.length > 0);
    if (offer && !isUnasked(other, offer)) return diverged(4, { what: "no-kerberos-offered", attempt: offer }, outcome);
  }
  if (other === null && isBlind(c)) return judgeBlind(c, outcome);
  return judgeQuests(c, outcome) ?? judgeNoQuest(c, challenge, other, outcome);
}

/** The client sent NTLM or another token before anybody asked. */
function isUnasked(token: Attempt | null, offer: Attempt): boolean {
  return token !== null && token.exchange.frame <= offer.exchange.frame && token.token !== "basic";
}

function judgeNoQuest(
  c: Case,
  challenge: Attempt | null,
  other: Attempt | null,
  outcome: Judgement["outcome"],
): Judgement {
  // What answers a token is no challenge that provoked it.
  const isAsked = challenge?.token === "none";
  const hidden = isAsked ? tokenHidden(c, challenge) : challengeHidden(c);
  if (hidden !== null) return incomplete(hidden, outcome);
  const since = challenge?.exchange.response?.time ?? c.attempts[0]?.exchange.time ?? c.around.now;
  // A challenge may have come before the first that can be read.
  const unread = unreadOfKdc(mayHideToken(c) ? null : (challenge?.exchange.response?.time ?? null), c.evidence);
  if (unread !== null) return incomplete(unread, outcome);
  if (mayAskUnderOtherName(c, since)) return incomplete("cut", outcome);
  if (couldNotReachKdc(c, since)) return diverged(5, { what: "kdc-unreachable", challenge }, outcome);
  if (other === null && !(challenge && gaveUp(challenge, c))) {
    return incomplete("ended-early", outcome);
  }
  if (challenge !== null && showsOnlyService(c) && !(c.host !== null && isAddress(c.host))) {
    return diverged(7, { what: "not-presented", quest: null, challenge }, outcome);
  }
  return diverged(5, { what: "no-tgs-req", challenge, instead: other }, outcome);
}

/** A ticket was asked for, for a name that may stand in what the snap length cut of an answer of DNS. */
function mayAskUnderOtherName({ evidence, around }: Case, since: Instant): boolean {
  if (!around.areNamesUnread && !evidence.dns.some(isAnswerCut)) return false;
  return evidence.kdc.some((x) => x.kind === "TGS" && secondsBetween(since, x.time) >= 0);
}

/** What the KDC refused is known all the same. */
function judgeBlind(c: Case, outcome: Judgement["outcome"]): Judgement {
  const quests = c.quests.some((quest) => quest.error !== null) ? judgeQuests(c, outcome) : null;
  if (quests) return quests;
  if (mayHideToken(c) || c.legs.some((leg) => leg.connection.cut[FROM_CLIENT] > 0)) return incomplete("cut", outcome);
  return incomplete(c.attempts.some((a) => a.exchange.request) ? "lost" : "one-sided", outcome);
}

/** A server may be the client's KDC and DNS server too: what it was asked as such shows more. */
export function showsOnlyService(c: Case): boolean {
  if (c.around.roles.kdc || c.around.roles.dns) return false;
  const servers = new Set(c.legs.map((leg) => leg.connection.server.address));
  const only = [...servers][0];
  return servers.size === 1 && only !== undefined && c.around.talkedOnlyTo(only);
}

/** Steps 2 to 4 of an exchange that shows no sign of authentication. */
function judgeService(c: Case): Judgement {
  const asked = c.attempts.findLast((a) => a.answer === "challenge");
  const last = asked ?? c.attempts.findLast((a) => a.exchange.request !== null) ?? c.attempts.at(-1);
  if (last) return judgeUnchallenged(last, c);
  if (c.quests.length > 0) return judgeQuests(c, "unknown") ?? incomplete("service-leg", "unknown");
  if (c.failures.length > 0 || c.silences.length > 0 || c.unreachable.length > 0) return judgeConnecting(c);
  return judgeNames(c);
}

function judgeUnchallenged(attempt: Attempt, c: Case): Judgement {
  const outcome = outcomeOf(c.attempts);
  if (!attempt.exchange.request) return incomplete("one-sided", "unknown");
  const hidden = attempt.answer === "challenge" ? null : challengeHidden(c);
  switch (attempt.answer) {
    case "lost":
      return incomplete(whatIsMissing(attempt), "unknown");
    case "none": {
      const silence = judgeSilence(attempt, c);
      if (silence.divergedAt === 7) return diverged(3, { what: "undelivered", attempt }, "none");
      if (silence.divergedAt === 8) return diverged(4, { what: "unanswered", attempt }, "none");
      return incomplete(silence.missing ?? "ended-early", "none");
    }
    case "challenge":
      return diverged(4, { what: "no-kerberos-offered", attempt }, outcome);
    case "refused":
      if (hidden !== null) return incomplete(hidden, outcome);
      if (attempt.token === "none") return diverged(4, { what: "not-challenged", attempt }, outcome);
      return diverged(4, { what: "no-kerberos-offered", attempt }, outcome);
    default:
      if (hidden !== null) return incomplete(hidden, outcome);
      return diverged(4, { what: "not-challenged", attempt }, outcome);
  }
}
