import type { Attempt } from "./attempts.ts";
import type { Leg } from "./legs.ts";
import { sameHost } from "./names.ts";
import { inOrderOfFrames } from "./order.ts";

/** Legs that are one login, so far; of one whose members went to another, none. */
interface Group {
  readonly order: number;
  members: Member[];
}

/** A leg, the tickets that it presents, and where it belongs. */
interface Member {
  readonly leg: Leg;
  readonly tickets: ReadonlySet<string>;
  group: Group | null;
}

/** Sorts the legs of one client into those that are one login, in the order of their first frames. */
export function joinLegs(legs: readonly Leg[]): Leg[][] {
  const only = legs[0];
  if (only && legs.length === 1) return [[only]];
  const joined = new JoinedLegs();
  for (const leg of inOrderOfFrames(legs)) joined.add(leg);
  return joined.list();
}

class JoinedLegs {
  private readonly groups: Group[] = [];
  /** Legs by what those that belong together have in common: no other ones need be compared. */
  private readonly byKey = new Map<string, Member[]>();

  add(leg: Leg): void {
    const tickets = ticketsOf(leg);
    const added: Member = { leg, tickets, group: null };
    const bound: Group[] = [];
    for (const ticket of tickets) this.compare(ticket, added, bound);
    for (const id of leg.sessions) this.compare(id, added, bound);
    for (const id of leg.joins) this.compare(id, added, bound);
    for (const key of leg.service.repeatKeys(leg)) this.compare(key, added, bound);
    this.join(added, bound);
  }

  list(): Leg[][] {
    const lists: Leg[][] = [];
    for (const { members } of this.groups) if (members.length > 0) lists.push(members.map(({ leg }) => leg));
    return lists;
  }

  /** Notes the groups to which a leg belongs by one of its keys; what was tried last comes first, as the likeliest. */
  private compare(key: string, added: Member, bound: Group[]): void {
    const members = this.byKey.get(key);
    if (!members) {
      this.byKey.set(key, [added]);
      return;
    }
    for (let at = members.length - 1; at >= 0; at--) {
      const other = members[at];
      if (!other?.group || bound.includes(other.group)) continue;
      if (belong(other, added)) bound.push(other.group);
    }
    members.push(added);
  }

  /** The leg goes to the first of its groups, and the others with it. */
  private join(added: Member, bound: Group[]): void {
    bound.sort((a, b) => a.order - b.order);
    const group = bound[0] ?? this.begin();
    added.group = group;
    group.members.push(added);
    for (const other of bound) {
      if (other === group) continue;
      for (const member of other.members) {
        member.group = group;
        group.members.push(member);
      }
      other.members = [];
    }
  }

  private begin(): Group {
    const group: Group = { order: this.groups.length, members: [] };
    this.groups.push(group);
    return group;
  }
}

/** Fingerprints of the tickets that a leg presents. */
function ticketsOf(leg: Leg): ReadonlySet<string> {
  let tickets: Set<string> | null = null;
  for (const { apReq } of leg.attempts) if (apReq) tickets = (tickets ?? new Set()).add(apReq.ticket.fingerprint);
  return tickets ?? noTickets;
}

const noTickets: ReadonlySet<string> = new Set();

function belong(other: Member, added: Member): boolean {
  if (other.leg.kind !== added.leg.kind) return false;
  return presentSameTicket(other, added) || isChannel(other.leg, added.leg) || repeats(other, added);
}

function presentSameTicket(a: Member, b: Member): boolean {
  if (a.tickets.size === 0 || b.tickets.size === 0) return false;
  for (const ticket of b.tickets) if (a.tickets.has(ticket)) return true;
  return false;
}

/** Another connection of a login that the server knows by its number already. */
function isChannel(a: Leg, b: Leg): boolean {
  if (a.joins.length + b.joins.length === 0) return false;
  const isNamed = a.host === null || b.host === null || sameHost(a.host, b.host);
  return isNamed && (a.joins.some((id) => b.sessions.includes(id)) || b.joins.some((id) => a.sessions.includes(id)));
}

/** The same tried again soon; two different tickets are two logins. */
function repeats({ leg: earlier, tickets }: Member, { leg: later, tickets: others }: Member): boolean {
  if (tickets.size > 0 && others.size > 0) return false;
  // After a login that succeeded the same request is no second try of it: somebody asks anew.
  return !isCompletedBefore(earlier, later) && later.service.isRepeated(earlier, later);
}

function isCompletedBefore(earlier: Leg, later: Leg): boolean {
  const done = earlier.attempts.find((a) => isAccepted(a) || isProof(a))?.exchange.response;
  const first = later.attempts[0]?.exchange;
  return done != null && first !== undefined && done.frame < first.frame;
}

/** What completes a token that is not in the capture. */
function isProof({ exchange, completed, answer }: Attempt): boolean {
  return exchange.request === null && completed && answer === "accepted";
}

export function isAccepted({ token, answer }: Attempt): boolean {
  return token === "kerberos" && answer === "accepted";
}
