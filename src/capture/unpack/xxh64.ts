import { Striped } from "./striped.ts";

const PRIME1 = 0x9e3779b185ebca87n;
const PRIME2 = 0xc2b2ae3d27d4eb4fn;
const PRIME3 = 0x165667b19e3779f9n;
const PRIME4 = 0x85ebca77c2b2ae63n;
const PRIME5 = 0x27d4eb2f165667c5n;
const PRIME1_HIGH = 0x9e3779b1 | 0;
const PRIME1_LOW = 0x85ebca87 | 0;
const PRIME2_HIGH = 0xc2b2ae3d | 0;
const PRIME2_LOW = 0x27d4eb4f;

/**
 * XXH64 with seed 0 (xxHash specification 0.1.1), fed with pieces. The rounds work in halves of 32 bits: big integers
 * would take fifty times as long.
 */
export class Xxh64 extends Striped {
  /** Four accumulators, the low half of each before the high one. */
  private readonly lanes = new Int32Array(8);

  constructor() {
    super(32);
    for (const [lane, start] of [PRIME1 + PRIME2, PRIME2, 0n, -PRIME1].entries()) {
      this.lanes[lane * 2] = Number(BigInt.asIntN(32, start));
      this.lanes[lane * 2 + 1] = Number(BigInt.asIntN(32, start >> 32n));
    }
  }

  protected override round(view: DataView, from: number, to: number): void {
    const { lanes } = this;
    for (let lane = 0; lane < 8; lane += 2) {
      let low = lanes[lane] ?? 0;
      let high = lanes[lane + 1] ?? 0;
      for (let at = from + lane * 4; at < to; at += 32) {
        const inLow = view.getInt32(at, true);
        const inHigh = view.getInt32(at + 4, true);
        const addend = Math.imul(inLow, PRIME2_LOW);
        const addendHigh = highHalf(inLow, PRIME2_LOW) + Math.imul(inLow, PRIME2_HIGH) + Math.imul(inHigh, PRIME2_LOW);
        const sum = (low + addend) | 0;
        const carry = sum >>> 0 < addend >>> 0 ? 1 : 0;
        const sumHigh = (high + addendHigh + carry) | 0;
        const turned = (sum << 31) | (sumHigh >>> 1);
        const turnedHigh = (sumHigh << 31) | (sum >>> 1);
        low = Math.imul(turned, PRIME1_LOW);
        high = highHalf(turned, PRIME1_LOW) + Math.imul(turned, PRIME1_HIGH) + Math.imul(turnedHigh, PRIME1_LOW);
        high |= 0;
      }
      lanes[lane] = low;
      lanes[lane + 1] = high;
    }
  }

  /** The low 32 bits, unsigned, which is all that zstd keeps. */
  digest(): number {
    let hash = wrapped((this.length < 32 ? PRIME5 : this.merged()) + BigInt(this.length));
    const rest = this.rest();
    let at = 0;
    for (; at + 8 <= rest.byteLength; at += 8) {
      hash = wrapped(rotated(hash ^ rounded(0n, rest.getBigUint64(at, true)), 27n) * PRIME1 + PRIME4);
    }
    if (at + 4 <= rest.byteLength) {
      hash = wrapped(rotated(hash ^ wrapped(BigInt(rest.getUint32(at, true)) * PRIME1), 23n) * PRIME2 + PRIME3);
      at += 4;
    }
    for (; at < rest.byteLength; at++) {
      hash = wrapped(rotated(hash ^ wrapped(BigInt(rest.getUint8(at)) * PRIME5), 11n) * PRIME1);
    }
    hash = wrapped((hash ^ (hash >> 33n)) * PRIME2);
    hash = wrapped((hash ^ (hash >> 29n)) * PRIME3);
    return Number((hash ^ (hash >> 32n)) & 0xffffffffn);
  }

  private merged(): bigint {
    const lanes = [0, 2, 4, 6].map((lane) => this.lane(lane));
    const turns = [1n, 7n, 12n, 18n];
    const sum = lanes.reduce((total, lane, at) => total + rotated(lane, turns[at] ?? 0n), 0n);
    return lanes.reduce((hash, lane) => wrapped((hash ^ rounded(0n, lane)) * PRIME1 + PRIME4), wrapped(sum));
  }

  private lane(at: number): bigint {
    const half = (value: number | undefined) => BigInt((value ?? 0) >>> 0);
    return (half(this.lanes[at + 1]) << 32n) | half(this.lanes[at]);
  }
}

/** Bits 32 to 63 of the product of two unsigned 32-bit numbers. */
function highHalf(a: number, b: number): number {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  // Neither sum exceeds 32 bits: (2^16-1)^2 + 2^16-1 = 2^32 - 2^16.
  const middle = (Math.imul(a1, b0) + (Math.imul(a0, b0) >>> 16)) >>> 0;
  const other = (Math.imul(a0, b1) + (middle & 0xffff)) >>> 0;
  return (Math.imul(a1, b1) + (middle >>> 16) + (other >>> 16)) | 0;
}

function wrapped(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}

function rotated(value: bigint, by: bigint): bigint {
  return wrapped(value << by) | (value >> (64n - by));
}

function rounded(accumulator: bigint, input: bigint): bigint {
  return wrapped(rotated(wrapped(accumulator + input * PRIME2), 31n) * PRIME1);
}
