import { limits } from "../../bytes/limits.ts";
import type { ProblemSink } from "../../model/problem.ts";

const SMALLEST_BUFFER = 512;

/** All gathered bytes of all streams together: when they exceed their limit, the message that waits longest is given up. */
export class Waiting {
  private readonly gathers = new Set<Gather>();
  private readonly problem: ProblemSink;
  private bytes = 0;
  private told = false;

  constructor(problem: ProblemSink) {
    this.problem = problem;
  }

  grow(gather: Gather, by: number): void {
    this.gathers.add(gather);
    this.bytes += by;
    for (const oldest of this.gathers) {
      if (this.bytes <= limits.waitingBytes || oldest === gather) return;
      oldest.giveUp();
      this.tell();
    }
  }

  release(gather: Gather, bytes: number): void {
    this.gathers.delete(gather);
    this.bytes -= bytes;
  }

  private tell(): void {
    if (this.told) return;
    this.told = true;
    this.problem({ text: `more than ${limits.waitingBytes} bytes of unfinished messages: the oldest were given up` });
  }
}

/** The bytes of one message that came in earlier segments. Grows by what arrives, never by what a length promises. */
export class Gather {
  length = 0;
  /** Its bytes had to be given up for those of others. */
  lost = false;
  private buffer = new Uint8Array(0);
  private readonly waiting: Waiting;

  constructor(waiting: Waiting) {
    this.waiting = waiting;
  }

  /** What was gathered and `bytes[start, end)` behind it, as one view: a copy only where something was gathered. */
  join(bytes: Uint8Array, start: number, end: number): Uint8Array {
    if (this.length === 0) return bytes.subarray(start, end);
    this.keep(bytes, start, end);
    return this.view();
  }

  /** Holds a copy of `bytes[start, end)` for later. */
  keep(bytes: Uint8Array, start: number, end: number): void {
    const needed = this.length + end - start;
    if (needed > this.buffer.length) this.resize(needed);
    this.buffer.set(bytes.subarray(start, end), this.length);
    this.length = needed;
  }

  view(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }

  clear(): void {
    if (this.buffer.length > 0) this.waiting.release(this, this.buffer.length);
    this.buffer = new Uint8Array(0);
    this.length = 0;
  }

  giveUp(): void {
    this.clear();
    this.lost = true;
  }

  private resize(needed: number): void {
    const larger = new Uint8Array(Math.max(needed, SMALLEST_BUFFER, Math.min(this.buffer.length * 2, needed * 2)));
    larger.set(this.view());
    this.waiting.grow(this, larger.length - this.buffer.length);
    this.buffer = larger;
  }
}
