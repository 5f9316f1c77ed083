import type { History } from "../history.ts";
import { HALF, RangeDecoder } from "./range-decoder.ts";

/** Of 12 states, those below follow a literal. */
const AFTER_MATCH = 7;
const POSITIONS = 16;
const SHORTEST_MATCH = 2;
const DISTANCE_CONTEXTS = 4;
const SLOT_BITS = 6;
const ALIGN_BITS = 4;
const LITERAL_PROBABILITIES = 0x300;

/** How the length of a match is told: a short one of 3 bits, a middle one of 3, or a long one of 8. */
const length = { isLonger: 0, isLong: 1, short: 2, middle: 2 + POSITIONS * 8, long: 2 + POSITIONS * 16 } as const;
const LENGTH_PROBABILITIES = length.long + 256;

/** Where the probabilities of each decision begin in one array. */
const place = {
  isMatch: 0,
  isRepeat: 192,
  isNotLatest: 204,
  isNotSecond: 216,
  isNotThird: 228,
  isLatestLong: 240,
  slots: 432,
  distances: 688,
  alignment: 816,
  matchLength: 832,
  repeatLength: 832 + LENGTH_PROBABILITIES,
  literals: 832 + LENGTH_PROBABILITIES * 2,
} as const;

const FIRST_MODELLED_SLOT = 4;
const FIRST_DIRECT_SLOT = 14;

export interface Chunk {
  /** Bytes that come out. */
  readonly size: number;
  /** Bytes before them that may be repeated. */
  readonly reach: number;
  /** Bytes since the dictionary was reset. */
  readonly position: number;
}

/** LZMA as it stands in the chunks of LZMA2: what was learnt stays from chunk to chunk until it is reset. */
export class Lzma {
  private readonly probabilities = new Uint16Array(place.literals + (LITERAL_PROBABILITIES << 4));
  private readonly bits: RangeDecoder;
  private readonly history: History;
  private literalContextBits = 0;
  private literalBits = 0;
  private literalPositionMask = 0;
  private positionMask = 0;
  private state = 0;
  /** The distances used last, the latest first, each less 1. */
  private readonly recent = new Int32Array(4);

  constructor(history: History) {
    this.history = history;
    this.bits = new RangeDecoder();
  }

  /** `properties`: the byte that holds lc, lp and pb; false where it is out of bounds. */
  setProperties(properties: number): boolean {
    const contextBits = properties % 9;
    const positionBits = Math.floor(properties / 9) % 5;
    const matchPositionBits = Math.floor(properties / 45);
    this.literalContextBits = contextBits;
    this.literalBits = contextBits + positionBits;
    this.literalPositionMask = (1 << positionBits) - 1;
    this.positionMask = (1 << matchPositionBits) - 1;
    return matchPositionBits <= 4 && contextBits + positionBits <= 4;
  }

  reset(): void {
    this.state = 0;
    this.recent.fill(0);
    this.probabilities.fill(HALF, 0, place.literals + (LITERAL_PROBABILITIES << this.literalBits));
  }

  /**
   * Decodes a chunk into `history`, which has room for it.
   *
   * False where the chunk is damaged or cut short; what its bytes told before is in `history` then.
   */
  decode(packed: Uint8Array, { size, reach, position }: Chunk): boolean {
    const { history } = this;
    const bits = this.bits;
    if (!bits.begin(packed)) return false;
    const start = history.at;
    const end = start + size;
    const shift = position - start;
    while (history.at < end) {
      const { at } = history;
      const positionState = (at + shift) & this.positionMask;
      const isMatch = bits.bit(this.probabilities, place.isMatch + (this.state << 4) + positionState) === 1;
      if (!isMatch) this.literal(at, at + shift);
      const run = isMatch ? this.match(positionState) : 1;
      if (bits.isBeyond || (isMatch && !this.repeat(run, end - at, reach + at - start))) return false;
      history.at = at + run;
    }
    return bits.isFinished;
  }

