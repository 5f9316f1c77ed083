import { mix } from "../bytes/mix.ts";
import { IPV4, IPV6 } from "./ethertypes.ts";
import type { Packet } from "./packet.ts";
import { i32, u16 } from "./words.ts";

const TCP = 6;
const UDP = 17;
/** Bytes behind the IP header that tell packets apart, beside the lengths in the header. */
const LOOKED_AT = 128;
/** Sixteen numbers: of a packet that few points show all that is remembered is found in one place of memory. */
const TOGETHER_BITS = 4;

/**
 * What one packet looks like wherever it is captured: a hash of 64 bits in two words over what no router or network
 * card changes: addresses, identification, fragment, protocol, lengths, and the first bytes behind the IP header
 * without the checksum of TCP and UDP.
 */
export class Signature {
  high = 0;
  low = 0;
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Becomes the signature of a packet at its network header; returns the bytes captured of the packet. */
  of(packet: Packet, etherType: number): number {
    const { at, end } = packet;
    this.high = this.#seed ^ etherType;
    this.low = mix(this.high + 1);
    const captured = this.#read(packet, etherType, end - at);
    this.high = mix(this.high);
    this.low = mix(this.low);
    return captured;
  }

  /** Becomes the hash of a signature together with a number: `low` is shared by a few numbers, which thus lie together. */
  set(high: number, low: number, value: number): void {
    this.high = mix(high ^ Math.imul(value, 0x85ebca6b));
    this.low = (low + Math.imul(value >> TOGETHER_BITS, 0xc2b2ae35)) | 0;
  }

  #read(packet: Packet, etherType: number, length: number): number {
    if (etherType === IPV4 && length >= 20) return this.#ipv4(packet);
    if (etherType === IPV6 && length >= 40) return this.#ipv6(packet);
    this.#add(packet.bytes, packet.at, packet.at + Math.min(length, LOOKED_AT));
    return length;
  }

  /** Neither the type of service, the time to live nor the header's checksum: routers write them. */
  #ipv4({ bytes, at, end }: Packet): number {
    const total = u16(bytes, at + 2);
    const stop = total === 0 ? end : Math.min(end, at + total);
    this.#add(bytes, at + 2, at + 8);
    this.#add(bytes, at + 12, at + 20);
    this.#body(bytes, at + Math.max(20, ((bytes[at] ?? 0) & 15) * 4), stop, bytes[at + 9] ?? 0);
    return stop - at;
  }

  #ipv6({ bytes, at, end }: Packet): number {
    const length = u16(bytes, at + 4);
    const stop = length === 0 ? end : Math.min(end, at + 40 + length);
    this.#add(bytes, at + 4, at + 7);
    this.#add(bytes, at + 8, at + 40);
    this.#body(bytes, at + 40, stop, bytes[at + 6] ?? 0);
    return stop - at;
  }

  /** Network cards fill in the checksum between one point and the next. */
  #body(bytes: Uint8Array, from: number, end: number, protocol: number): void {
    const stop = Math.min(end, from + LOOKED_AT);
    const checksum = protocol === TCP ? from + 16 : protocol === UDP ? from + 6 : stop;
    this.#mixIn(protocol);
    this.#add(bytes, from, Math.min(stop, checksum));
    this.#add(bytes, checksum + 2, stop);
  }

  /** `bytes[from, to)`, four at a time; nothing where `to` lies before `from`. */
  #add(bytes: Uint8Array, from: number, to: number): void {
    const whole = from + ((to - from) & ~3);
    let { high, low } = this;
    for (let at = from; at < whole; at += 4) {
      const word = i32(bytes, at);
      low = nextLow(low, word);
      high = nextHigh(high, word);
    }
    this.low = low;
    this.high = high;
    for (let at = Math.max(from, whole); at < to; at += 1) this.#mixIn(bytes[at] ?? 0);
  }

  #mixIn(value: number): void {
    this.low = nextLow(this.low, value);
    this.high = nextHigh(this.high, value);
  }
}

function nextLow(low: number, value: number): number {
  const next = Math.imul(low ^ value, 0x85ebca6b);
  return next ^ (next >>> 15);
}

function nextHigh(high: number, value: number): number {
  return Math.imul(((high << 5) | (high >>> 27)) ^ value, 0x9e3779b1);
}
