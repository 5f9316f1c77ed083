import { limits } from "./bytes/limits.ts";
import type { Story } from "./correlate/story.ts";
import type { Leaving } from "./front-sequences.ts";

/**
 * Restores the order of first frames among stories that close in another order, and gives them their ids.
 *
 * Holds at most twice `limits.reorderWindow` stories and `limits.reorderAttempts` attempts; a story that closes later
 * than that stands where it closed.
 */
export class SequenceWindow {
  private readonly held: Story[] = [];
  /** Attempts that the held stories keep alive. */
  private attempts = 0;
  private readonly ids = new Map<number, number>();
  private readonly pass: (story: Story, id: string) => void;
  private readonly nameOf: (frame: number) => string;
  private readonly ahead: (leaving: readonly Leaving[]) => void;

  /** `nameOf`: the id of what begins at this frame; `ahead` sees those that leave together before any is passed. */
  constructor(
    pass: (story: Story, id: string) => void,
    nameOf: (frame: number) => string = (frame) => `f${frame}`,
    ahead: (leaving: readonly Leaving[]) => void = () => {},
  ) {
    this.pass = pass;
    this.nameOf = nameOf;
    this.ahead = ahead;
  }

  add(story: Story): void {
    this.held.push(story);
    this.attempts += weightOf(story);
    const isFull = this.held.length >= limits.reorderWindow * 2 || this.attempts >= limits.reorderAttempts;
    if (isFull) this.release(Math.min(limits.reorderWindow, this.held.length >> 1));
  }

  end(): void {
    this.release(0);
  }

  private release(keep: number): void {
    this.held.sort((a, b) => a.frame - b.frame || rank(a) - rank(b));
    const leaving = this.held
      .splice(0, this.held.length - keep)
      .map((story) => ({ story, id: this.idOf(story.frame) }));
    this.ahead(leaving);
    for (const { story, id } of leaving) {
      this.attempts -= weightOf(story);
      this.pass(story, id);
    }
  }

  private idOf(frame: number): string {
    const count = (this.ids.get(frame) ?? 0) + 1;
    this.ids.set(frame, count);
    if (this.ids.size > limits.reorderWindow * 4) this.forget();
    const name = this.nameOf(frame);
    return count === 1 ? name : `${name}-${count}`;
  }

  /** Ids are only needed of frames near the window. */
  private forget(): void {
    const oldest = this.ids.keys().next();
    if (!oldest.done) this.ids.delete(oldest.value);
  }
}

function weightOf({ legs, quests }: Story): number {
  const asked = quests.reduce((sum, quest) => sum + quest.exchanges.length, 0);
  return legs.reduce((sum, leg) => sum + leg.attempts.length, asked);
}

const order = ["sign-on", "ticket", "dc-locator", "http", "http-proxy", "smb", "ldap"];

function rank(story: Story): number {
  return order.indexOf(story.kind);
}
