import type { Attempt } from "./attempts.ts";
import { isAccepted } from "./joined-legs.ts";
import type { Leg } from "./legs.ts";
import { presents, presentsAny } from "./legs.ts";
import type { Login } from "./logins.ts";
import type { Quest } from "./quests.ts";

/** Logins of which some token was refused may be several: what was refused stands apart from what was accepted later. */
export function splitLogins(logins: readonly Login[]): readonly Login[] {
  if (!logins.some(wasRefused)) return logins;
  return logins.flatMap(splitTickets).flatMap(splitRefused);
}

function wasRefused({ legs }: Login): boolean {
  return legs.some(({ attempts }) => attempts.some(isRefused));
}

/** On one connection too: up to the last refusal of one ticket it is one login, with the ticket accepted later another. */
function splitTickets(login: Login): Login[] {
  for (const leg of login.legs) {
    const refusedAt = leg.attempts.findLastIndex((a) => isRefused(a) && !isAcceptedLater(a, leg));
    if (refusedAt < 0 || !leg.attempts.some((a, at) => at > refusedAt && isAccepted(a))) continue;
    const head: Leg = { ...leg, attempts: leg.attempts.slice(0, refusedAt + 1) };
    const tail: Leg = { ...leg, attempts: leg.attempts.slice(refusedAt + 1) };
    const before: Login = { ...login, legs: [head], quests: [], sealed: [] };
    const after: Login = { ...login, legs: [tail, ...login.legs.filter((other) => other !== leg)], quests: [] };
    shareQuests(login.quests, before, after);
    return [before, ...splitTickets(after)];
  }
  return [login];
}

function isRefused(attempt: Attempt): boolean {
  return attempt.token === "kerberos" && (attempt.answer === "refused" || attempt.answer === "too-large");
}

function isAcceptedLater(attempt: Attempt, leg: Leg): boolean {
  const ticket = attempt.apReq?.ticket.fingerprint;
  return leg.attempts.some((a) => a.answer === "accepted" && a.apReq?.ticket.fingerprint === ticket);
}

/** Each search goes with the login that presents its ticket; one without stays with the later login. */
function shareQuests(quests: readonly Quest[], apart: Login, rest: Login): void {
  const isTheirs = (login: Login, ticket: string | undefined) => ticket !== undefined && presents(login.legs, ticket);
  for (const quest of quests) {
    const ticket = quest.ticket?.fingerprint;
    const isApart = isTheirs(apart, ticket);
    if (isApart) apart.quests.push(quest);
    if (isTheirs(rest, ticket) || !isApart) rest.quests.push(quest);
  }
}

/**
 * A token that the service refused is never absorbed by a later success with another ticket or on another connection:
 * the refused connections become a login of their own.
 */
function splitRefused(login: Login): Login[] {
  if (!login.legs.some(endsRefused)) return [login];
  const refused = login.legs.filter(endsRefused);
  const others = login.legs.filter((leg) => !refused.includes(leg));
  if (!others.some(endsCompleted)) return [login];
  const rejected = refused.filter(presentsAny);
  const apart: Login = { ...login, legs: rejected, quests: [], sealed: [] };
  const rest: Login = { ...login, legs: login.legs.filter((leg) => !rejected.includes(leg)), quests: [] };
  shareQuests(login.quests, apart, rest);
  return [apart, rest];
}

function lastKerberos(leg: Leg): Attempt | undefined {
  return leg.attempts.findLast((a) => a.token === "kerberos");
}

function endsRefused(leg: Leg): boolean {
  const last = lastKerberos(leg);
  return last !== undefined && isRefused(last);
}

function endsCompleted(leg: Leg): boolean {
  return lastKerberos(leg)?.answer === "accepted";
}
