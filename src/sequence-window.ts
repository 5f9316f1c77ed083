import { Beginnings } from "./beginnings.ts";
import { limits } from "./bytes/limits.ts";
import type { Story } from "./correlate/story.ts";
import type { Leaving } from "./front-sequences.ts";

/**
 * Restores the order of first frames among stories that close in another order, and gives them their ids.
 *
 * Holds at most twice `limits.reorderWindow` stories, `limits.reorderAttempts` attempts and evidence of
 * `limits.reorderBytes`; a story that closes later than that stands where it closed.
 */
export class SequenceWindow {
  private readonly held: Held[] = [];
  /** Attempts that the held stories keep alive. */
  private attempts = 0;
  private bytes = 0;
  private readonly beginnings = new Beginnings();
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

  /** `bytes`: what the evidence of the story keeps. */
  add(story: Story, bytes: number): void {
    const { frame } = story;
    const one = { story, id: "", frame, rank: order.indexOf(story.kind), attempts: attemptsIn(story), bytes };
    this.held.push(one);
    this.attempts += one.attempts;
    this.bytes += bytes;
    if (this.isFull) this.release(Math.min(limits.reorderWindow, this.held.length >> 1));
  }

  private get isFull(): boolean {
    if (this.held.length >= limits.reorderWindow * 2 || this.attempts >= limits.reorderAttempts) return true;
    return this.bytes >= limits.reorderBytes;
  }

  end(): void {
    this.release(0);
  }

  /** Sorted here and not one by one as they come: hundreds of sequences may lie between them and their places. */
  private release(keep: number): void {
    this.held.sort(compareHeld);
    const leaving = this.held.splice(0, this.held.length - keep);
    for (const one of leaving) {
      one.id = this.idOf(one.frame);
      this.attempts -= one.attempts;
      this.bytes -= one.bytes;
    }
    this.ahead(leaving);
    for (const { story, id } of leaving) this.pass(story, id);
  }

  private idOf(frame: number): string {
    const count = this.beginnings.count(frame);
    const name = this.nameOf(frame);
    return count === 1 ? name : `${name}-${count}`;
  }
}

/** A story in the window, with what is asked again and again. */
interface Held {
  readonly story: Story;
  readonly frame: number;
  readonly rank: number;
  /** Attempts, and bytes of messages, that it keeps alive. */
  readonly attempts: number;
  readonly bytes: number;
  /** Given when it leaves. */
  id: string;
}

/** At one frame in the order of kinds, else as they came. */
function compareHeld(one: Held, other: Held): number {
  return one.frame - other.frame || one.rank - other.rank;
}

function attemptsIn({ legs, quests }: Story): number {
  let attempts = 0;
  for (const { exchanges } of quests) attempts += exchanges.length;
  for (const leg of legs) attempts += leg.attempts.length;
  return attempts;
}

const order = ["sign-on", "ticket", "dc-locator", "http", "http-proxy", "smb", "ldap"];
