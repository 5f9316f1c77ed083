import { etypeName } from "../../dissectors/kerberos/codes.ts";
import type { Ticket } from "../../dissectors/kerberos/message.ts";
import { limits } from "../bytes/limits.ts";
import type { KdcExchange } from "../correlate/evidence.ts";
import { attemptsOf } from "../correlate/legs.ts";
import { grantedRealm, isTicketGranting } from "../correlate/names.ts";
import { inOrder } from "../correlate/steps.ts";
import type { Story } from "../correlate/story.ts";
import { type Issue, issueIn, type Lineage, type Presentation } from "../correlate/tickets/lineage.ts";
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
  issue: Issue | null;
  readonly presented: Presentation[];
}

export function ticketFacts(ticket: Ticket): Facts {
  const { realm, sname, kvno, length, fingerprint } = ticket;
  return { realm, sname, etype: etypeName(ticket.etype), kvno, length, fingerprint };
}

/** Every ticket of a story and those that they were asked with, from the sign-on to the service, in the order of issue. */
export function ticketTrails(story: Story): readonly Facts[] {
  const { tickets, quests, legs, uses } = story;
  if (tickets === null) return NONE;
  const trails: Trail[] = [];
  for (const exchange of story.kind === "sign-on" ? (story.signOn?.exchanges ?? NONE) : NONE) take(trails, exchange);
  for (const quest of quests) for (const exchange of quest.exchanges) take(trails, exchange);
  for (const exchange of story.handedOver) take(trails, exchange);
  for (const { apReq, exchange } of attemptsOf(legs)) {
    if (apReq && exchange.request) present(trails, apReq.ticket, exchange.request);
  }
  for (const { ticket, request } of uses) if (ticket && request) present(trails, ticket, request);
  // Those found on the way are visited too.
  for (const trail of trails) trace(trails, trail, tickets.lineage);
  if (trails.length > 1) trails.sort((a, b) => (a.issue?.frame ?? 0) - (b.issue?.frame ?? 0));
  return trails.map((trail) => trailFacts(trail, story));
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

function present(trails: Trail[], ticket: Ticket, { frame, src, dst }: Observation): Trail | null {
  const trail = follow(trails, ticket);
  trail?.presented.push({ frame, by: src, at: dst });
  return trail;
}

/** What the rest of the capture knows of a ticket, and of the one that it was asked with. */
function trace(trails: Trail[], trail: Trail, lineage: Lineage): void {
  const { fingerprint } = trail.ticket;
  const known = lineage.issueOf(fingerprint);
  const isElsewhere = trail.exchange !== null && trail.exchange.reply?.frame !== known?.frame;
  trail.issue = isElsewhere && trail.exchange ? issueIn(trail.exchange) : known;
  const shown = trail.isEvidence ? lineage.presentationOf(fingerprint) : null;
  if (shown) trail.presented.unshift(shown);
  const { from, asked, to, by } = trail.issue ?? UNKNOWN;
  if (from === null || trails.some((other) => other.ticket.fingerprint === from.fingerprint)) return;
  const parent = follow(trails, from);
  if (asked !== null) parent?.presented.push({ frame: asked, by: to, at: by });
}

const UNKNOWN = { from: null, asked: null, to: "", by: "" };

function follow(trails: Trail[], ticket: Ticket): Trail | null {
  for (const trail of trails) if (trail.ticket.fingerprint === ticket.fingerprint) return trail;
  if (trails.length >= limits.ticketsPerSequence) return null;
  const trail: Trail = { ticket, isEvidence: false, exchange: null, issue: null, presented: [] };
  trails.push(trail);
  return trail;
}

function trailFacts({ ticket, isEvidence, issue, presented }: Trail, story: Story): Facts {
  const { address } = story.client;
  const { realm, sname, kvno, length, fingerprint } = ticket;
  const facts: { [name: string]: unknown } = {
    kind: isEvidence ? "evidence" : kindOf(ticket),
    realm,
    sname,
    etype: etypeName(ticket.etype),
    kvno,
    length,
    fingerprint,
    issued: issue?.frame ?? whyNotIssued(ticket, isEvidence, presented, story),
  };
  if (issue && issue.to !== address) facts["issuedTo"] = issue.to;
  if (issue?.from) facts["from"] = issue.from.fingerprint;
  if (issue?.forUser) facts["forUser"] = issue.forUser;
  if (presented.some(({ by }) => by !== address)) facts["presentedBy"] = distinct(presented.map(({ by }) => by));
  if (presented.length > 0) facts["presentedAt"] = distinct(presented.map(({ at }) => at));
  facts["presented"] = inOrder(presented.map(({ frame }) => frame)).slice(0, MOST_FRAMES);
  return facts;
}

function distinct(hosts: readonly string[]): readonly string[] {
  return hosts.length < 2 ? hosts : [...new Set(hosts)];
}

const MOST_FRAMES = 32;

function kindOf({ sname, realm }: Ticket): TicketKind {
  if (!isTicketGranting(sname)) return "service";
  return grantedRealm(sname) === realm.toUpperCase() ? "tgt" : "referral";
}

function whyNotIssued(ticket: Ticket, isEvidence: boolean, presented: readonly Presentation[], story: Story): string {
  if (story.tickets?.lineage.forgets) return "not remembered";
  const isOwn = !isEvidence && presented.every(({ by }) => by === story.client.address);
  return isOwn && isFromBefore(ticket, story) ? "before the capture" : "not in the capture";
}

/**
 * The client had its ticket when the capture began: where it was not seen being issued, the capture shows that the
 * client talks to its KDC, and no answer is missing that could have brought it.
 */
export function isFromBefore(ticket: Ticket, { tickets, quests, hasKdcTraffic }: Story): boolean {
  if (tickets === null || !hasKdcTraffic || tickets.lineage.forgets) return false;
  if (tickets.lineage.issueOf(ticket.fingerprint) !== null) return false;
  return !quests.some((quest) => quest.exchanges.some((x) => x.reply === null && asksFor(x, ticket)));
}

function asksFor({ request }: KdcExchange, { sname }: Ticket): boolean {
  return request?.message.sname?.toLowerCase() === sname.toLowerCase();
}
