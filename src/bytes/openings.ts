import { limits } from "./limits.ts";

/** Bytes by which things are told apart, where nobody asks for more. */
export const OPENING_BYTES = 60;

/** The length and all of the words of what was looked at last, and their hash. */
const looked = new Int32Array(2 + limits.sharedTextBytes / 4);
let lookedHash = 0;

/** 2³² divided by the golden ratio (Knuth, The Art of Computer Programming, 6.4): the upper bits of a product hold all of a word. */
const FACTOR = 0x9e3779b1;

/**
 * The openings of things that were read lately and are kept elsewhere, at places counted from 0: in pairs by the hash of
 * all of their bytes, the newer of a pair first.
 */
export class Openings {
  /** The length and the first bytes of each thing, four to a word: words compare faster than bytes or characters. */
  private readonly table: Int32Array;
  /** The hash of each: what is new is told by these alone, which are close together. */
  private readonly hashes: Int32Array;
  /** Hashes of what was asked for once. */
  private readonly glimpses: Int32Array;
  /** Leaves the upper bits of a hash, its best ones, which name a place. */
  private readonly shift: number;
  private readonly words: number;

  /** `places`: a power of two; `bytes` by which things are told apart, a multiple of four. */
  constructor(places: number, bytes = OPENING_BYTES) {
    this.words = 1 + bytes / 4;
    this.table = new Int32Array(places * this.words);
    this.hashes = new Int32Array(places);
    this.glimpses = new Int32Array(places);
    this.shift = Math.clz32(places - 1);
  }

  /** Looks at `bytes[start, end)`, at most `limits.sharedTextBytes`, of which `is` and `take` speak next; returns the first of the two places for it. */
  look(bytes: Uint8Array, start: number, end: number): number {
    let hash = end - start;
    let words = 0;
    looked[0] = hash;
    let at = start;
    for (const last = end - 4; at <= last; at += 4) {
      const word = wordAt(bytes, at);
      looked[++words] = word;
      hash = Math.imul(hash ^ word, FACTOR);
    }
    if (at < end) {
      const word = lastWord(bytes, at, end);
      looked[++words] = word;
      hash = Math.imul(hash ^ word, FACTOR);
    }
    lookedHash = hash;
    return (hash >>> this.shift) & ~1;
  }

  /** Whether what lies at this place opens like that. */
  is(place: number): boolean {
    if (this.hashes[place] !== lookedHash) return false;
    const start = place * this.words;
    const words = Math.min(this.words, 1 + (((looked[0] ?? 0) + 3) >> 2));
    for (let at = 0; at < words; at++) if (this.table[start + at] !== looked[at]) return false;
    return true;
  }

  /** Whether it was asked for lately: most of what comes once never comes again. */
  cameBefore(): boolean {
    const place = lookedHash >>> this.shift;
    const came = this.glimpses[place] === lookedHash;
    this.glimpses[place] = lookedHash;
    return came;
  }

  /** Puts it at this place, and what lay there at the next one. */
  take(place: number): void {
    const { table, hashes, words } = this;
    const start = place * words;
    hashes[place + 1] = hashes[place] ?? 0;
    hashes[place] = lookedHash;
    for (let at = 0; at < words; at++) {
      table[start + words + at] = table[start + at] ?? 0;
      table[start + at] = looked[at] ?? 0;
    }
  }
}

function wordAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at + 3] ?? 0) << 24) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at] ?? 0);
}

function lastWord(bytes: Uint8Array, start: number, end: number): number {
  let word = 0;
  for (let at = end - 1; at >= start; at--) word = (word << 8) | (bytes[at] ?? 0);
  return word;
}
