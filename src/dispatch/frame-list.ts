import { limits } from "../bytes/limits.ts";

/** The frames of a message that came in several. */
export interface ListedFrames {
  /** Ascending: the last one completed the message. */
  readonly frames: readonly number[];
  readonly framesOmitted: number;
}

const NONE: number[] = [];
const HALF = limits.framesPerMessage / 2;

/** The frames that carried a message: the first and the last half of as many as a message may list. */
export class FrameList {
  /** The first one; nothing is kept of it in a list while it is alone, as most are. */
  only = 0;
  private kept = NONE;
  /** The list was handed out: it must not change any more. */
  private isListed = false;
  private added = 0;
  private last = -1;

  add(frame: number): void {
    if (frame === this.last) return;
    this.last = frame;
    this.added += 1;
    if (this.added === 1) this.only = frame;
    // A list that grows takes room for more than a dozen at once: many messages have two frames.
    else if (this.added === 2) this.kept = [this.only, frame];
    else this.addToMany(frame);
  }

  get isEmpty(): boolean {
    return this.added === 0;
  }

  clear(): void {
    this.kept = NONE;
    this.isListed = false;
    this.added = 0;
    this.last = -1;
  }

  /** Sorted, as segments that arrived out of order are handed over in the order of the stream; null: there is `only` one. */
  several(): ListedFrames | null {
    if (this.added < 2) return null;
    this.isListed = true;
    const { kept } = this;
    return { frames: isAscending(kept) ? kept : sorted(kept), framesOmitted: this.added - kept.length };
  }

  private addToMany(frame: number): void {
    if (this.isListed) this.kept = this.kept.slice();
    this.isListed = false;
    if (this.kept.length < limits.framesPerMessage) this.kept.push(frame);
    else this.kept[HALF + ((this.added - 1) % HALF)] = frame;
  }
}

function sorted(frames: readonly number[]): readonly number[] {
  return [...new Set(frames)].sort((a, b) => a - b);
}

function isAscending(frames: readonly number[]): boolean {
  for (let at = 1; at < frames.length; at += 1) if ((frames[at] ?? 0) <= (frames[at - 1] ?? 0)) return false;
  return true;
}