  private literal(at: number, position: number): void {
    const { probabilities } = this;
    const bits = this.bits;
    const contextBits = this.literalContextBits;
    const { bytes } = this.history;
    const before = position === 0 ? 0 : (bytes[at - 1] ?? 0);
    const context = ((position & this.literalPositionMask) << contextBits) + (before >> (8 - contextBits));
    const base = place.literals + LITERAL_PROBABILITIES * context;
    let node = 1;
    if (this.state >= AFTER_MATCH) node = this.unlike(bytes[at - (this.recent[0] ?? 0) - 1] ?? 0, base);
    while (node < 0x100) node = (node << 1) | bits.bit(probabilities, base + node);
    bytes[at] = node;
    this.state = this.state < 4 ? 0 : this.state < 10 ? this.state - 3 : this.state - 6;
  }

  /** The bits of a literal as long as they equal those of the byte that a match would have given. */
  private unlike(byte: number, base: number): number {
    const { probabilities } = this;
    const bits = this.bits;
    let node = 1;
    for (let expected = byte; node < 0x100; expected <<= 1) {
      const wanted = (expected >> 7) & 1;
      const bit = bits.bit(probabilities, base + ((1 + wanted) << 8) + node);
      node = (node << 1) | bit;
      if (bit !== wanted) break;
    }
    return node;
  }

  /** Reads a match: its length; its distance is the latest of `recent` then. */
  private match(positionState: number): number {
    const { bits, probabilities, state, recent } = this;
    const isAfterLiteral = state < AFTER_MATCH;
    if (bits.bit(probabilities, place.isRepeat + state) === 0) {
      recent.copyWithin(1, 0, 3);
      this.state = isAfterLiteral ? 7 : 10;
      const run = this.length(place.matchLength, positionState);
      recent[0] = this.distance(run);
      return run;
    }
    if (bits.bit(probabilities, place.isNotLatest + state) === 0) {
      if (bits.bit(probabilities, place.isLatestLong + (state << 4) + positionState) === 0) {
        this.state = isAfterLiteral ? 9 : 11;
        return 1;
      }
    } else this.recall(state);
    this.state = isAfterLiteral ? 8 : 11;
    return this.length(place.repeatLength, positionState);
  }

  /** Moves an earlier distance to the front. */
  private recall(state: number): void {
    const { bits, probabilities, recent } = this;
    const isSecond = bits.bit(probabilities, place.isNotSecond + state) === 0;
    const which = isSecond ? 1 : bits.bit(probabilities, place.isNotThird + state) === 0 ? 2 : 3;
    const distance = recent[which] ?? 0;
    recent.copyWithin(1, 0, which);
    recent[0] = distance;
  }

  private length(base: number, positionState: number): number {
    const { probabilities } = this;
    const bits = this.bits;
    if (bits.bit(probabilities, base + length.isLonger) === 0) {
      return SHORTEST_MATCH + bits.tree(probabilities, base + length.short + (positionState << 3), 3);
    }
    if (bits.bit(probabilities, base + length.isLong) === 0) {
      return SHORTEST_MATCH + 8 + bits.tree(probabilities, base + length.middle + (positionState << 3), 3);
    }
    return SHORTEST_MATCH + 16 + bits.tree(probabilities, base + length.long, 8);
  }

  private distance(run: number): number {
    const { probabilities } = this;
    const bits = this.bits;
    const context = Math.min(run - SHORTEST_MATCH, DISTANCE_CONTEXTS - 1);
    const slot = bits.tree(probabilities, place.slots + (context << SLOT_BITS), SLOT_BITS);
    if (slot < FIRST_MODELLED_SLOT) return slot;
    const width = (slot >> 1) - 1;
    const base = (2 | (slot & 1)) << width;
    if (slot < FIRST_DIRECT_SLOT) return base + bits.reverseTree(probabilities, place.distances + base - slot, width);
    const high = bits.direct(width - ALIGN_BITS) << ALIGN_BITS;
    return base + high + bits.reverseTree(probabilities, place.alignment, ALIGN_BITS);
  }

  /** Writes the match behind what came out; false where it reaches before the beginning or beyond the chunk. */
  private repeat(run: number, room: number, reach: number): boolean {
    const { bytes, at } = this.history;
    const distance = (this.recent[0] ?? 0) >>> 0;
    if (distance >= reach || run > room) return false;
    const from = at - distance - 1;
    if (run > SHORT && distance + 1 >= run) bytes.copyWithin(at, from, from + run);
    else for (let done = 0; done < run; done++) bytes[at + done] = bytes[from + done] ?? 0;
    return true;
  }
}

/** Byte by byte where matches are short or repeat themselves; a call costs more than that. */
const SHORT = 32;
