const PROBABILITY_BITS = 11;
const MOVE_BITS = 5;
const SMALLEST_RANGE = 0x1000000;

/** A probability of one half, where every model begins. */
export const HALF = 1 << (PROBABILITY_BITS - 1);

/** The bits of LZMA: each is told with the probability of being 0 that was learnt so far. */
export class RangeDecoder {
  /** More was read than there was: the bits read last are worth nothing. */
  get isBeyond(): boolean {
    return this.from > this.packed.length;
  }

  /** All was read, and ends as an encoder ends it. */
  get isFinished(): boolean {
    return this.from === this.packed.length && this.code === 0;
  }

  private packed: Uint8Array = new Uint8Array(0);
  private from = 0;
  /** Both are 32 bits without sign, kept with one. */
  private range = 0;
  private code = 0;

  /** False where the first byte is not what it must be. */
  begin(packed: Uint8Array): boolean {
    const [first = 0, a = 0, b = 0, c = 0, d = 0] = packed;
    this.packed = packed;
    this.from = 5;
    this.range = -1;
    this.code = (a << 24) | (b << 16) | (c << 8) | d;
    return first === 0;
  }

  bit(probabilities: Uint16Array, index: number): number {
    const probability = probabilities[index] ?? 0;
    const bound = Math.imul(this.range >>> PROBABILITY_BITS, probability);
    const bit = this.code >>> 0 < bound >>> 0 ? 0 : 1;
    if (bit === 0) {
      this.range = bound;
      probabilities[index] = probability + (((1 << PROBABILITY_BITS) - probability) >> MOVE_BITS);
    } else {
      this.range = (this.range - bound) | 0;
      this.code = (this.code - bound) | 0;
      probabilities[index] = probability - (probability >> MOVE_BITS);
    }
    if (this.range >>> 0 < SMALLEST_RANGE) this.widen();
    return bit;
  }

  /** A number of `bits` bits, the highest first, of which each has its own probabilities. */
  tree(probabilities: Uint16Array, base: number, bits: number): number {
    let node = 1;
    for (let left = bits; left > 0; left--) node = (node << 1) | this.bit(probabilities, base + node);
    return node - (1 << bits);
  }

  /** The same with the lowest bit first. */
  reverseTree(probabilities: Uint16Array, base: number, bits: number): number {
    let node = 1;
    let value = 0;
    for (let at = 0; at < bits; at++) {
      const bit = this.bit(probabilities, base + node);
      node = (node << 1) | bit;
      value |= bit << at;
    }
    return value;
  }

  /** Bits that are 0 as often as 1. */
  direct(bits: number): number {
    let value = 0;
    for (let left = bits; left > 0; left--) {
      this.range >>>= 1;
      this.code = (this.code - this.range) | 0;
      const isZero = this.code >> 31;
      this.code = (this.code + (this.range & isZero)) | 0;
      value = (value << 1) + isZero + 1;
      if (this.range < SMALLEST_RANGE) this.widen();
    }
    return value;
  }

  private widen(): void {
    this.range <<= 8;
    this.code = (this.code << 8) | (this.packed[this.from++] ?? 0);
  }
}
