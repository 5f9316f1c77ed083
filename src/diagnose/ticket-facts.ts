import { etypeName } from "../../dissectors/kerberos/codes.ts";
import type { Ticket } from "../../dissectors/kerberos/message.ts";
import { limits } from "../bytes/limits.ts";
import type { KdcExchange } from "../correlate/evidence.ts";
import { attemptsOf } from "../correlate/legs.ts";
import { grantedRealm, isTicketGranting } from "../correlate/names.ts";
import { inOrder } from "../correlate/order.ts";
import type { Story } from "../correlate/story.ts";
import { issueIn, type Lineage, type Origin } from "../correlate/tickets/lineage.ts";
import type { Observation } from "../model/observation.ts";
import type { Facts } from "../model/report.ts";

/** `tgt`: for the KDC that issued it. `referral`: for the KDC of another realm. */
type TicketKind = "tgt" | "referral" | "service";

/** One ticket of a story: where it came from, who showed it to whom. */
interface Trail {
  readonly ticket: Ticket;
  isEvidence: boolean;
  /** The one that brought it. */
  exchange: KdcExchange | null;
  issue: Origin | null;
  presented: Shown[];
}

/** A ticket was shown: by whom, and to whom. */
type Shown = Pick<Observation, "frame" | "src" | "dst">;

export function ticketFacts(ticket: Ticket): Facts {
  const { realm, sname, kvno, length, fingerprint } = ticket;
  return { realm, sname, etype: etypeName(ticket.etype), kvno, length, fingerprint };
}

/** Every ticket of a story and those that they were asked with, from the sign-on to the service, in the order of issue. */
export function ticketTrails(story: Story): readonly Facts[] {
  const { tickets, signOn, quests, legs, uses } = story;
  if (tickets === null) return NONE;
  const trails: Trail[] = [];
  if (story.kind === "sign-on" && signOn) for (const exchange of signOn.exchanges) take(trails, exchange);
  for (const quest of quests) for (const exchange of quest.exchanges) take(trails, exchange);
  for (const exchange of story.handedOver) take(trails, exchange);
  for (const { apReq, exchange } of attemptsOf(legs)) {
    if (apReq && exchange.request) present(trails, apReq.ticket, exchange.request);
  }
  for (const { ticket, request } of uses) if (ticket && request) present(trails, ticket, request);
  // Those found on the way are visited too.
  for (const trail of trails) trace(trails, trail, tickets.lineage);
  if (!isInOrder(trails)) trails.sort((a, b) => issuedAt(a) - issuedAt(b));
  return trails.map((trail) => trailFacts(trail, story));
}

const issuedAt = ({ issue }: Trail) => issue?.frame ?? 0;

function isInOrder(trails: readonly Trail[]): boolean {
  let before = 0;
  for (const trail of trails) {
    if (issuedAt(trail) < before) return false;
    before = issuedAt(trail);
  }
  return true;
}

const NONE: readonly never[] = [];

function take(trails: Trail[], exchange: KdcExchange): void {
  const { request, reply } = exchange;
  if (request) {
    const { ticket, additionalTickets, kind } = request.message;
    if (ticket) present(trails, ticket, request);
    for (const evidence of kind === "TGS-REQ" ? additionalTickets : NONE) {
      const trail = present(trails, evidence, request);
      if (trail && !isTicketGranting(evidence.sname)) trail.isEvidence = true;
    }
  }
  const message = reply?.message;
  const trail = message === undefined || message.kind === "KRB-ERROR" ? null : follow(trails, message.ticket);
  if (trail) trail.exchange = exchange;
}

function present(trails: Trail[], ticket: Ticket, request: Shown): Trail | null {
  const trail = follow(trails, ticket);
  if (trail) add(trail, request);
  return trail;
}

/** Nearly all are presented once: a list of one takes a quarter of the room of one that was added to. */
function add(trail: Trail, one: Shown): void {
  if (trail.presented === NEVER) trail.presented = [one];
  else trail.presented.push(one);
}

