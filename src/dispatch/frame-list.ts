import { limits } from "../bytes/limits.ts";

export interface ListedFrames {
  /** The frame that completed the message: the last one listed. */
  readonly frame: number;
  readonly frames: readonly number[];
  readonly framesOmitted: number;
}

const NONE: number[] = [];
const HALF = limits.framesPerMessage / 2;

/** The frames that carried a message: the first and the last half of as many as a message may list. */
export class FrameList {
  private kept = NONE;
  /** The list was handed out: it must not change any more. */
  private isListed = false;
  private added = 0;
  private last = -1;

  add(frame: number): void {
    if (frame === this.last) return;
    this.last = frame;
    if (this.isListed) this.kept = this.kept.slice();
    this.isListed = false;
    const first = this.kept[0];
    // Most messages have one frame or two: a list that grows takes room for more than a dozen at once.
    if (first === undefined) this.kept = [frame];
    else if (this.kept.length === 1) this.kept = [first, frame];
    else if (this.kept.length < limits.framesPerMessage) this.kept.push(frame);
    else this.kept[HALF + (this.added % HALF)] = frame;
    this.added += 1;
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

  /** Sorted: segments that arrived out of order are handed over in the order of the stream. */
  list(): ListedFrames {
    this.isListed = true;
    const { kept } = this;
    const frames = isAscending(kept) ? kept : sorted(kept);
    return { frame: frames[frames.length - 1] ?? 0, frames, framesOmitted: this.added - kept.length };
  }
}

function sorted(frames: readonly number[]): readonly number[] {
  return [...new Set(frames)].sort((a, b) => a - b);
}

function isAscending(frames: readonly number[]): boolean {
  for (let at = 1; at < frames.length; at += 1) if ((frames[at] ?? 0) <= (frames[at - 1] ?? 0)) return false;
  return true;
}
