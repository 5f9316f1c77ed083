import { limits } from "../bytes/limits.ts";
import type { HostWish } from "./host-wish.ts";
import type { Story } from "./story.ts";
import type { Candidate } from "./weak.ts";

/** Holds weak candidates until it is known whether their clients show any authentication. */
export class WeakPool {
  private readonly held: { readonly client: string; readonly candidate: Candidate }[] = [];
  private readonly authenticating = new Set<string>();
  private readonly tell: (story: Story) => void;
  private readonly wish: HostWish;
  private counted = 0;

  constructor(tell: (story: Story) => void, wish: HostWish) {
    this.tell = tell;
    this.wish = wish;
  }

  get isFull(): boolean {
    return this.held.length >= limits.weakCandidates;
  }

  /** This client showed authentication: its weak candidates will not be promoted. */
  seen(client: string): void {
    if (this.authenticating.size < limits.hosts) this.authenticating.add(client);
  }

  count(): void {
    this.counted += 1;
  }

  add(client: string, candidates: readonly Candidate[]): void {
    for (const candidate of candidates) {
      if (!this.wish.isEmpty) {
        if (this.wish.names(candidate.host) || candidate.addresses.some((a) => this.wish.names(a))) {
          this.tell(candidate.tell());
        }
      } else if (candidate.onlyNamed) {
      } else if (this.isFull || this.authenticating.has(client)) {
        this.counted += 1;
      } else {
        this.held.push({ client, candidate });
      }
    }
  }

  /** Promotes at most `limits.promotedCandidates`; returns how many others there were. */
  end(): number {
    const free = this.held.filter(({ client }) => !this.authenticating.has(client));
    free.sort((a, b) => a.candidate.frame - b.candidate.frame);
    const promoted = free.slice(0, limits.promotedCandidates);
    for (const { candidate } of promoted) this.tell(candidate.tell());
    return this.counted + this.held.length - promoted.length;
  }
}
