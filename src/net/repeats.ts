import { IPV4, IPV6 } from "./ethertypes.ts";
import type { Bounds, Packet, TellOnce } from "./packet.ts";
import { PointNumbers } from "./point-numbers.ts";
import { Signature } from "./signature.ts";
import { Habit, isAtOnce, microsOf, type Twins } from "./twins.ts";
import { u16 } from "./words.ts";

const TCP = 6;
const SYN = 2;
const NEVER = -1;
/** How often its point has shown it and when last; how much was captured of it and in which frame. */
const ROWS_A_PACKET = 2;

/**
 * Finds the packets that were captured at several points: the n-th time that a point shows a packet is the same packet
 * as the n-th time that another point shows it. Twins at one point (see `Twins`) count as one time.
 *
 * Remembered are at least the last `limits.repeatedPackets`, each by its signature with the number of bytes captured of
 * it: whoever shows more of it is no repetition.
 */
export class Repeats {
  readonly #hash: Signature;
  readonly #points: PointNumbers;
  readonly #twins: Twins;
  /** By the number of the point. */
  readonly #habits: Habit[] = [];
  #young: Table;
  #old: Table;
  /** Packets left out, and the frame that showed the last of them. */
  count = 0;
  shownBy = 0;

  constructor(bounds: Bounds, seed: number, twins: Twins, tell: TellOnce) {
    this.#hash = new Signature(seed);
    this.#points = new PointNumbers(bounds, tell);
    this.#twins = twins;
    this.#young = new Table(bounds.repeatedPackets * ROWS_A_PACKET);
    this.#old = new Table(bounds.repeatedPackets * ROWS_A_PACKET);
  }

  /** Whether `packet`, at its network header, was shown before. `point`: as `FrameView.point`. */
  isRepeat(packet: Packet, etherType: number, point: number): boolean {
    const number = this.#points.of(point, packet.frame);
    if (number === NEVER) return false;
    const hash = this.#hash;
    const captured = hash.of(packet, etherType);
    const { high, low } = hash;
    hash.set(high, low, number * 2 + 1);
    const now = microsOf(packet);
    const before = this.#holder();
    const isAgain = before !== null && isAtOnce(before.foundMark, now);
    const isTwin = this.#isTwin(isAgain, isCertain(packet, etherType), number);
    const times = (before?.found ?? 0) + (isTwin ? 0 : 1);
    this.#put(times, now);
    hash.set(high, low, times * 2);
    const shown = this.#holder();
    if (shown === null || shown.found < captured) {
      this.#put(captured, packet.frame);
      return false;
    }
    this.shownBy = shown.foundMark;
    if (isTwin) this.#twins.tally(packet.frame);
    this.count++;
    return true;
  }

  /** As `Twins` has it, of each point by itself. `isAgain`: it was just there already. */
  #isTwin(isAgain: boolean, isCertain: boolean, point: number): boolean {
    let habit = this.#habits[point];
    if (habit === undefined) {
      habit = new Habit();
      this.#habits[point] = habit;
    }
    if (isCertain) habit.note(isAgain);
    return isAgain && (isCertain || habit.isKnown);
  }

  /** The table that knows the hash, at its row; null where none does. */
  #holder(): Table | null {
    if (this.#young.find(this.#hash)) return this.#young;
    return this.#old.find(this.#hash) ? this.#old : null;
  }

  #put(value: number, mark: number): void {
    if (this.#young.isFull) {
      const oldest = this.#old;
      this.#old = this.#young;
      this.#young = oldest;
      oldest.clear();
    }
    this.#young.set(this.#hash, value, mark);
  }
}

/** No sender sends it twice at once. */
function isCertain({ bytes, at, end }: Packet, etherType: number): boolean {
  if (etherType === IPV6) return at + 40 <= end && bytes[at + 6] === TCP && isSyn(bytes, at + 40, end);
  if (etherType !== IPV4 || at + 20 > end) return false;
  return u16(bytes, at + 4) !== 0 || (bytes[at + 9] === TCP && isSyn(bytes, at + ((bytes[at] ?? 0) & 15) * 4, end));
}

function isSyn(bytes: Uint8Array, at: number, end: number): boolean {
  return at + 14 <= end && ((bytes[at + 13] ?? 0) & SYN) !== 0;
}

const WORDS = 4;
const VALUE = 2;
const MARK = 3;
/** Enough that of a hundred thousand packets one in ten others seems to be known. */
const BEGINNINGS = 1 << 20;

/** Numbers with a mark by hash, in open addressing; at most half of the places are taken. */
class Table {
  readonly #most: number;
  readonly #mask: number;
  /** Both words of the hash, the number + 1 (0: free), and a time as `microsOf` gives it or a frame. */
  readonly #rows: Int32Array;
  /** A bit for every beginning of a hash that is here: of most packets nothing is, and no row is looked at in vain. */
  readonly #begun = new Int32Array(BEGINNINGS / 32);
  #row = 0;
  #taken = 0;

  constructor(most: number) {
    const places = 2 ** Math.ceil(Math.log2(most * 2));
    this.#most = most;
    this.#mask = places - 1;
    this.#rows = new Int32Array(places * WORDS);
  }

  get isFull(): boolean {
    return this.#taken >= this.#most;
  }

  /** Of the hash that was found last. */
  get found(): number {
    return (this.#rows[this.#row + VALUE] ?? 0) - 1;
  }

  get foundMark(): number {
    return this.#rows[this.#row + MARK] ?? 0;
  }

  find(hash: Signature): boolean {
    const beginning = hash.low & (BEGINNINGS - 1);
    if (((this.#begun[beginning >>> 5] ?? 0) & (1 << (beginning & 31))) === 0) return false;
    this.#row = this.#place(hash);
    return (this.#rows[this.#row + VALUE] ?? 0) !== 0;
  }

  set(hash: Signature, value: number, mark: number): void {
    const rows = this.#rows;
    const row = this.#place(hash);
    if ((rows[row + VALUE] ?? 0) === 0) this.#begin(hash.low & (BEGINNINGS - 1));
    rows[row] = hash.high;
    rows[row + 1] = hash.low;
    rows[row + VALUE] = value + 1;
    rows[row + MARK] = mark;
  }

  clear(): void {
    this.#rows.fill(0);
    this.#begun.fill(0);
    this.#taken = 0;
  }

  #begin(beginning: number): void {
    this.#begun[beginning >>> 5] = (this.#begun[beginning >>> 5] ?? 0) | (1 << (beginning & 31));
    this.#taken++;
  }

  #place({ high, low }: Signature): number {
    const rows = this.#rows;
    let place = low & this.#mask;
    for (;;) {
      const row = place * WORDS;
      if ((rows[row + VALUE] ?? 0) === 0 || (rows[row] === high && rows[row + 1] === low)) return row;
      place = (place + 1) & this.#mask;
    }
  }
}
