import { mix } from "../bytes/mix.ts";
import type { Addresses } from "./addresses.ts";
import type { Bounds, Packet, TellOnce } from "./packet.ts";
import type { Hosts } from "./sink.ts";

const WORDS = 2;
const ADDRESS = 0;
const PEER = 1;

/** What the state of a place says; that of a free one is 0. */
const VERSION_6 = 1;
const SEVERAL = 2;
const USED = 4;
/** The other bits are upper ones of the hash: nearly all other hosts are told by them, without a look into the table. */
const TAG = 0xf8;
const TAG_SHIFT = 24;

const FIRST_PLACES = 512;
const RECENT = 1024;

/** Who talked to one host only, and who to several: nine bytes for each place, of which three in four are taken at most. */
export class PeerBook implements Hosts {
  readonly #addresses: Addresses;
  readonly #limit: number;
  readonly #seed: number;
  readonly #tell: TellOnce;
  #table = new Int32Array(FIRST_PLACES * WORDS);
  #states = new Uint8Array(FIRST_PLACES);
  #count = 0;
  #isTold = false;
  /** The state of the host that was looked for last, where it talked to one only. */
  #sought = 0;
  /** Pairs noted lately: a conversation goes through the table once, not with each of its packets. */
  readonly #recent = new Int32Array(RECENT * 3);

  constructor(addresses: Addresses, bounds: Bounds, seed: number, tell: TellOnce) {
    this.#addresses = addresses;
    this.#limit = bounds.hosts;
    this.#seed = mix(seed ^ 0x686f7374);
    this.#tell = tell;
  }

  note(packet: Packet): void {
    const { version, src, dst } = packet;
    const slot = ((src ^ Math.imul(dst, 0x9e3779b1)) & (RECENT - 1)) * 3;
    const recent = this.#recent;
    if (recent[slot] === src && recent[slot + 1] === dst && recent[slot + 2] === version) return;
    if (packet.group || (version === 4 && src === 0)) return;
    recent[slot] = src;
    recent[slot + 1] = dst;
    recent[slot + 2] = version;
    if (!this.#addresses.isLasting(version, src) || !this.#addresses.isLasting(version, dst)) return;
    this.#meet(version, src, dst, packet.frame);
    this.#meet(version, dst, src, packet.frame);
  }

  talkedOnlyTo(address: string, peer: string): boolean {
    const host = this.#addresses.find(address);
    const other = this.#addresses.find(peer);
    if (host === null || other === null || host.version !== other.version) return false;
    const place = this.#place(host.version, host.key);
    const state = this.#states[place] ?? 0;
    return (state & USED) !== 0 && (state & SEVERAL) === 0 && this.#table[place * WORDS + PEER] === other.key;
  }

  #meet(version: 4 | 6, host: number, peer: number, frame: number): void {
    const place = this.#place(version, host);
    const state = this.#states[place] ?? 0;
    if (state === 0) this.#add(place, host, peer, frame);
    else if (this.#table[place * WORDS + PEER] !== peer) this.#states[place] = state | SEVERAL;
  }

  #add(place: number, host: number, peer: number, frame: number): void {
    if (this.#count >= this.#limit) {
      if (this.#isTold) return;
      this.#isTold = true;
      this.#tell(`More than ${this.#limit} addresses: of the rest it is not known whom they talked to.`, frame);
      return;
    }
    this.#enter(place, host, peer, this.#sought);
    this.#count += 1;
    if (this.#count * 4 > this.#states.length * 3) this.#grow();
  }

  #enter(place: number, host: number, peer: number, state: number): void {
    this.#table[place * WORDS + ADDRESS] = host;
    this.#table[place * WORDS + PEER] = peer;
    this.#states[place] = state;
  }

  /** Where the host is, or the free place where it would be. */
  #place(version: 4 | 6, host: number): number {
    const table = this.#table;
    const states = this.#states;
    const mask = states.length - 1;
    const kind = version === 6 ? VERSION_6 : 0;
    const hash = mix(host ^ this.#seed ^ kind);
    const sought = USED | kind | ((hash >>> TAG_SHIFT) & TAG);
    this.#sought = sought;
    let place = hash & mask;
    for (;;) {
      const state = states[place] ?? 0;
      if (state === 0 || ((state & ~SEVERAL) === sought && table[place * WORDS + ADDRESS] === host)) return place;
      place = (place + 1) & mask;
    }
  }

  #grow(): void {
    const table = this.#table;
    const states = this.#states;
    this.#table = new Int32Array(table.length * 2);
    this.#states = new Uint8Array(states.length * 2);
    for (let old = 0; old < states.length; old += 1) {
      const state = states[old] ?? 0;
      if (state === 0) continue;
      const host = table[old * WORDS + ADDRESS] ?? 0;
      const place = this.#place((state & VERSION_6) !== 0 ? 6 : 4, host);
      this.#enter(place, host, table[old * WORDS + PEER] ?? 0, state);
    }
  }
}
