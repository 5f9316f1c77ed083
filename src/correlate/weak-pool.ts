import { limits } from "../bytes/limits.ts";
import { type ClientMarks, MARK } from "./client-marks.ts";
import type { HostWish } from "./host-wish.ts";
import type { Story } from "./story.ts";
import type { Candidate } from "./weak.ts";

interface Held {
  readonly client: string;
  readonly candidate: Candidate;
}

/** What candidates, which are told only later, stand on together: pieces of evidence, and bytes of their messages. */
export interface Load {
  readonly pieces: number;
  readonly weight: number;
}

/** Holds weak candidates until it is known whether their clients show any authentication. */
export class WeakPool {
  private readonly held: Held[] = [];
  private readonly names = new Set<string>();
  /** What the held candidates keep alive. */
  private pieces = 0;
  private weight = 0;
  /** Hosts at which logins were seen, with the address families over which (bits of `FAMILY`). */
  private readonly reached = new Map<string, number>();
  /** Hosts and addresses at which each client logged on. */
  private readonly reachedBy = new Set<string>();
  private readonly tell: (story: Story) => void;
  private readonly wish: HostWish;
  private readonly marks: ClientMarks;
  private counted = 0;

  constructor(tell: (story: Story) => void, wish: HostWish, marks: ClientMarks) {
    this.tell = tell;
    this.wish = wish;
    this.marks = marks;
  }

  get isFull(): boolean {
    if (this.held.length >= limits.weakCandidates || this.pieces >= limits.weakEvidence) return true;
    return this.weight >= limits.weakBytes;
  }

  /** This client showed authentication: its weak candidates will not be promoted. */
  seen(client: string, stories: readonly Story[]): void {
    const isKnown = this.marks.add(client, MARK.login) !== 0;
    // Whether the client itself got there is asked only where that it logs on does not settle the question.
    const isAsked = !this.wish.isEmpty || !isKnown;
    const family = familyOf(client);
    for (const { service } of stories) {
      // No name that DNS could have given is longer, and a hundred thousand forged ones would fill the memory.
      const host = service.host !== undefined && service.host.length <= limits.dnsNameBytes ? service.host : null;
      if (host !== null) this.reach(host, family);
      if (isAsked) this.reachBy(client, host, service.address ?? null);
    }
  }

  private reach(host: string, family: number): void {
    const families = this.reached.get(host) ?? 0;
    if (families === (families | family)) return;
    if (families > 0 || this.reached.size < limits.hosts) this.reached.set(host, families | family);
  }

  private reachBy(client: string, host: string | null, address: string | null): void {
    if (this.reachedBy.size >= limits.hosts) return;
    if (host !== null) this.reachedBy.add(`${client} ${host}`);
    if (address !== null) this.reachedBy.add(`${client} ${address}`);
  }

  count(): void {
    this.counted += 1;
  }

  add(client: string, candidates: readonly Candidate[], { pieces, weight }: Load): void {
    const before = this.held.length;
    for (const candidate of candidates) {
      if (this.isHeld(client, candidate)) this.hold(client, candidate);
      else if (!candidate.onlyNamed && this.wish.isEmpty) this.counted += 1;
    }
    if (this.held.length === before) return;
    this.pieces += pieces;
    this.weight += weight;
  }

  private hold(client: string, candidate: Candidate): void {
    this.held.push({ client, candidate });
    this.names.add(`${client} ${candidate.host}`);
  }

  private isHeld(client: string, candidate: Candidate): boolean {
    // The first of a client's failures at a host tells as much as all of them.
    if (this.isFull || this.names.has(`${client} ${candidate.host}`)) return false;
    if (!this.wish.isEmpty) return [candidate.host, ...candidate.addresses].some((name) => this.wish.names(name));
    return !candidate.onlyNamed && this.isTellable(client, candidate);
  }

  /** The client shows no login where one would have shown. */
  private isTellable(client: string, { isName, isCut }: Candidate): boolean {
    const marks = this.marks.of(client);
    if ((marks & MARK.login) !== 0) return false;
    if (isCut) return true;
    return (marks & MARK.unreadLogin) === 0 && !(isName && (marks & MARK.unreadNames) !== 0);
  }

  /** Promotes at most `limits.promotedCandidates`; returns how many others there were. */
  end(): number {
    const free = this.held.filter((held) => this.isFree(held));
    free.sort((a, b) => a.candidate.frame - b.candidate.frame);
    const promoted = free.slice(0, limits.promotedCandidates);
    for (const { candidate } of promoted) this.tell(candidate.tell());
    return this.counted + (this.wish.isEmpty ? this.held.length : free.length) - promoted.length;
  }

  private isFree({ client, candidate }: Held): boolean {
    if (this.wish.isEmpty && !this.isTellable(client, candidate)) return false;
    const names = [candidate.host, ...candidate.addresses];
    if (!candidate.isFailure && names.some((name) => this.reachedBy.has(`${client} ${name}`))) return false;
    // A dual-stack client has two addresses: what failed over one family went on over the other.
    const other = familyOf(client) === FAMILY.six ? FAMILY.four : FAMILY.six;
    return ((this.reached.get(candidate.host) ?? 0) & other) === 0;
  }
}

const FAMILY = { four: 1, six: 2 } as const;

function familyOf(address: string): number {
  return address.includes(":") ? FAMILY.six : FAMILY.four;
}
