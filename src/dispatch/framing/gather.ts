import { limits } from "../../bytes/limits.ts";
import type { ProblemSink } from "../../model/problem.ts";

const SMALLEST_BUFFER = 256;
/** What a buffer costs besides its bytes. */
const BUFFER_OVERHEAD = 256;
const NOTHING = new Uint8Array(0);

/** All gathered bytes of all streams together: when they exceed their limit, the message that waits longest is given up. */
export class Waiting {
  private readonly gathers = new Set<Gather>();
  private readonly problem: ProblemSink;
  private bytes = 0;
  private told = false;
  /** Buffers given back, by the logarithm of their size: most messages need one for a moment only. */
  private readonly spare: Uint8Array[][] = [];
  private spareBytes = 0;

  constructor(problem: ProblemSink) {
    this.problem = problem;
  }

  /** A buffer for at least `needed` bytes; its other bytes may be anything. */
  take(gather: Gather, needed: number): Uint8Array {
    const size = Math.max(SMALLEST_BUFFER, 2 ** (32 - Math.clz32(needed - 1)));
    this.gathers.add(gather);
    this.bytes += size + BUFFER_OVERHEAD;
    const buffer = this.spare[31 - Math.clz32(size)]?.pop();
    if (buffer !== undefined) this.spareBytes -= size;
    this.makeRoom(gather);
    return buffer ?? new Uint8Array(size);
  }

  /** The gather waits no more. */
  release(gather: Gather, buffer: Uint8Array): void {
    this.gathers.delete(gather);
    this.giveBack(buffer);
  }

  giveBack(buffer: Uint8Array): void {
    const size = buffer.length;
    this.bytes -= size + BUFFER_OVERHEAD;
    if (this.spareBytes + size > limits.spareBytes) return;
    this.spareBytes += size;
    const place = 31 - Math.clz32(size);
    const spare = this.spare[place];
    if (spare === undefined) this.spare[place] = [buffer];
    else spare.push(buffer);
  }

  private makeRoom(except: Gather): void {
    if (this.bytes <= limits.waitingBytes) return;
    for (const oldest of this.gathers) {
      if (this.bytes <= limits.waitingBytes || oldest === except) return;
      oldest.giveUp();
      this.tell();
    }
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
  private buffer: Uint8Array = NOTHING;
  private readonly waiting: Waiting;

  constructor(waiting: Waiting) {
    this.waiting = waiting;
  }

  /** Holds a copy of `bytes[start, end)` for later. */
  keep(bytes: Uint8Array, start: number, end: number): void {
    const needed = this.length + end - start;
    if (needed > this.buffer.length) this.resize(needed);
    this.buffer.set(bytes.subarray(start, end), this.length);
    this.length = needed;
  }

  /** Where they lie, from 0 to `length`. */
  get bytes(): Uint8Array {
    return this.buffer;
  }

  /** Good until the next `clear`: the buffer is used again. */
  view(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }

  clear(): void {
    const { buffer } = this;
    this.length = 0;
    if (buffer.length === 0) return;
    this.buffer = NOTHING;
    this.waiting.release(this, buffer);
  }

  giveUp(): void {
    this.clear();
    this.lost = true;
  }

  private resize(needed: number): void {
    const old = this.buffer;
    const larger = this.waiting.take(this, needed);
    if (old.length > 0) {
      larger.set(this.view());
      this.waiting.giveBack(old);
    }
    this.buffer = larger;
  }
}
