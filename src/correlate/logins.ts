import type { Kind } from "../model/steps.ts";
import { secondsBetween } from "../model/time.ts";
import { WAITING_SECONDS } from "./around.ts";
import { isWaitingAt, latestChallenge, latestChallenged, wasChallengedWithin } from "./challenged.ts";
import type { KdcExchange, SealedConnection } from "./evidence.ts";
import { joinLegs } from "./joined-legs.ts";
import type { Leg } from "./legs.ts";
import { attemptsOf, presents, presentsAny, REPEAT_SECONDS } from "./legs.ts";
import { isSameName, isTicketGranting } from "./names.ts";
import type { Naming } from "./naming.ts";
import { grown, NONE, those } from "./order.ts";
import type { Quest } from "./quests.ts";
import { insideSealed } from "./sealed-logins.ts";
import { takesTicketsOf } from "./services/index.ts";
import type { Service } from "./services/service.ts";
import { splitLogins } from "./split-logins.ts";

/** Exchanges and ticket searches that are one login at one service. */
export interface Login {
  readonly service: Service;
  readonly kind: Kind;
  legs: Leg[];
  quests: Quest[];
  sealed: readonly SealedConnection[];
  /** Requests for a TGT that the client hands to the service, kdc-option forwarded. */
  handedOver: readonly KdcExchange[];
}

export interface Bound {
  readonly logins: readonly Login[];
  /** Legs without any sign of authentication. */
  readonly idle: Leg[];
  /** Ticket searches that no connection of the capture explains. */
  readonly lone: Quest[];
}

/** A client that wants to send its token at once asks for the ticket shortly before its first request. */
const EAGER_SECONDS = 2;

/** Binds legs and quests of one client into logins, by the rules of the report contract. */
export function bind(
  legs: readonly Leg[],
  quests: readonly Quest[],
  sealed: readonly SealedConnection[],
  naming: Naming,
): Bound {
  const groups = joinLegs(legs);
  const logins: Login[] = [];
  for (const group of groups) if (mayUseTickets(group)) begin(logins, group);
  const lone: Quest[] = [];
  for (const quest of quests) {
    const login = loginOf(quest, logins, naming) ?? eagerLogin(quest, groups, logins, naming);
    if (login) login.quests = grown(login.quests, quest);
    else lone.push(quest);
    if (login && !quest.ticket) shareFailure(quest, logins, naming);
  }
  const unexplained = lone.filter((quest) => !explainNameless(quest, logins, naming));
  const used = logins.filter((login) => login.quests.length > 0 || showsLogin(login.legs));
  const idle = idleOf(groups, used);
  if (used.length > 1) for (const login of [...used]) answerElsewhere(login, used, naming);
  const apart = splitLogins(used);
  const hidden = insideSealed(unexplained, sealed, naming);
  return { logins: hidden.length === 0 ? apart : [...apart, ...hidden], idle, lone: unexplained };
}

/** The legs that are part of no login. */
function idleOf(groups: readonly Leg[][], used: readonly Login[]): Leg[] {
  if (groups.length === used.length) return [];
  const inUse = new Set(used.map(({ legs }) => legs));
  return groups.filter((group) => !inUse.has(group)).flat();
}

/** Asked for again between another challenge of the same service and what followed it: that login failed of it too. */
function shareFailure(quest: Quest, logins: readonly Login[], naming: Naming): void {
  for (const login of logins) {
    if (login.quests.length > 0 || !login.legs.some((leg) => isFor(quest, leg, naming))) continue;
    if (quest.exchanges.some((x) => isWaitingAt(x, login))) login.quests = grown(login.quests, quest);
  }
}

/** A login of legs that belong together; none of no legs. */
function begin(logins: Login[], legs: Leg[]): Login | undefined {
  const first = legs[0];
  if (!first) return undefined;
  const login: Login = {
    service: first.service,
    kind: first.kind,
    legs,
    quests: [],
    sealed: NONE,
    handedOver: NONE,
  };
  logins.push(login);
  return login;
}

function showsLogin(legs: readonly Leg[]): boolean {
  return legs.some((leg) => leg.attempts.some((a) => a.isEvidence));
}

/** A client that was offered Kerberos and left without a word may have looked for a ticket all the same. */
function mayUseTickets(legs: readonly Leg[]): boolean {
  return showsLogin(legs) || legs.some((leg) => leg.attempts.some((a) => a.offersKerberos));
}

/** A search refused just before requests that nobody challenged: the client had wanted to send a token. */
function eagerLogin(quest: Quest, groups: readonly Leg[][], logins: Login[], naming: Naming): Login | undefined {
  if (!quest.error) return undefined;
  const group = groups.find(
    (legs) =>
      !logins.some((login) => login.legs === legs) &&
      legs.some((leg) => isFor(quest, leg, naming)) &&
      wasAskedEagerly(quest, legs),
  );
  return group ? begin(logins, group) : undefined;
}

/** A challenge, the search that it provoked, and the token unasked on another connection: that answers the challenge. */
function answerElsewhere(login: Login, logins: Login[], naming: Naming): void {
  const quest = login.quests.find((q) => q.ticket !== null);
  if (!quest || login.legs.some((leg) => leg.attempts.some((a) => a.offersKerberos))) return;
  const asked = logins.find(
    (other) =>
      other !== login &&
      other.quests.length === 0 &&
      other.legs.every((leg) => !presentsAny(leg) && leg.attempts.every((a) => a.token === "none")) &&
      other.legs.some((leg) => isFor(quest, leg, naming)) &&
      latestChallenge(other, quest.frame) >= 0,
  );
  if (!asked) return;
  login.legs = [...asked.legs, ...login.legs];
  logins.splice(logins.indexOf(asked), 1);
}

