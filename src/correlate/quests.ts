import type { KrbError, TgsRep, TgsReq, Ticket } from "../../dissectors/kerberos/message.ts";
import type { Observation } from "../model/observation.ts";
import type { Instant } from "../model/time.ts";
import { secondsBetween } from "../model/time.ts";
import type { KdcExchange } from "./evidence.ts";
import type { Spn } from "./names.ts";
import { grantedRealm, isSameName, isTicketGranting, splitSpn } from "./names.ts";
import { inOrderOfFrames } from "./order.ts";

/** How long a refused or unanswered question may rest before asking again is a new one. */
const RETRY_SECONDS = 30;

/** S4U2self asks for a ticket to oneself in a user's name; S4U2proxy goes on from that (or the user's own) ticket. */
export type Delegation = "s4u2self" | "s4u2proxy";

/** One client's search for one service ticket: retries, other KDCs, UDP then TCP, referrals over realms, S4U. */
export interface Quest {
  /** What is wanted in the end: after an S4U2self, the service of the S4U2proxy. */
  sname: string;
  spn: Spn;
  exchanges: KdcExchange[];
  delegation: Delegation | null;
  /** The user in whose name the ticket is asked for (S4U). */
  forUser: string | null;
  /** Fingerprints of the users' tickets that an S4U2proxy hands in as evidence. */
  readonly evidence: string[];
  /** Realms to which KDCs referred the client, in order. */
  readonly referrals: string[];
  issued: Observation<TgsRep> | null;
  ticket: Ticket | null;
  /** The last refusal, as long as no ticket was issued after it. */
  error: Observation<KrbError> | null;
  readonly frame: number;
  readonly time: Instant;
  lastTime: Instant;
}

export interface Quests {
  readonly quests: readonly Quest[];
  /** Renewals and forwarded TGTs of the client's own realm: they serve a login and are none of their own. */
  readonly renewals: readonly KdcExchange[];
}

/** Sorts the TGS exchanges among those of one client, in order of frames, into quests. */
export function findQuests(exchanges: readonly KdcExchange[]): Quests {
  const found: { quests: Quest[]; renewals: KdcExchange[] } = { quests: [], renewals: [] };
  const hops: KdcExchange[] = [];
  const nameless: KdcExchange[] = [];
  for (const exchange of exchanges) {
    if (exchange.kind !== "TGS") continue;
    const sname = askedName(exchange);
    if (sname === null) continue;
    if (sname === "") {
      nameless.push(exchange);
      continue;
    }
    if (isTicketGranting(sname)) {
      if (isOwnRealm(exchange, sname)) found.renewals.push(exchange);
      else hops.push(exchange);
    } else {
      const quest = questFor(found.quests, exchange, sname);
      adoptHops(quest, hops, exchange);
      add(quest, exchange);
    }
  }
  for (const hop of hops) add(sentOn(found.quests, hop) ?? questFor(found.quests, hop, askedName(hop) ?? ""), hop);
  for (const exchange of nameless)
    add(nearest(found.quests, exchange) ?? questFor(found.quests, exchange, ""), exchange);
  return { quests: inOrderOfFrames(found.quests), renewals: found.renewals };
}

/** A KRB-ERROR that names no service, and whose request is not in the capture, answers what its KDC was asked around then. */
function nearest(quests: readonly Quest[], exchange: KdcExchange): Quest | undefined {
  const isNear = (x: KdcExchange) =>
    x.kdc === exchange.kdc && Math.abs(secondsBetween(x.time, exchange.time)) <= NEAR_SECONDS;
  return quests.findLast((quest) => quest.ticket === null && quest.exchanges.some(isNear));
}

const NEAR_SECONDS = 2;

export function tgsRequest(exchange: KdcExchange): TgsReq | null {
  const message = exchange.request?.message;
  return message?.kind === "TGS-REQ" ? message : null;
}

function askedName(exchange: KdcExchange): string | null {
  const request = tgsRequest(exchange);
  if (request) return request.sname;
  const reply = exchange.reply?.message;
  if (reply?.kind === "TGS-REP") return reply.ticket.sname;
  return reply?.kind === "KRB-ERROR" ? reply.sname : null;
}

function isOwnRealm(exchange: KdcExchange, sname: string): boolean {
  const realm = tgsRequest(exchange)?.realm ?? realmOfReply(exchange);
  return realm === null || realm.toUpperCase() === grantedRealm(sname);
}

function realmOfReply(exchange: KdcExchange): string | null {
  const reply = exchange.reply?.message;
  if (reply?.kind === "TGS-REP") return reply.ticket.realm;
  return reply?.kind === "KRB-ERROR" ? reply.realm : null;
}

function questFor(quests: Quest[], exchange: KdcExchange, sname: string): Quest {
  const request = tgsRequest(exchange);
  for (let at = quests.length - 1; at >= 0; at--) {
    const open = quests[at];
    if (open && continues(open, exchange, sname, request)) return open;
  }
  const quest: Quest = {
    sname,
    spn: splitSpn(sname),
    exchanges: [],
    delegation: null,
    forUser: null,
    evidence: [],
    referrals: [],
    issued: null,
    ticket: null,
    error: null,
    frame: exchange.frame,
    time: exchange.time,
    lastTime: exchange.time,
  };
  quests.push(quest);
  return quest;
}

