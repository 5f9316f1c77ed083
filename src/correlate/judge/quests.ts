import { FROM_CLIENT, FROM_SERVER } from "../../model/connection.ts";
import type { Outcome } from "../../model/report.ts";
import { secondsBetween } from "../../model/time.ts";
import type { Around } from "../around.ts";
import { waitedSince } from "../around.ts";
import type { Attempt } from "../attempts.ts";
import type { Case } from "../case.ts";
import type { Evidence, KdcExchange } from "../evidence.ts";
import { isTicketGranting } from "../names.ts";
import type { Quest } from "../quests.ts";
import type { Judgement } from "./judgement.ts";
import { diverged, incomplete } from "./judgement.ts";

/** Steps 5 to 7 of a login for which tickets were asked; null when none was. */
export function judgeQuests(c: Case, outcome: Outcome): Judgement | null {
  const quest = decidingQuest(c.quests);
  if (!quest) return null;
  if (quest.ticket && isTicketGranting(quest.sname))
    return judgeReferral(quest, c.around, outcome, hasGoneOn(quest, c));
  const search = judgeSearch(quest, c.around, outcome, hasGoneOn(quest, c), hearsNobody(c.evidence));
  return search ?? judgeUnused(quest, c, outcome);
}

/** Connections that live without a frame of the other side, and no answer of anybody: the capture lacks a direction. */
export function hearsNobody(evidence: Evidence): boolean {
  const connections = [...evidence.services, ...evidence.sealed].map((x) => x.connection);
  return (
    connections.length > 0 &&
    connections.every((connection) => connection.frames[FROM_SERVER] === 0) &&
    evidence.dns.every((lookup) => lookup.response === null) &&
    evidence.kdc.every((x) => x.reply === null)
  );
}

/** The one that was answered with a ticket; else the last refused; else the last. */
export function decidingQuest(quests: readonly Quest[]): Quest | null {
  const service = quests.findLast((quest) => quest.ticket !== null);
  const refused = quests.findLast((quest) => quest.error !== null);
  return service ?? refused ?? quests.at(-1) ?? null;
}

/** Judges the search itself; null when it ended with a ticket. */
export function judgeSearch(
  quest: Quest,
  around: Around,
  outcome: Outcome,
  wentOn: boolean,
  isDeaf = false,
): Judgement | null {
  if (quest.ticket !== null && quest.error === null) return null;
  if (quest.error) return diverged(6, { what: "tgs-refused", quest }, outcome);
  const silent = quest.exchanges.filter((x) => x.reply === null);
  const last = silent.at(-1);
  if (!last) return judgeReferral(quest, around, outcome, wentOn);
  if (silent.every(isBlind) || isDeaf) return incomplete("one-sided", outcome);
  if (silent.every((x) => wasNotDelivered(x))) {
    if (!wentOn && !waitedSince(last.time, around)) return incomplete("ended-early", outcome);
    return diverged(5, { what: "tgs-undelivered", quest, exchange: last }, outcome);
  }
  const tried = silent.length > 1 || last.repeats.length > 0 || last.unreachable !== null || wasClosed(last);
  if (tried || wentOn || waitedSince(last.time, around)) return diverged(6, { what: "tgs-silent", quest }, outcome);
  return incomplete("ended-early", outcome);
}

function judgeReferral(quest: Quest, around: Around, outcome: Outcome, wentOn: boolean): Judgement {
  if (wentOn || waitedSince(quest.lastTime, around)) {
    // Without a referral the last answer was "too big for UDP", and nothing followed over TCP.
    if (quest.referrals.length === 0 && quest.ticket === null)
      return diverged(6, { what: "tgs-silent", quest }, outcome);
    return diverged(6, { what: "referral-not-followed", quest }, outcome);
  }
  return incomplete("ended-early", outcome);
}

/** TCP only: the KDC never acknowledged the request. */
function wasNotDelivered(x: KdcExchange): boolean {
  if (!x.connection || !x.request) return false;
  if (x.connection.acked[FROM_CLIENT] >= x.request.endOffset) return false;
  return x.connection.reset?.by !== "server";
}

/** The KDC acknowledged and sent data that the capture does not hold. */
function isBlind(x: KdcExchange): boolean {
  const c = x.connection;
  if (!c) return false;
  return c.lost[FROM_SERVER] > 0 || c.acked[FROM_SERVER] > c.seen[FROM_SERVER] || c.frames[FROM_SERVER] === 0;
}

function wasClosed(x: KdcExchange): boolean {
  return x.connection?.closed != null && x.connection.closed.how !== "capture";
}

/** After the search the client did something that it would not do while it still waits. */
function hasGoneOn(quest: Quest, c: Case): boolean {
  const after = (a: Attempt) => secondsBetween(quest.lastTime, a.exchange.time) > 0;
  if (c.attempts.some(after)) return true;
  return c.legs.some((leg) => {
    const closed = leg.connection.closed;
    return closed?.by === "client" && secondsBetween(quest.lastTime, closed.time) > 0;
  });
}

/** Step 7: a ticket is there; was it never presented, or did the capture end too soon? */
function judgeUnused(quest: Quest, c: Case, outcome: Outcome): Judgement | null {
  if (c.legs.length === 0) return null;
  if (c.legs.some((leg) => leg.connection.lost[FROM_CLIENT] > 0)) return incomplete("lost", outcome);
  if (!hasGoneOn(quest, c) && !waitedSince(quest.lastTime, c.around)) return incomplete("ended-early", outcome);
  return diverged(7, { what: "not-presented", quest, challenge: null }, outcome);
}
