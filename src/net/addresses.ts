import { ipv6Text } from "../bytes/address.ts";
import { mix } from "../bytes/mix.ts";
import { textOf, writeDotted } from "../bytes/text.ts";
import type { Bounds, Packet } from "./packet.ts";
import { i32 } from "./words.ts";

const RECENT = 4096;
/** Enough that of a hundred thousand known addresses one in ten others is taken for known. */
const SPELLED_BITS = 1 << 20;

/**
 * IPv6 addresses as small numbers, and addresses as text.
 *
 * Numbers are given in the order of first appearance, so nothing that depends on them depends on the seed. When the
 * table is full, unknown addresses share two numbers that are good for the packet being read only (`isLasting`).
 */
export class Addresses {
  readonly #limit: number;
  readonly #seed: number;
  readonly #otherSeed: number;
  #words = new Int32Array(256 * 4);
  /** Number + 1 of an address, 0 where free; twice as long as the addresses there is room for. */
  #index = new Int32Array(512);
  #count = 0;
  readonly #strangers = new Int32Array(8);
  /** A bit for each address that was spelled, by its hash. */
  readonly #spelled = new Int32Array(SPELLED_BITS / 32);
  /** IPv4 addresses spelled lately, by hash: most are asked for again at once. */
  readonly #recentKeys = new Int32Array(RECENT);
  readonly #recentTexts = new Array<string>(RECENT).fill("");
  readonly #texts6: string[] = [];
  /** Filled only when somebody looks for an address by its text, with the first `#listed` addresses. */
  readonly #numbers = new Map<string, number>();
  #listed = 0;

  constructor(bounds: Bounds, seed: number) {
    this.#limit = bounds.ipv6Addresses;
    this.#seed = mix(seed ^ 0x69707636);
    this.#otherSeed = mix(this.#seed);
  }

  /** The number of the IPv6 address at `bytes[at]`; `spare` (0 or 1) tells source and destination apart when full. */
  intern(bytes: Uint8Array, at: number, spare: 0 | 1): number {
    const a = i32(bytes, at);
    const b = i32(bytes, at + 4);
    const c = i32(bytes, at + 8);
    const d = i32(bytes, at + 12);
    const mask = this.#index.length - 1;
    let place = this.#hash(a, b, c, d) & mask;
    for (;;) {
      const entry = this.#index[place] ?? 0;
      if (entry === 0) return this.#add(place, a, b, c, d, spare);
      const w = (entry - 1) * 4;
      const words = this.#words;
      if (words[w] === a && words[w + 1] === b && words[w + 2] === c && words[w + 3] === d) return entry - 1;
      place = (place + 1) & mask;
    }
  }

  /** False for a number that another packet may reuse for another address. */
  isLasting(version: 4 | 6, key: number): boolean {
    return version === 4 || key < this.#limit;
  }

  text(version: 4 | 6, key: number): string {
    const slot = mix(key) & (RECENT - 1);
    const recent = this.#recentKeys[slot] === key && version === 4 ? (this.#recentTexts[slot] ?? "") : "";
    if (recent !== "") return recent;
    const bit = this.#bitOf(version, key);
    this.#spelled[bit >>> 5] = (this.#spelled[bit >>> 5] ?? 0) | (1 << (bit & 31));
    if (version === 6) return this.#text6(key);
    const text = dotted(key);
    this.#recentKeys[slot] = key;
    this.#recentTexts[slot] = text;
    return text;
  }

  /** False where nobody was ever told the address; true may be a mistake. */
  mayBeKnown(version: 4 | 6, key: number): boolean {
    const bit = this.#bitOf(version, key);
    return ((this.#spelled[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0;
  }

  /** The address that has this text, as `text` spells it; null where no packet had it. */
  find(text: string): { readonly version: 4 | 6; readonly key: number } | null {
    if (!text.includes(":")) {
      const bytes = text.split(".").map(Number);
      return { version: 4, key: i32(Uint8Array.from(bytes), 0) };
    }
    for (; this.#listed < this.#count; this.#listed += 1) this.#numbers.set(this.#text6(this.#listed), this.#listed);
    const key = this.#numbers.get(text);
    return key === undefined ? null : { version: 6, key };
  }

  /** The sum of the address's 16-bit words, as checksums over it want. */
  sum(version: 4 | 6, key: number): number {
    if (version === 4) return (key >>> 16) + (key & 0xffff);
    const words = key >= this.#limit ? this.#strangers : this.#words;
    const first = key >= this.#limit ? (key - this.#limit) * 4 : key * 4;
    return words.subarray(first, first + 4).reduce((total, word) => total + (word >>> 16) + (word & 0xffff), 0);
  }

  source(packet: Packet): string {
    return this.text(packet.version, packet.src);
  }

  destination(packet: Packet): string {
    return this.text(packet.version, packet.dst);
  }

  #bitOf(version: 4 | 6, key: number): number {
    return mix(this.#seed ^ key ^ version) & (SPELLED_BITS - 1);
  }

  /** Its halves are mixed side by side: neither waits for the other. */
  #hash(a: number, b: number, c: number, d: number): number {
    return mix(mix(this.#seed ^ a) ^ b) ^ mix(mix(this.#otherSeed ^ c) ^ d);
  }

  #add(place: number, a: number, b: number, c: number, d: number, spare: 0 | 1): number {
    if (this.#count >= this.#limit) {
      this.#strangers.set([a, b, c, d], spare * 4);
      return this.#limit + spare;
    }
    const number = this.#count;
    let free = place;
    if (number * 4 === this.#words.length) {
      this.#grow();
      free = this.#free(this.#hash(a, b, c, d));
    }
    this.#words.set([a, b, c, d], number * 4);
    this.#index[free] = number + 1;
    this.#count += 1;
    return number;
  }

  #grow(): void {
    const words = new Int32Array(this.#words.length * 2);
    words.set(this.#words);
    this.#words = words;
    this.#index = new Int32Array(this.#index.length * 2);
    for (let number = 0; number < this.#count; number += 1) {
      const w = number * 4;
      const hash = this.#hash(words[w] ?? 0, words[w + 1] ?? 0, words[w + 2] ?? 0, words[w + 3] ?? 0);
      this.#index[this.#free(hash)] = number + 1;
    }
  }

  #free(hash: number): number {
    const mask = this.#index.length - 1;
    let place = hash & mask;
    while (this.#index[place] !== 0) place = (place + 1) & mask;
    return place;
  }

  #text6(key: number): string {
    if (key >= this.#limit) return this.#spell(this.#strangers, (key - this.#limit) * 4);
    let text = this.#texts6[key];
    if (text === undefined) {
      text = this.#spell(this.#words, key * 4);
      this.#texts6[key] = text;
    }
    return text;
  }

  #spell(words: Int32Array, at: number): string {
    const groups: number[] = [];
    for (let i = 0; i < 4; i += 1) {
      const word = words[at + i] ?? 0;
      groups.push(word >>> 16, word & 0xffff);
    }
    return ipv6Text(groups);
  }
}

const spelled = new Uint8Array(16);

/** The dotted text of an IPv4 address. */
export function dotted(key: number): string {
  return textOf(spelled, 0, writeDotted(spelled, 0, key >>> 24, (key >>> 16) & 255, (key >>> 8) & 255, key & 255));
}
