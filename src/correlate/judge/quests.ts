import { FROM_CLIENT } from "../../model/connection.ts";
import type { Outcome } from "../../model/report.ts";
import { secondsBetween } from "../../model/time.ts";
import type { Around } from "../around.ts";
import { waitedSince } from "../around.ts";
import type { Attempt } from "../attempts.ts";
import type { Case } from "../case.ts";
import type { Evidence, KdcExchange } from "../evidence.ts";
import { isTicketGranting } from "../names.ts";
import type { Quest } from "../quests.ts";
import { hasUnreadRequest } from "./holes.ts";
import type { Judgement } from "./judgement.ts";
import { diverged, incomplete } from "./judgement.ts";
import { doubtOf, unreadOfKdc, whyUnread } from "./silence.ts";

/** Steps 5 to 7 of a login for which tickets were asked; null when none was. */
export function judgeQuests(c: Case, outcome: Outcome): Judgement | null {
  const quest = decidingQuest(c.quests);
  if (!quest) return null;
  if (quest.ticket && isTicketGranting(quest.sname))
    return judgeReferral(quest, c.evidence, c.around, outcome, hasGoneOn(quest, c));
  const search = judgeSearch(quest, c.evidence, c.around, outcome, hasGoneOn(quest, c));
  return search ?? judgeUnused(quest, c, outcome);
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
  evidence: Evidence,
  around: Around,
  outcome: Outcome,
  wentOn: boolean,
): Judgement | null {
  if (quest.ticket !== null && quest.error === null && !awaitsProxy(quest)) return null;
  if (quest.error) return diverged(6, { what: "tgs-refused", quest }, outcome);
  const silent = quest.exchanges.filter((x) => x.reply === null);
  const last = silent.at(-1);
  if (!last || endsReferred(quest)) return judgeReferral(quest, evidence, around, outcome, wentOn);
  const doubt = doubtOf(silent, evidence, around, wentOn);
  if (doubt !== null) return incomplete(doubt, outcome);
  if (silent.every(wasNotDelivered)) return diverged(5, { what: "tgs-undelivered", quest, exchange: last }, outcome);
  return diverged(6, { what: "tgs-silent", quest }, outcome);
}

/** What was issued is the ticket to oneself; the one for the service, asked for with it, has not come. */
function awaitsProxy({ delegation, exchanges, issued }: Quest): boolean {
  const last = exchanges.at(-1);
  return delegation === "s4u2proxy" && last?.reply === null && issued !== null && issued.frame < last.frame;
}

/** Who asked the next realm had an answer of the one before, whether or not the capture holds it. */
function endsReferred({ exchanges, referrals }: Quest): boolean {
  return referrals.length > 0 && exchanges.at(-1)?.reply?.message.kind === "TGS-REP";
}

function judgeReferral(quest: Quest, evidence: Evidence, around: Around, outcome: Outcome, wentOn: boolean): Judgement {
  // What was asked for, and where the search went on, may stand in what the snap length cut.
  if (unreadOfKdc(null, evidence) === "cut") return incomplete("cut", outcome);
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
  const holed = c.legs.find((leg) => leg.connection.lost[FROM_CLIENT] > 0);
  if (holed) return incomplete(whyUnread(holed.connection, FROM_CLIENT), outcome);
  if (c.legs.some(hasUnreadRequest)) return incomplete("lost", outcome);
  if (c.around.isLoginUnread) return incomplete("cut", outcome);
  // What it sent is no whole token, and may yet be answered.
  if (c.attempts.some((a) => a.token === "defective" && a.answer === "none")) return incomplete("ended-early", outcome);
  if (!hasGoneOn(quest, c) && !waitedSince(quest.lastTime, c.around)) return incomplete("ended-early", outcome);
  return diverged(7, { what: "not-presented", quest, challenge: null }, outcome);
}
