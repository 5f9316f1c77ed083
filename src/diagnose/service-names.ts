import type { Message } from "../../dissectors/registry.ts";
import type { Attempt } from "../correlate/attempts.ts";
import { isFormOf } from "../correlate/case.ts";
import type { ServiceExchange } from "../correlate/evidence.ts";
import { decidingQuest } from "../correlate/judge/quests.ts";
import { attemptsOf } from "../correlate/legs.ts";
import { firstLabel, isAddress, sameHost, splitSpn } from "../correlate/names.ts";
import type { Quest } from "../correlate/quests.ts";
import type { Story } from "../correlate/story.ts";
import type { Facts } from "../model/report.ts";

/** Every name by which a service goes in one login; null where the capture does not show it. */
export interface ServiceNames {
  /** As the client calls it: Host, path, setting. */
  readonly host: string | null;
  /** What DNS calls it in the end: the last CNAME, or the full form of a short name. */
  readonly canonical: string | null;
  readonly ptr: string | null;
  /** Asked of the KDC, and in the ticket presented. */
  readonly sname: string | null;
  readonly ticketSname: string | null;
  /** What the server calls itself (NTLM challenge, root DSE); behind TLS, what the client calls it (SNI). */
  readonly serverName: string | null;
}

export function namesOf(story: Story): ServiceNames {
  const host = story.service.host ?? null;
  return {
    host,
    canonical: host === null ? null : canonicalOf(host, story),
    ptr: lastOf(story.naming.pointersOf(story.service.address ?? "")),
    sname: decidingQuest(story.quests)?.sname ?? null,
    ticketSname: presentedSname(story),
    serverName: serverNameOf(story),
  };
}

function presentedSname({ legs }: Story): string | null {
  return attemptsOf(legs).findLast(hasTicket)?.apReq?.ticket.sname ?? null;
}

const hasTicket = ({ apReq }: Attempt) => apReq !== null;

/** The host of the ticket, where it is another than the one that the client was after: it seldom is. */
export function otherHost(story: Story): string | null {
  const { host } = story.service;
  const presented = presentedSname(story);
  const quest = story.quests.findLast(isAnswered);
  if (host === undefined || (presented === null && !quest)) return null;
  const ticketHost = quest && (presented ?? quest.sname) === quest.sname ? quest.spn.host : hostIn(presented);
  return ticketHost === "" || sameHost(ticketHost, host) ? null : ticketHost;
}

const isAnswered = ({ ticket }: Quest) => ticket !== null;
const hostIn = (sname: string | null) => (sname === null ? "" : splitSpn(sname).host);

function lastOf(names: ReadonlySet<string>): string | null {
  let last: string | null = null;
  if (names.size > 0) for (const name of names) last = name;
  return last;
}

/** The target of an alias, or the name with a search suffix that had an address; null where it is the same. */
function canonicalOf(host: string, { naming, lookups }: Story): string | null {
  const direct = lastOf(naming.canonicalOf(host));
  if (direct !== null) return direct;
  if (isAddress(host) || firstLabel(host) !== host) return null;
  const full = lookups.find(({ name }) => name !== host && isFormOf(name, host) && naming.isResolved(name));
  return full === undefined ? null : (lastOf(naming.canonicalOf(full.name)) ?? full.name);
}

function serverNameOf({ legs, sealed }: Story): string | null {
  for (const { attempts, uses } of legs) {
    for (const { exchange } of attempts) {
      const name = nameIn(exchange);
      if (name) return name.toLowerCase();
    }
    for (const exchange of uses) {
      const name = nameIn(exchange);
      if (name) return name.toLowerCase();
    }
  }
  return sealed.find(({ serverName }) => serverName !== null)?.serverName?.toLowerCase() ?? null;
}

/** What the server calls itself in its answer. */
function nameIn({ response }: ServiceExchange): string | null {
  return response && (ownName(response.message) ?? firstOwnName(response.inside));
}

function firstOwnName(inside: readonly Message[]): string | null {
  for (const message of inside) {
    const name = ownName(message);
    if (name !== null) return name;
  }
  return null;
}

function ownName(message: Message): string | null {
  if (message.kind === "CHALLENGE") return message.dnsComputer;
  return message.kind === "root-entry" ? message.dnsHostName : null;
}

/** The names that are known, where there is more than one to compare. */
export function nameFacts(story: Story): Facts | null {
  if (story.legs.length === 0 && story.quests.length === 0) return null;
  const { host, canonical, ptr, sname, ticketSname, serverName } = namesOf(story);
  const names = {
    host: host ?? undefined,
    canonical: canonical ?? undefined,
    ptr: ptr ?? undefined,
    sname: sname ?? undefined,
    ticketSname: ticketSname ?? undefined,
    serverName: serverName ?? undefined,
  };
  return holdsSeveral(names) ? names : null;
}

function holdsSeveral(names: Readonly<Record<string, string | undefined>>): boolean {
  let count = 0;
  for (const name in names) if (names[name] !== undefined) count++;
  return count > 1;
}
