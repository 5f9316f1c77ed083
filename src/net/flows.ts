import type { Packet } from "./packet.ts";
import { mix } from "./words.ts";

/**
 * Words of a row. One row is 64 bytes, a cache line: a packet of a known flow costs one miss in the index and one here.
 *
 * The two ends of a flow are its sides: side 0 is the lower address, of equal ones the lower port.
 */
export const ROW = 16;
export const ADDRESS_0 = 0;
export const ADDRESS_1 = 1;
/** Port of side 0 in the upper half. */
export const PORTS = 2;
/** State and marks, see below. */
export const META = 3;
/** Seconds and nanoseconds of the last frame; seconds count from the first frame of the capture. */
export const LAST_SECONDS = 4;
export const LAST_NANOS = 5;
export const FIRST_FRAME = 6;
export const FIRST_SECONDS = 7;
export const FIRST_NANOS = 8;
/** Sequence numbers of the first byte of side 0 and of side 1, where `BASE_KNOWN` says so. */
export const BASE = 9;
/** Frames of the handshake, 0 where not seen; the SYN's is in `SYN_FRAME`. */
export const SYN_FRAME = 11;
export const SYN_ACK_FRAME = 12;
export const ACK_FRAME = 13;
/** Number of its stream + 1, 0 where there is none. A free row keeps the next free row here. */
export const STREAM = 14;
/** Frames of side 0 and of side 1 before recognition, 16 bits each, side 0 in the lower half. */
export const COUNTS = 15;

/** The lowest three bits of `META`. */
export const STATE = 7;
export const FREE = 0;
/** SYN, and nothing came back. */
export const SYN_SENT = 1;
/** Nobody knows yet whose bytes these are. */
export const UNDECIDED = 2;
/** Nobody wants them. */
export const IGNORED = 3;
/** Recognised: its stream writes a `Connection`. */
export const WANTED = 4;

export const VERSION_6 = 1 << 3;
/** The client is side 1. */
export const CLIENT_IS_1 = 1 << 4;
export const CLIENT_KNOWN = 1 << 5;
/** The two bits of the sides stand side by side here and below: `<< side` chooses. */
export const BASE_KNOWN = 1 << 6;
export const FIN_SEEN = 1 << 8;
export const RESET = 1 << 10;
export const TRY = 1 << 16;
export const TRIES_SHIFT = 16;

const FIRST_ROWS = 1024;

/** TCP flows by addresses and ports: rows of numbers, found by open addressing (linear probing) over their hashes. */
export class Flows {
  rows: Int32Array;
  /** Rows that were ever in use: all others lie behind. */
  high = 0;
  /** Side of the sender of the packet last looked for. */
  side: 0 | 1 = 0;
  readonly #limit: number;
  readonly #seed: number;
  /** Pairs: hash, row + 1 (0: free place). */
  #index: Int32Array;
  #free = -1;
  #count = 0;
  #hash = 0;

  constructor(limit: number, seed: number) {
    this.#limit = limit;
    this.#seed = mix(seed ^ 0x666c6f77);
    const capacity = Math.min(FIRST_ROWS, limit);
    this.rows = new Int32Array(capacity * ROW);
    this.#index = new Int32Array(indexWords(capacity));
  }

  get isFull(): boolean {
    return this.#count >= this.#limit;
  }