function loginOf(quest: Quest, logins: readonly Login[], naming: Naming): Login | undefined {
  if (logins.length === 0) return undefined;
  const fingerprint = quest.ticket?.fingerprint;
  const presented = fingerprint && logins.find((login) => presents(login.legs, fingerprint));
  if (presented) return presented;
  if (quest.exchanges.every((x) => x.reply === null)) {
    const named = logins.find((login) => presentsName(login, quest));
    if (named) return named;
  }
  const fitting = those(logins, (login) => login.legs.some((leg) => isFor(quest, leg, naming)));
  const challenged = fitting.length > 0 ? challengedFor(quest, fitting) : undefined;
  return challenged ?? (isTicketGranting(quest.sname) ? awaitingTicket(quest, logins) : undefined);
}

/** Of logins at the service for which the ticket is, the one that needed it. */
function challengedFor(quest: Quest, fitting: readonly Login[]): Login | undefined {
  const recent = fitting.filter((login) => wasChallengedWithin(REPEAT_SECONDS, login, quest));
  return (
    answeredBy(quest, recent) ??
    fitting.find((login) => wasAskedEagerly(quest, login.legs)) ??
    answeredBy(quest, fitting)
  );
}

function answeredBy(quest: Quest, fitting: readonly Login[]): Login | undefined {
  const last = quest.exchanges.at(-1)?.frame ?? quest.frame;
  return latestChallenged(quest.frame, fitting) ?? (quest.ticket ? undefined : latestChallenged(last, fitting));
}

/** A hop to another realm, with no name in common: it serves the login that was challenged last and asked for nothing. */
function awaitingTicket(quest: Quest, logins: readonly Login[]): Login | undefined {
  const waiting = logins.filter((login) => login.quests.every((q) => isTicketGranting(q.sname)));
  for (const { frame, time } of quest.ticket ? [quest] : [quest, ...quest.exchanges.slice(-1)]) {
    const login = latestChallenged(frame, waiting);
    const challenged = attemptsOf(login?.legs ?? []).findLast((a) => a.exchange.frame < frame);
    if (challenged && secondsBetween(challenged.exchange.time, time) <= REPEAT_SECONDS) return login;
  }
  return undefined;
}

/** The reply is not in the capture; a ticket for that very name is presented soon after. */
function presentsName(login: Login, quest: Quest): boolean {
  return login.legs.some((leg) =>
    leg.attempts.some((a) => {
      const after = secondsBetween(quest.time, a.exchange.time);
      return a.apReq !== null && isSameName(a.apReq.ticket.sname, quest.sname) && after >= 0 && after <= REPEAT_SECONDS;
    }),
  );
}

function isFor(quest: Quest, leg: Leg, naming: Naming): boolean {
  if (isTicketGranting(quest.sname)) return leg.host !== null && isInRealm(leg.host, quest.spn.host);
  const { serviceClass, host } = quest.spn;
  if (host === "" || !takesTicketsOf(leg.service, serviceClass)) return false;
  const { address } = leg.connection.server;
  return naming.fits(host, leg.host, address) || (!leg.service.namesItsHost && naming.fits(host, null, address));
}

/** A client that asks for `krbtgt/OTHER` is after a host of that realm: the domain is the realm in lower case. */
function isInRealm(host: string, realm: string): boolean {
  return host === realm || host.endsWith(`.${realm}`);
}

/**
 * No protocol but HTTP names its server, and how the name was resolved need not be in the capture: a ticket that was
 * asked for in vain, right after the only challenge which it can answer, is for the server that challenged.
 */
function explainNameless(quest: Quest, logins: readonly Login[], naming: Naming): boolean {
  const { serviceClass, host } = quest.spn;
  if (quest.ticket !== null || host === "" || naming.isResolved(host)) return false;
  const nameless = logins.filter(
    (login) =>
      login.quests.length === 0 &&
      login.legs.every((leg) => takesTicketsOf(leg.service, serviceClass) && isNameless(leg, naming)),
  );
  const asked = nameless.filter((login) => quest.exchanges.some((x) => isWaitingAt(x, login)));
  const [only, ...others] = asked.filter((login) => wasChallengedWithin(WAITING_SECONDS, login, quest));
  if (!only || others.length > 0) return false;
  only.quests = grown(only.quests, quest);
  return true;
}

function isNameless({ service, kind, connection }: Leg, naming: Naming): boolean {
  return (!service.namesItsHost || kind !== service.kind) && naming.nameOf(connection.server.address) === undefined;
}

/** Refused or unanswered before the first request left: the client wanted to send its token at once. */
function wasAskedEagerly(quest: Quest, legs: readonly Leg[]): boolean {
  if (quest.ticket) return false;
  return legs.some((leg) => {
    const first = leg.attempts[0]?.exchange.request;
    if (!first || secondsBetween(quest.time, first.time) < 0) return false;
    const rest = secondsBetween(quest.lastTime, first.time);
    return (rest >= 0 && rest <= EAGER_SECONDS) || secondsBetween(leg.time, quest.time) >= 0;
  });
}
