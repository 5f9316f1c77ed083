import { mix } from "../bytes/mix.ts";
import type { Packet } from "./packet.ts";

/**
 * Words of a row. One row is 32 bytes, half a cache line: a packet of a known flow costs one miss in the index and one
 * here.
 *
 * The two ends of a flow are its sides: side 0 is the lower address, of equal ones the lower port.
 */
export const ROW = 8;
export const ADDRESS_0 = 0;
export const ADDRESS_1 = 1;
/** Port of side 0 in the upper half. */
export const PORTS = 2;
/** State and marks, see below. */
export const META = 3;
/** Seconds and nanoseconds of the last frame; seconds count from the first frame of the capture. */
export const LAST_SECONDS = 4;
export const LAST_NANOS = 5;
/** Where its details are (`FlowDetails`). Of a folded row: what `LONE` and `BARE` say. */
export const DETAIL = 6;
/** Number of its stream + 1, 0 where there is none. A free row keeps the next free row here. */
export const STREAM = 7;

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
/** Folded: of the one SYN seen so far, its sequence number and its frame; its time is that of the last frame. */
export const LONE = 1 << 12;
/** Folded: of an ignored flow, the bases of side 0 and of side 1, both or neither of them known. */
export const BARE = 1 << 13;
export const FOLDED = LONE | BARE;
/** The client has answered, which ends the handshake. */
export const ANSWERED = 1 << 14;
export const TRY = 1 << 16;
export const TRIES_SHIFT = 16;

/** Rows to begin with; when they are full, room for all is taken at once, of which the platform gives what is written to. */
const FIRST_ROWS = 16_384;
const FIRST_PLACES = 2048;
/** Every time the index is renewed all rows are entered anew, each with a miss: seldom, then. */
const GROWTH = 4;
/** Bits of a place that hold row + 1, so that there may be a million rows; the others hold the upper bits of its hash. */
const ROW_BITS = 20;
const ROW_MASK = (1 << ROW_BITS) - 1;

/**
 * TCP flows by addresses and ports: rows of numbers, found by open addressing (linear probing) over their hashes.
 *
 * The place of a flow that is removed goes on leading to its row, where nothing is found, or another flow: to look for
 * it and to close the hole would take as many misses as all the rest. When too many places are taken, all are renewed.
 */
export class Flows {
  rows: Int32Array;
  /** Rows that were ever in use: all others lie behind. */
  high = 0;
  /** Side of the sender of the packet last looked for. */
  side: 0 | 1 = 0;
  readonly #limit: number;
  readonly #seed: number;
  readonly #otherSeed: number;
  /** Row + 1 and the upper bits of its hash; 0: free place. At least twice as many places as rows in use, a power of two. */
  #index: Int32Array;
  /** Places taken, three in four at most. */
  #taken = 0;
  #free = -1;
  #count = 0;
  #hash = 0;

  constructor(limit: number, seed: number) {
    this.#limit = limit;
    this.#seed = mix(seed ^ 0x666c6f77);
    this.#otherSeed = mix(this.#seed);
    const capacity = Math.min(FIRST_ROWS, limit);
    this.rows = new Int32Array(capacity * ROW);
    this.#index = new Int32Array(FIRST_PLACES);
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
    const hash = this.#hashOf(a, b, ports, version);
    this.#hash = hash;
    const index = this.#index;
    const rows = this.rows;
    const mask = index.length - 1;
    for (let place = hash & mask; ; place = (place + 1) & mask) {
      const entry = index[place] ?? 0;
      if (entry === 0) return -1;
      if (((entry ^ hash) & ~ROW_MASK) !== 0) continue;
      const at = ((entry & ROW_MASK) - 1) * ROW;
      if (
        rows[at + ADDRESS_0] === a &&
        rows[at + ADDRESS_1] === b &&
        rows[at + PORTS] === ports &&
        isOf(rows[at + META] ?? 0, version)
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
    rows[at + ADDRESS_0] = isSide0 ? packet.src : packet.dst;
    rows[at + ADDRESS_1] = isSide0 ? packet.dst : packet.src;
    rows[at + PORTS] = isSide0 ? (sport << 16) | dport : (dport << 16) | sport;
    rows[at + META] = packet.version === 6 ? VERSION_6 : 0;
    rows[at + LAST_SECONDS] = 0;
    rows[at + LAST_NANOS] = 0;
    rows[at + DETAIL] = 0;
    rows[at + STREAM] = 0;
    if (this.#taken * 4 >= this.#index.length * 3) this.#renewIndex();
    this.#enter(this.#hash, row);
    return at;
  }

  remove(at: number): void {
    const { rows } = this;
    rows[at + META] = FREE;
    rows[at + STREAM] = this.#free;
    this.#free = at / ROW;
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
    const rows = new Int32Array(this.#limit * ROW);
    rows.set(this.rows);
    this.rows = rows;
  }

  #renewIndex(): void {
    if (this.#count * 2 > this.#index.length) this.#growIndex();
    else this.#index.fill(0);
    this.#taken = 0;
    const { rows } = this;
    for (let row = 0; row < this.high; row += 1) {
      if (((rows[row * ROW + META] ?? 0) & STATE) !== FREE) this.#enter(this.#hashOfRow(row * ROW), row);
    }
  }

  #growIndex(): void {
    const enough = 2 << (31 - Math.clz32(this.#limit * 2 - 1));
    this.#index = new Int32Array(Math.min(enough, this.#index.length * GROWTH));
  }

  #enter(hash: number, row: number): void {
    const index = this.#index;
    const mask = index.length - 1;
    let place = hash & mask;
    while (index[place] !== 0) place = (place + 1) & mask;
    index[place] = (hash & ~ROW_MASK) | (row + 1);
    this.#taken += 1;
  }

  /** Addresses are mixed side by side, not one after the other: nothing waits for the first. */
  #hashOf(a: number, b: number, ports: number, version: number): number {
    return mix(mix(this.#seed ^ a ^ version) ^ mix(this.#otherSeed ^ b) ^ ports);
  }

  #hashOfRow(at: number): number {
    const rows = this.rows;
    const version = (rows[at + META] ?? 0) & VERSION_6;
    return this.#hashOf(rows[at + ADDRESS_0] ?? 0, rows[at + ADDRESS_1] ?? 0, rows[at + PORTS] ?? 0, version);
  }
}

function isOf(meta: number, version: number): boolean {
  return (meta & VERSION_6) === version && (meta & STATE) !== FREE;
}