/** What costs least is asked first: a client may have thousands of searches. */
function continues(quest: Quest, exchange: KdcExchange, sname: string, request: TgsReq | null): boolean {
  const isForUser = quest.delegation === "s4u2self";
  if (quest.ticket !== null) {
    if (!isForUser || !handsIn(request, quest.ticket)) return false;
  } else if (isForUser !== (request !== null && request.forUser !== null) || !isSameName(quest.sname, sname)) {
    return false;
  }
  return secondsBetween(quest.lastTime, exchange.time) <= RETRY_SECONDS;
}

function handsIn(request: TgsReq | null, { fingerprint }: Ticket): boolean {
  return request?.additionalTickets.some((ticket) => ticket.fingerprint === fingerprint) ?? false;
}

/** A hop to the realm in which the service is now asked for belongs to that search. */
function adoptHops(quest: Quest, hops: KdcExchange[], exchange: KdcExchange): void {
  const realm = tgsRequest(exchange)?.realm.toUpperCase();
  for (let i = hops.length - 1; i >= 0; i--) {
    const hop = hops[i];
    if (!hop || secondsBetween(hop.time, exchange.time) > RETRY_SECONDS) continue;
    if (grantedRealm(askedName(hop) ?? "") !== realm) continue;
    hops.splice(i, 1);
    add(quest, hop);
  }
}

/** The search that was referred with the very ticket which this hop presents, and that went no further. */
function sentOn(quests: readonly Quest[], hop: KdcExchange): Quest | undefined {
  const presented = tgsRequest(hop)?.ticket?.fingerprint;
  if (presented === undefined) return undefined;
  return quests.findLast(({ exchanges, ticket, error }) => {
    const last = exchanges.at(-1);
    if (ticket !== null || error !== null || !last || last.frame > hop.frame) return false;
    return exchanges.some(
      (x) => x.reply?.message.kind === "TGS-REP" && x.reply.message.ticket.fingerprint === presented,
    );
  });
}

function add(quest: Quest, exchange: KdcExchange): void {
  quest.exchanges = joined(quest.exchanges, exchange);
  const request = tgsRequest(exchange);
  if (request?.forUser) {
    quest.delegation = "s4u2self";
    quest.forUser = request.forUser;
  } else if (request && isS4u2proxy(request)) {
    quest.delegation = "s4u2proxy";
    for (const { fingerprint } of request.additionalTickets) quest.evidence.push(fingerprint);
    quest.sname = request.sname ?? quest.sname;
    quest.spn = splitSpn(quest.sname);
  }
  const last = exchange.reply?.time ?? exchange.repeats.at(-1)?.time ?? exchange.time;
  if (secondsBetween(quest.lastTime, last) > 0) quest.lastTime = last;
  takeReply(quest, exchange);
}

function joined(exchanges: KdcExchange[], exchange: KdcExchange): KdcExchange[] {
  const last = exchanges.at(-1);
  if (!last) return [exchange];
  exchanges.push(exchange);
  if (last.frame > exchange.frame) exchanges.sort((a, b) => a.frame - b.frame);
  return exchanges;
}

const CNAME_IN_ADDL_TKT = 1 << (31 - 14);

export function isS4u2proxy(request: TgsReq): boolean {
  return (request.kdcOptions & CNAME_IN_ADDL_TKT) !== 0 && request.additionalTickets.length > 0;
}

function takeReply(quest: Quest, exchange: KdcExchange): void {
  const reply = exchange.reply;
  if (!reply) return;
  if (isTgsRep(reply)) {
    if (isTicketGranting(reply.message.ticket.sname) && !isTicketGranting(quest.sname)) {
      quest.referrals.push(grantedRealm(reply.message.ticket.sname));
    } else {
      quest.issued = reply;
      quest.ticket = reply.message.ticket;
    }
    quest.error = null;
  } else if (isKrbError(reply) && reply.message.errorCode !== RESPONSE_TOO_BIG) {
    quest.error = reply;
    if (isS4uReply(quest, exchange)) quest.ticket = null;
  }
}

/** After a good S4U2self the S4U2proxy decides: its refusal leaves the search without its ticket. */
function isS4uReply(quest: Quest, exchange: KdcExchange): boolean {
  const request = tgsRequest(exchange);
  return quest.issued !== null && request !== null && isS4u2proxy(request);
}

const RESPONSE_TOO_BIG = 52;

function isTgsRep(o: Observation): o is Observation<TgsRep> {
  return o.message.protocol === "kerberos" && o.message.kind === "TGS-REP";
}

export function isKrbError(o: Observation): o is Observation<KrbError> {
  return o.message.protocol === "kerberos" && o.message.kind === "KRB-ERROR";
}
