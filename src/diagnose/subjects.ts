import type { Attempt } from "../correlate/attempts.ts";
import type { KdcExchange } from "../correlate/evidence.ts";
import type { Leg } from "../correlate/legs.ts";
import type { Missing, Story, Why } from "../correlate/story.ts";
import { RC4 } from "../correlate/tickets/weak-etypes.ts";
import { isSlow } from "./exchanges.ts";
import { otherHost } from "./service-names.ts";
import { isWeb } from "./service-words.ts";

/**
 * What a story may hold or be, a bit each. A rule that looks at such a thing alone is not shown the stories without it.
 */
const bits = {
  ok: 1 << 0,
  diverged: 1 << 1,
  /** Undecided, for something that the capture does not show. */
  gap: 1 << 2,
  web: 1 << 3,
  /** Of the web, and asks for itself. */
  proxy: 1 << 27,
  files: 1 << 4,
  directory: 1 << 5,
  legs: 1 << 6,
  quests: 1 << 7,
  locator: 1 << 8,
  "lost-search": 1 << 9,
  uses: 1 << 10,
  /** The client asked for a TGT that it hands to the service. */
  "handed-over": 1 << 11,
  /** A server's story that serves another, or one that acts for a user. */
  delegation: 1 << 12,
  "sign-on-refused": 1 << 13,
  "password-trouble": 1 << 14,
  /** Something failed on the way to the service. */
  unreached: 1 << 15,
  "kdc-unconnected": 1 << 16,
  /** The ticket is for another host than the one that the client was after. */
  "other-name": 1 << 17,
  /** Of a connection: it began before the capture; its ends are one host. */
  "joined-late": 1 << 18,
  loopback: 1 << 19,
  /** Of an attempt: its token, its answer, its ticket's encryption or that of a ticket issued. */
  ntlm: 1 << 20,
  negotiate: 1 << 21,
  refused: 1 << 22,
  rc4: 1 << 23,
  /** Of an exchange with a KDC: an error, no answer (or no connection), one that took a second. */
  "kdc-error": 1 << 24,
  "kdc-silent": 1 << 25,
  "kdc-slow": 1 << 26,
} as const;

export type Subject = keyof typeof bits;

/** The bits of these subjects. */
export function bitsOf(about: readonly Subject[]): number {
  return about.reduce((all, subject) => all | bits[subject], 0);
}

/** Is this among the subjects found? */
export function holds(found: number, subject: Subject): boolean {
  return (found & bits[subject]) !== 0;
}

/** How a story ended that did not go well: what the judge saw happen, or what the capture does not show. */
export type Ending = Why["what"] | Missing;

export function endingOf({ why, missing }: Story): Ending | null {
  return why === null ? missing : why.what;
}

/** The subjects of a story: each part of it is looked at once, for all rules. */
export function subjectsOf(story: Story): number {
  let found = ofVerdict(story) | ofKind(story) | ofParts(story) | ofTrouble(story);
  for (const leg of story.legs) found |= ofLeg(leg);
  for (const { exchanges, delegation, ticket } of story.quests) {
    if (delegation !== null) found |= bits.delegation;
    if (ticket !== null && RC4.includes(ticket.etype)) found |= bits.rc4;
    for (const exchange of exchanges) found |= ofExchange(exchange);
  }
  if (story.kind === "sign-on" && story.signOn) for (const x of story.signOn.exchanges) found |= ofExchange(x);
  return found;
}

function ofVerdict({ verdict, missing }: Story): number {
  if (verdict === "ok") return bits.ok;
  if (verdict === "diverged") return bits.diverged;
  return missing === null ? 0 : bits.gap;
}

function ofKind(story: Story): number {
  if (isWeb(story)) return story.kind === "http" ? bits.web : bits.web | bits.proxy;
  if (story.kind === "smb") return bits.files;
  return story.kind === "ldap" ? bits.directory : 0;
}

function ofParts(story: Story): number {
  const { legs, quests, locator, lostSearch, uses, handedOver, front } = story;
  return (
    (legs.length > 0 ? bits.legs : 0) |
    (quests.length > 0 ? bits.quests : 0) |
    (legs.length + quests.length > 0 && otherHost(story) !== null ? bits["other-name"] : 0) |
    (locator !== null ? bits.locator : 0) |
    (lostSearch !== null ? bits["lost-search"] : 0) |
    (uses.length > 0 ? bits.uses : 0) |
    (handedOver.length > 0 ? bits["handed-over"] : 0) |
    (front !== null ? bits.delegation : 0)
  );
}

function ofTrouble(story: Story): number {
  const { signOn, failures, silences, unreachable, kdcTrouble, passwordTrouble } = story;
  return (
    (signOn !== null && signOn.error !== null && signOn.issued === null ? bits["sign-on-refused"] : 0) |
    (failures.length + silences.length + unreachable.length > 0 ? bits.unreached : 0) |
    (kdcTrouble.failures.length > 0 ? bits["kdc-unconnected"] | bits["kdc-silent"] : 0) |
    (passwordTrouble.failures.length + passwordTrouble.unanswered.length > 0 ? bits["password-trouble"] : 0)
  );
}

function ofLeg({ connection, attempts }: Leg): number {
  let found = connection.synSeen ? 0 : bits["joined-late"];
  if (connection.client.address === connection.server.address) found |= bits.loopback;
  for (const attempt of attempts) found |= ofAttempt(attempt);
  return found;
}

function ofAttempt({ token, answer, apReq }: Attempt): number {
  const carried = token === "ntlm" ? bits.ntlm : token === "negotiate" ? bits.negotiate : 0;
  const presented = apReq !== null && RC4.includes(apReq.ticket.etype) ? bits.rc4 : 0;
  return carried | presented | (answer === "refused" ? bits.refused : 0);
}

function ofExchange(exchange: KdcExchange): number {
  const { reply } = exchange;
  if (reply === null) return bits["kdc-silent"];
  return (reply.message.kind === "KRB-ERROR" ? bits["kdc-error"] : 0) | (isSlow(exchange) ? bits["kdc-slow"] : 0);
}