  /** Start of the flow's row in `rows`, or -1; sets `side`. */
  find(packet: Packet, sport: number, dport: number): number {
    const { src, dst } = packet;
    const isSide0 = src !== dst ? src >>> 0 < dst >>> 0 : sport <= dport;
    this.side = isSide0 ? 0 : 1;
    const a = isSide0 ? src : dst;
    const b = isSide0 ? dst : src;
    const ports = isSide0 ? (sport << 16) | dport : (dport << 16) | sport;
    const version = packet.version === 6 ? VERSION_6 : 0;
    const hash = mix(mix(mix(this.#seed ^ a ^ version) ^ b) ^ ports);
    this.#hash = hash;
    const index = this.#index;
    const rows = this.rows;
    const mask = index.length - 2;
    for (let place = (hash << 1) & mask; ; place = (place + 2) & mask) {
      const entry = index[place + 1] ?? 0;
      if (entry === 0) return -1;
      if (index[place] !== hash) continue;
      const at = (entry - 1) * ROW;
      if (
        rows[at + ADDRESS_0] === a &&
        rows[at + ADDRESS_1] === b &&
        rows[at + PORTS] === ports &&
        ((rows[at + META] ?? 0) & VERSION_6) === version
      ) {
        return at;
      }
    }
  }

  /** A new row for the packet that `find` just did not find: zeros but for addresses, ports and version. */
  add(packet: Packet, sport: number, dport: number): number {
    const row = this.#takeRow();
    const at = row * ROW;
    const rows = this.rows;
    const isSide0 = this.side === 0;
    rows.fill(0, at, at + ROW);
    rows[at + ADDRESS_0] = isSide0 ? packet.src : packet.dst;
    rows[at + ADDRESS_1] = isSide0 ? packet.dst : packet.src;
    rows[at + PORTS] = isSide0 ? (sport << 16) | dport : (dport << 16) | sport;
    rows[at + META] = packet.version === 6 ? VERSION_6 : 0;
    this.#enter(this.#hash, row + 1);
    return at;
  }

  remove(at: number): void {
    const rows = this.rows;
    const row = at / ROW;
    this.#leave(this.#placeOf(at, row + 1));
    rows[at + META] = FREE;
    rows[at + STREAM] = this.#free;
    this.#free = row;
    this.#count -= 1;
  }

  #takeRow(): number {
    this.#count += 1;
    if (this.#free >= 0) {
      const row = this.#free;
      this.#free = this.rows[row * ROW + STREAM] ?? -1;
      return row;
    }
    if (this.high * ROW === this.rows.length) this.#grow();
    const row = this.high;
    this.high += 1;
    return row;
  }

  #grow(): void {
    const capacity = Math.min(this.#limit, this.high * 2);
    const rows = new Int32Array(capacity * ROW);
    rows.set(this.rows);
    this.rows = rows;
    const old = this.#index;
    this.#index = new Int32Array(indexWords(capacity));
    for (let place = 0; place < old.length; place += 2) {
      const entry = old[place + 1] ?? 0;
      if (entry !== 0) this.#enter(old[place] ?? 0, entry);
    }
  }

  #enter(hash: number, entry: number): void {
    const index = this.#index;
    const mask = index.length - 2;
    let place = (hash << 1) & mask;
    while (index[place + 1] !== 0) place = (place + 2) & mask;
    index[place] = hash;
    index[place + 1] = entry;
  }

  #placeOf(at: number, entry: number): number {
    const rows = this.rows;
    const version = (rows[at + META] ?? 0) & VERSION_6;
    const ends = mix(mix(this.#seed ^ (rows[at + ADDRESS_0] ?? 0) ^ version) ^ (rows[at + ADDRESS_1] ?? 0));
    const index = this.#index;
    const mask = index.length - 2;
    let place = (mix(ends ^ (rows[at + PORTS] ?? 0)) << 1) & mask;
    while (index[place + 1] !== entry) place = (place + 2) & mask;
    return place;
  }

  /** Closes the hole at `place` by moving back later entries of the same run, so that no run ever breaks. */
  #leave(place: number): void {
    const index = this.#index;
    const mask = index.length - 2;
    let hole = place;
    for (let next = (hole + 2) & mask; index[next + 1] !== 0; next = (next + 2) & mask) {
      const home = ((index[next] ?? 0) << 1) & mask;
      if (((next - home) & mask) < ((next - hole) & mask)) continue;
      index[hole] = index[next] ?? 0;
      index[hole + 1] = index[next + 1] ?? 0;
      hole = next;
    }
    index[hole + 1] = 0;
  }
}

/** Two words for each place, at least two places for each row, a power of two. */
function indexWords(capacity: number): number {
  return 2 ** (Math.ceil(Math.log2(capacity)) + 2);
}
