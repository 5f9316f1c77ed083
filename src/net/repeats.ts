import type { Bounds, Packet } from "./packet.ts";
import { Signature } from "./signature.ts";

const NEVER = -1;
/** How often its point has shown it, and how much was captured of it. */
const ROWS_A_PACKET = 2;

/**
 * Finds the packets that were captured at several points: the n-th time that a point shows a packet is the same packet
 * as the n-th time that another point shows it.
 *
 * Remembered are at least the last `limits.repeatedPackets`, each by its signature with the number of bytes captured of
 * it: whoever shows more of it is no repetition.
 */
export class Repeats {
  readonly #hash: Signature;
  #young: Table;
  #old: Table;
  /** Packets left out. */
  count = 0;

  constructor(bounds: Bounds, seed: number) {
    this.#hash = new Signature(seed);
    this.#young = new Table(bounds.repeatedPackets * ROWS_A_PACKET);
    this.#old = new Table(bounds.repeatedPackets * ROWS_A_PACKET);
  }

  /** Whether `packet`, at its network header, was shown by another point. `point`: a number for the point. */
  isRepeat(packet: Packet, etherType: number, point: number): boolean {
    const hash = this.#hash;
    const captured = hash.of(packet, etherType);
    const { high, low } = hash;
    hash.set(high, low, point + 1);
    const times = Math.max(0, this.#find()) + 1;
    this.#put(times);
    hash.set(high, low, -times);
    if (this.#find() >= captured) {
      this.count++;
      return true;
    }
    this.#put(captured);
    return false;
  }

  #find(): number {
    const young = this.#young.get(this.#hash);
    return young === NEVER ? this.#old.get(this.#hash) : young;
  }

  #put(value: number): void {
    if (this.#young.isFull) {
      const oldest = this.#old;
      this.#old = this.#young;
      this.#young = oldest;
      oldest.clear();
    }
    this.#young.set(this.#hash, value);
  }
}

/** Numbers by hash, in open addressing; at most half of the places are taken. */
class Table {
  readonly #most: number;
  readonly #mask: number;
  /** Both words of the hash, and the number + 1 (0: free). */
  readonly #rows: Int32Array;
  #taken = 0;

  constructor(most: number) {
    const places = 2 ** Math.ceil(Math.log2(most * 2));
    this.#most = most;
    this.#mask = places - 1;
    this.#rows = new Int32Array(places * 3);
  }

  get isFull(): boolean {
    return this.#taken >= this.#most;
  }

  /** `NEVER` where it is not known. */
  get(hash: Signature): number {
    return (this.#rows[this.#place(hash) + 2] ?? 0) - 1;
  }

  set(hash: Signature, value: number): void {
    const rows = this.#rows;
    const row = this.#place(hash);
    if ((rows[row + 2] ?? 0) === 0) this.#taken++;
    rows[row] = hash.high;
    rows[row + 1] = hash.low;
    rows[row + 2] = value + 1;
  }

  clear(): void {
    this.#rows.fill(0);
    this.#taken = 0;
  }

  #place({ high, low }: Signature): number {
    const rows = this.#rows;
    let place = low & this.#mask;
    for (;;) {
      const row = place * 3;
      if ((rows[row + 2] ?? 0) === 0 || (rows[row] === high && rows[row + 1] === low)) return row;
      place = (place + 1) & this.#mask;
    }
  }
}
