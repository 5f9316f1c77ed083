import type { TgsReq } from "../../dissectors/kerberos/message.ts";
import type { KdcExchange } from "../correlate/evidence.ts";
import type { Quest } from "../correlate/quests.ts";
import { tgsRequest } from "../correlate/quests.ts";
import type { Front, Story } from "../correlate/story.ts";
import { shellWord } from "./words.ts";

/** One service acts at another for a user: who, for whom, and by which kind of delegation. */
export interface Delegation {
  /** The search for the ticket in the user's name; null where only its use is to be seen. */
  readonly quest: Quest | null;
  /** The protocol's own name of it, for programs. */
  readonly protocol: "s4u2self" | "s4u2proxy" | "forwarded-tgt";
  /** The same in the field's words. */
  readonly kind: string;
  /** The account or the SPN of the one that acts, where its requests name it. */
  readonly by: string | null;
  readonly forUser: string | null;
}

/** PA-PAC-OPTIONS bit 3 of 32: resource-based constrained delegation, MS-SFU section 2.2.5. */
const RESOURCE_BASED = 1 << (31 - 3);

/** What the requests for a ticket, and the login that they serve, say of delegation; null where they say nothing. */
export function delegationOf(story: Story): Delegation | null {
  const quest = story.quests.findLast(delegates);
  if (!quest) return story.front && hasTgtOf(story.front, story) ? unconstrained(story.front, story) : null;
  return {
    quest,
    protocol: quest.delegation ?? "s4u2proxy",
    kind: kindOf(quest),
    by: actorOf(quest),
    forUser: userOf(quest) ?? (story.front && named(story.front)),
  };
}

const delegates = ({ delegation }: Quest) => delegation !== null;

function unconstrained(front: Front, story: Story): Delegation {
  const quest = story.quests.findLast(({ issued }) => issued !== null) ?? null;
  return {
    quest,
    protocol: "forwarded-tgt",
    kind: "unconstrained (forwarded TGT)",
    by: front.spn ?? front.host,
    forUser: named(front),
  };
}

/**
 * The server holds the user's own TGT: it presents the one that the user handed over, or it gets a ticket in the name
 * of the user who waits, whose token may have held one, and who has not signed on there.
 */
function hasTgtOf(front: Front, story: Story): boolean {
  if (front.how === "handed-over") return true;
  const hasTicket = story.quests.some(({ issued }) => issued !== null) && isSameUser(story, front);
  const signedOn = story.signOn?.cname != null && userPart(story.signOn.cname) === userPart(front.user ?? "");
  return front.how === "meanwhile" && hasTicket && front.token === "kerberos" && front.handsOver !== false && !signedOn;
}

function named({ user, realm }: Front): string | null {
  return user === null || realm === null ? user : `${user}@${realm}`;
}

export function isSameUser({ client }: Story, { user }: Front): boolean {
  return client.user !== undefined && user !== null && userPart(client.user) === userPart(user);
}

function kindOf(quest: Quest): string {
  if (quest.delegation === "s4u2self") return "protocol transition (S4U2self)";
  return `${listConsulted(quest)}${selfRequest(quest) ? " with protocol transition (S4U2self, S4U2proxy)" : " (S4U2proxy)"}`;
}

/**
 * Whose list lets it through. Without the bit the KDC looks at the front-end's alone; with it at the front-end's
 * first and then at the back-end's, and never at the front-end's for a service of another realm (MS-SFU section 3.2.5.2).
 */
function listConsulted(quest: Quest): string {
  if (!asksResourceBased(quest)) return "constrained";
  return quest.ticket !== null && quest.referrals.length > 0 ? "resource-based" : "constrained or resource-based";
}

export function asksResourceBased(quest: Quest): boolean {
  return proxyRequests(quest).some((request) => ((request.pacOptions ?? 0) & RESOURCE_BASED) !== 0);
}

function proxyRequests(quest: Quest): TgsReq[] {
  return requestsOf(quest).filter((request) => request.additionalTickets.length > 0);
}

function requestsOf(quest: Quest): TgsReq[] {
  return quest.exchanges.map(tgsRequest).filter((request) => request !== null);
}

/** The request for a ticket to itself in the user's name. */
export function selfRequest(quest: Quest): TgsReq | null {
  return requestsOf(quest).find((request) => request.forUser !== null) ?? null;
}

/** The request that hands in the user's ticket. */
export function proxyRequest(quest: Quest): TgsReq | null {
  return proxyRequests(quest)[0] ?? null;
}

/** S4U2self asks for a ticket to oneself; what an S4U2proxy hands in is a ticket to the one that asks. */
function actorOf(quest: Quest): string | null {
  return selfRequest(quest)?.sname ?? proxyRequest(quest)?.additionalTickets[0]?.sname ?? null;
}

function userOf(quest: Quest): string | null {
  const issued = quest.issued?.message;
  return quest.forUser ?? (issued && quest.ticket !== null ? `${issued.cname}@${issued.crealm}` : null);
}

/** The part of a name before the realm, for comparison. */
export function userPart(name: string): string {
  return (name.split("@")[0] ?? "").toLowerCase();
}

/** The user for whom a ticket is asked, as a word of a command. */
export function delegatedUser(story: Story): string {
  const name = delegationOf(story)?.forUser?.split("@")[0];
  return name ? shellWord(name) : "<user>";
}

/** Exchanges in which a KDC answered a request in a user's name with a ticket to the one that asked. */
export function selfIssues(quest: Quest): KdcExchange[] {
  return quest.exchanges.filter((x) => x.reply?.message.kind === "TGS-REP" && tgsRequest(x)?.forUser != null);
}
