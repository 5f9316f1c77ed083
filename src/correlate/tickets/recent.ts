import { mix } from "../../bytes/mix.ts";

/** How values are written down as rows of numbers and of texts. */
export interface Layout<V> {
  /** Numbers and texts of one row. */
  readonly numbers: number;
  readonly texts: number;
  /** Fills all places of the row that starts at `number` and at `text`. */
  write(value: V, rows: Columns, number: number, text: number): void;
  read(rows: Columns, number: number, text: number): V;
}

export interface Columns {
  readonly numbers: Float64Array;
  readonly texts: (string | null)[];
}

/**
 * The values of the fingerprints used last: at least half of `most`, never more than `most`.
 *
 * Two generations of rows take turns, and what is used moves to the young one. As objects, tickets that nobody asks
 * for any more lay between what comes and goes, and kept its pages from being given back.
 */
export class Recent<V> {
  readonly #layout: Layout<V>;
  readonly #half: number;
  #young: Generation;
  #old: Generation;
  /** Something was dropped: a fingerprint that is not here may have been. */
  forgets = false;

  /** `seed` makes the places unpredictable for a forged capture and nothing else. */
  constructor(most: number, layout: Layout<V>, seed: number) {
    this.#layout = layout;
    this.#half = most >> 1;
    this.#young = new Generation(this.#half, layout.numbers, seed);
    this.#old = new Generation(this.#half, layout.numbers, seed);
  }

  get(fingerprint: string): V | undefined {
    const { numbers, texts } = this.#layout;
    const young = this.#young.find(fingerprint);
    if (young >= 0) return this.#layout.read(this.#young, young * numbers, young * texts);
    const old = this.#old.find(fingerprint);
    if (old < 0) return undefined;
    const value = this.#layout.read(this.#old, old * numbers, old * texts);
    this.#old.moved++;
    this.set(fingerprint, value);
    return value;
  }

  /** The fingerprint must not be there yet. */
  set(fingerprint: string, value: V): void {
    const { numbers, texts } = this.#layout;
    const row = this.#young.add(fingerprint);
    this.#layout.write(value, this.#young, row * numbers, row * texts);
    if (this.#young.count < this.#half) return;
    if (this.#old.count > this.#old.moved) this.forgets = true;
    const empty = this.#old;
    empty.clear();
    this.#old = this.#young;
    this.#young = empty;
  }
}

/** Rows in the order in which they came, found by open addressing (linear probing). */
class Generation implements Columns {
  count = 0;
  /** Rows that stand in the other generation by now. */
  moved = 0;
  readonly numbers: Float64Array;
  /** Grows as rows come; behind them may lie what was cleared. */
  readonly texts: (string | null)[] = [];
  /** The two halves of each fingerprint. */
  readonly #halves: Int32Array;
  /** Row + 1, or 0; at least two places for each row, a power of two. */
  readonly #index: Int32Array;
  readonly #seed: number;

  constructor(most: number, numbers: number, seed: number) {
    this.numbers = new Float64Array(most * numbers);
    this.#halves = new Int32Array(most * 2);
    this.#index = new Int32Array(2 << (32 - Math.clz32(most - 1)));
    this.#seed = seed;
  }

  /** The row of the fingerprint, or -1. */
  find(fingerprint: string): number {
    const high = highOf(fingerprint);
    const low = lowOf(fingerprint);
    const halves = this.#halves;
    const index = this.#index;
    const mask = index.length - 1;
    for (let place = this.#home(high, low); index[place] !== 0; place = (place + 1) & mask) {
      const row = (index[place] ?? 0) - 1;
      if (halves[2 * row] === high && halves[2 * row + 1] === low) return row;
    }
    return -1;
  }

  add(fingerprint: string): number {
    const row = this.count;
    this.count++;
    const high = highOf(fingerprint);
    const low = lowOf(fingerprint);
    this.#halves[2 * row] = high;
    this.#halves[2 * row + 1] = low;
    const index = this.#index;
    const mask = index.length - 1;
    let place = this.#home(high, low);
    while (index[place] !== 0) place = (place + 1) & mask;
    index[place] = row + 1;
    return row;
  }

  clear(): void {
    this.count = 0;
    this.moved = 0;
    this.#index.fill(0);
  }

  #home(high: number, low: number): number {
    return mix(mix(high ^ this.#seed) ^ low) & (this.#index.length - 1);
  }
}

/** Hexadecimal digits of half a fingerprint. */
const HALF = 8;
const DECIMALS_END = 0x3a;
const ZERO = 0x30;
/** What `a` stands for is ten. */
const TEN = 0x61 - 10;

/** The first and the second half of a fingerprint, as words of 32 bits. */
export function highOf(fingerprint: string): number {
  return wordOf(fingerprint, 0, fingerprint.length - HALF);
}

export function lowOf(fingerprint: string): number {
  return wordOf(fingerprint, Math.max(0, fingerprint.length - HALF), fingerprint.length);
}

function wordOf(digits: string, from: number, to: number): number {
  let word = 0;
  for (let at = from; at < to; at++) {
    const code = digits.charCodeAt(at);
    word = (word << 4) | (code < DECIMALS_END ? code - ZERO : code - TEN);
  }
  return word;
}

/** The fingerprint of which these are the halves. */
export function fingerprintOf(high: number, low: number): string {
  return hex(high) + hex(low);
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(HALF, "0");
}