/** What the rest of the capture knows of a ticket, and of the one that it was asked with. */
function trace(trails: Trail[], trail: Trail, lineage: Lineage): void {
  const { fingerprint } = trail.ticket;
  const known = lineage.originOf(fingerprint);
  const isElsewhere = trail.exchange !== null && trail.exchange.reply?.frame !== known?.frame;
  trail.issue = isElsewhere && trail.exchange ? issueIn(trail.exchange) : known;
  const shown = trail.isEvidence ? lineage.presentationOf(fingerprint) : null;
  if (shown) trail.presented = [{ frame: shown.frame, src: shown.by, dst: shown.at }, ...trail.presented];
  if (trail.issue === null) return;
  const { from, asked, to, by } = trail.issue;
  if (from === null || trailOf(trails, from)) return;
  const parent = follow(trails, from);
  if (asked !== null && parent) add(parent, { frame: asked, src: to, dst: by });
}

/** Shared, and never added to. */
const NEVER: Shown[] = [];

function follow(trails: Trail[], ticket: Ticket): Trail | null {
  const known = trailOf(trails, ticket);
  if (known) return known;
  if (trails.length >= limits.ticketsPerSequence) return null;
  const trail: Trail = { ticket, isEvidence: false, exchange: null, issue: null, presented: NEVER };
  trails.push(trail);
  return trail;
}

function trailOf(trails: readonly Trail[], { fingerprint }: Ticket): Trail | null {
  for (const trail of trails) if (trail.ticket.fingerprint === fingerprint) return trail;
  return null;
}

function trailFacts({ ticket, isEvidence, issue, presented }: Trail, story: Story): Facts {
  const { address } = story.client;
  const { realm, sname, kvno, length, fingerprint } = ticket;
  return {
    kind: isEvidence ? "evidence" : kindOf(ticket),
    realm,
    sname,
    etype: etypeName(ticket.etype),
    kvno,
    length,
    fingerprint,
    issued: issue?.frame ?? whyNotIssued(ticket, isEvidence, presented, story),
    issuedTo: issue && issue.to !== address ? issue.to : undefined,
    from: issue?.from?.fingerprint,
    forUser: issue?.forUser || undefined,
    presentedBy: isPresentedByOthers(presented, address) ? distinct(presented, "src") : undefined,
    presentedAt: presented.length > 0 ? distinct(presented, "dst") : undefined,
    presented: framesOf(presented),
  };
}

function isPresentedByOthers(presented: readonly Shown[], address: string): boolean {
  for (const { src } of presented) if (src !== address) return true;
  return false;
}

function distinct(presented: readonly Shown[], who: "src" | "dst"): readonly string[] {
  const first = presented[0]?.[who] ?? "";
  for (const one of presented) if (one[who] !== first) return [...new Set(presented.map((each) => each[who]))];
  return [first];
}

function framesOf(presented: readonly Shown[]): readonly number[] {
  const frames = inOrder(presented.map(frameOf));
  return frames.length > MOST_FRAMES ? frames.slice(0, MOST_FRAMES) : frames;
}

const frameOf = ({ frame }: Shown) => frame;

const MOST_FRAMES = 32;

const KRBTGT = "krbtgt/";

function kindOf({ sname, realm }: Ticket): TicketKind {
  if (!isTicketGranting(sname)) return "service";
  if (sname.endsWith(realm) && sname.length === KRBTGT.length + realm.length) return "tgt";
  return grantedRealm(sname) === realm.toUpperCase() ? "tgt" : "referral";
}

function whyNotIssued(ticket: Ticket, isEvidence: boolean, presented: readonly Shown[], story: Story): string {
  if (story.tickets?.lineage.forgets) return "not remembered";
  const isOwn = !isEvidence && !isPresentedByOthers(presented, story.client.address);
  return isOwn && isFromBefore(ticket, story) ? "before the capture" : "not in the capture";
}

/**
 * The client had its ticket when the capture began: where it was not seen being issued, the capture shows that the
 * client talks to its KDC, and no answer is missing that could have brought it.
 */
export function isFromBefore(ticket: Ticket, { tickets, quests, hasKdcTraffic }: Story): boolean {
  if (tickets === null || !hasKdcTraffic || tickets.lineage.forgets) return false;
  if (tickets.lineage.originOf(ticket.fingerprint) !== null) return false;
  return !quests.some((quest) => quest.exchanges.some((x) => x.reply === null && asksFor(x, ticket)));
}

function asksFor({ request }: KdcExchange, { sname }: Ticket): boolean {
  return request?.message.sname?.toLowerCase() === sname.toLowerCase();
}
