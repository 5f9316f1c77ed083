import type { ProblemSink } from "../../model/problem.ts";
import { Pieces } from "../pieces.ts";
import { cutShort } from "./damage.ts";

/** What a decompressor yields: bytes that came out, valid until it goes on, or null when it needs more to go in. */
export type Output = Generator<Uint8Array | null, void>;
/** A step of a decompressor that only waits. */
type Waiting<Result> = Generator<null, Result>;

/** The bytes that go into a decompressor, as far as they have arrived. */
export class Packed {
  readonly pieces = new Pieces();
  readonly report: ProblemSink;
  ended = false;

  constructor(report: ProblemSink) {
    this.report = report;
  }

  /** Waits until `n` bytes lie at hand; false where the file ends before. */
  *has(n: number): Waiting<boolean> {
    while (!this.pieces.has(n)) {
      if (this.ended) return false;
      yield null;
    }
    return true;
  }

  /** As `has`, where a file that ends before is cut short. */
  *need(n: number): Waiting<void> {
    if (!(yield* this.has(n))) throw cutShort();
  }

  *byte(): Waiting<number> {
    yield* this.need(1);
    const { pieces } = this;
    return pieces.view.getUint8(pieces.at++);
  }

  /** 16 and 32 bits, little-endian. */
  *u16(): Waiting<number> {
    yield* this.need(2);
    const { pieces } = this;
    pieces.at += 2;
    return pieces.view.getUint16(pieces.at - 2, true);
  }

  *u32(): Waiting<number> {
    yield* this.need(4);
    const { pieces } = this;
    pieces.at += 4;
    return pieces.view.getUint32(pieces.at - 4, true);
  }

  /** A view of the next `n` bytes, valid until more is asked for. */
  *take(n: number): Waiting<Uint8Array> {
    if (n > 0) yield* this.need(n);
    const { pieces } = this;
    pieces.at += n;
    return pieces.bytes.subarray(pieces.at - n, pieces.at);
  }

  /** As `take`, or what there is of them where the file is cut short. */
  *upTo(n: number): Waiting<Uint8Array> {
    if (n === 0 || (yield* this.has(n))) return yield* this.take(n);
    return yield* this.take(this.pieces.limit - this.pieces.at);
  }

  /** A view of all that arrived, at most `n` bytes of it; empty at the end. */
  *some(n: number): Waiting<Uint8Array> {
    if (!(yield* this.has(1))) return new Uint8Array(0);
    const { pieces } = this;
    const length = Math.min(n, pieces.limit - pieces.at);
    pieces.at += length;
    return pieces.bytes.subarray(pieces.at - length, pieces.at);
  }

  /** Goes past `n` bytes that nobody needs. */
  *skip(n: number): Waiting<void> {
    for (let left = n; left > 0; ) {
      const part = yield* this.some(left);
      if (part.length === 0) throw cutShort();
      left -= part.length;
    }
  }

  /** Goes past zeros, the padding that tapes and downloads leave; how many they were. */
  *zeros(): Waiting<number> {
    const { pieces } = this;
    let count = 0;
    while (yield* this.has(1)) {
      const from = pieces.at;
      while (pieces.at < pieces.limit && pieces.view.getUint8(pieces.at) === 0) pieces.at++;
      count += pieces.at - from;
      if (pieces.at < pieces.limit) break;
    }
    return count;
  }
}
