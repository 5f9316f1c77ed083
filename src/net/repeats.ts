import { IPV4, IPV6 } from "./ethertypes.ts";
import type { Bounds, Packet } from "./packet.ts";
import { mix, u16 } from "./words.ts";

const TCP = 6;
const UDP = 17;
/** Bytes behind the IP header that tell packets apart, beside the lengths in the header. */
const LOOKED_AT = 128;
const NEVER = -1;
/** How often its point has shown it, and how much was captured of it. */
const ROWS_A_PACKET = 2;

/**
 * Finds the packets that were captured at several points: the n-th time that a point shows a packet is the same packet
 * as the n-th time that another point shows it.
 *
 * Compared is what no router or network card changes: addresses, identification, fragment, protocol, lengths, and the
 * first bytes behind the IP header without the checksum of TCP and UDP. Remembered are at least the last
 * `limits.repeatedPackets`, each with the number of bytes captured of it: whoever shows more of it is no repetition.
 */
export class Repeats {
  readonly #seed: number;
  readonly #hash = new Hash();
  #young: Table;
  #old: Table;
  /** Packets left out. */
  count = 0;

  constructor(bounds: Bounds, seed: number) {
    this.#seed = seed;
    this.#young = new Table(bounds.repeatedPackets * ROWS_A_PACKET);
    this.#old = new Table(bounds.repeatedPackets * ROWS_A_PACKET);
  }

  /** Whether `packet`, at its network header, was shown by another point. `point`: a number for the point. */
  isRepeat(packet: Packet, etherType: number, point: number): boolean {
    const hash = this.#hash;
    const captured = this.#sign(packet, etherType);
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

  /** Leaves the packet's signature in the hash; the bytes captured of it. */
  #sign(packet: Packet, etherType: number): number {
    const { at, end } = packet;
    this.#hash.start(this.#seed ^ etherType);
    if (etherType === IPV4 && at + 20 <= end) return this.#signIpv4(packet);
    if (etherType === IPV6 && at + 40 <= end) return this.#signIpv6(packet);
    this.#hash.add(packet.bytes, at, Math.min(end, at + LOOKED_AT));
    this.#hash.finish();
    return end - at;
  }

  /** Neither the type of service, the time to live nor the header's checksum: routers write them. */
  #signIpv4({ bytes, at, end }: Packet): number {
    const total = u16(bytes, at + 2);
    const stop = total === 0 ? end : Math.min(end, at + total);
    this.#hash.add(bytes, at + 2, at + 8);
    this.#hash.add(bytes, at + 12, at + 20);
    this.#signBody(bytes, at + Math.max(20, ((bytes[at] ?? 0) & 15) * 4), stop, bytes[at + 9] ?? 0);
    return stop - at;
  }

  #signIpv6({ bytes, at, end }: Packet): number {
    const length = u16(bytes, at + 4);
    const stop = length === 0 ? end : Math.min(end, at + 40 + length);
    this.#hash.add(bytes, at + 4, at + 7);
    this.#hash.add(bytes, at + 8, at + 40);
    this.#signBody(bytes, at + 40, stop, bytes[at + 6] ?? 0);
    return stop - at;
  }

  /** Network cards fill in the checksum between one point and the next. */
  #signBody(bytes: Uint8Array, from: number, end: number, protocol: number): void {
    const hash = this.#hash;
    const stop = Math.min(end, from + LOOKED_AT);
    const checksum = protocol === TCP ? from + 16 : protocol === UDP ? from + 6 : stop;
    hash.addNumber(protocol);
    hash.add(bytes, from, Math.min(stop, checksum));
    hash.add(bytes, checksum + 2, stop);
    hash.finish();
  }
}

/** A hash of 64 bits in two words. */
class Hash {
  high = 0;
  low = 0;

  start(seed: number): void {
    this.high = seed;
    this.low = mix(seed + 1);
  }

  /** `bytes[from, to)`; nothing where `to` lies before `from`. */
  add(bytes: Uint8Array, from: number, to: number): void {
    for (let at = from; at < to; at++) this.addNumber(bytes[at] ?? 0);
  }

  addNumber(value: number): void {
    this.high = Math.imul(this.high ^ value, 0x01000193);
    this.low = Math.imul(this.low + value, 0x9e3779b1) ^ (this.low >>> 15);
  }

  finish(): void {
    this.high = mix(this.high);
    this.low = mix(this.low);
  }

  /** The hash of a signature together with a number. */
  set(high: number, low: number, value: number): void {
    this.high = mix(high ^ Math.imul(value, 0x85ebca6b));
    this.low = mix(low + Math.imul(value, 0xc2b2ae35));
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
  get(hash: Hash): number {
    return (this.#rows[this.#place(hash) + 2] ?? 0) - 1;
  }

  set(hash: Hash, value: number): void {
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

  #place({ high, low }: Hash): number {
    const rows = this.#rows;
    let place = low & this.#mask;
    for (;;) {
      const row = place * 3;
      if ((rows[row + 2] ?? 0) === 0 || (rows[row] === high && rows[row + 1] === low)) return row;
      place = (place + 1) & this.#mask;
    }
  }
}
