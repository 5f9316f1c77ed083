import type { Addresses } from "./addresses.ts";
import type { Bounds, Packet, TellOnce } from "./packet.ts";
import type { Hosts } from "./sink.ts";
import { mix } from "./words.ts";

const WORDS = 4;
const ADDRESS = 0;
const PEER = 1;
const STATE = 2;

const VERSION_6 = 1;
const SEVERAL = 2;
const USED = 4;

const RECENT = 1024;
/** As of `Flows`: every address is entered anew. */
const GROWTH = 4;

/** Who talked to one host only, and who to several: four words for each address. */
export class PeerBook implements Hosts {
  readonly #addresses: Addresses;
  readonly #limit: number;
  readonly #seed: number;
  readonly #tell: TellOnce;
  #table = new Int32Array(512 * WORDS);
  #count = 0;
  #isTold = false;
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
    const at = this.#place(host.version, host.key);
    const state = this.#table[at + STATE] ?? 0;
    return (state & USED) !== 0 && (state & SEVERAL) === 0 && this.#table[at + PEER] === other.key;
  }

  #meet(version: 4 | 6, host: number, peer: number, frame: number): void {
    const at = this.#place(version, host);
    const state = this.#table[at + STATE] ?? 0;
    if (state === 0) this.#add(at, version, host, peer, frame);
    else if (this.#table[at + PEER] !== peer) this.#table[at + STATE] = state | SEVERAL;
  }

  #add(at: number, version: 4 | 6, host: number, peer: number, frame: number): void {
    if (this.#count >= this.#limit) {
      if (this.#isTold) return;
      this.#isTold = true;
      this.#tell(`More than ${this.#limit} addresses: of the rest it is not known whom they talked to.`, frame);
      return;
    }
    const table = this.#table;
    table[at + ADDRESS] = host;
    table[at + PEER] = peer;
    table[at + STATE] = version === 6 ? USED | VERSION_6 : USED;
    this.#count += 1;
    if (this.#count * 2 * WORDS > table.length) this.#grow();
  }

  /** Where the host is, or the free place where it would be. */
  #place(version: 4 | 6, host: number): number {
    const mask = this.#table.length / WORDS - 1;
    const kind = version === 6 ? VERSION_6 : 0;
    let place = mix(host ^ this.#seed ^ kind) & mask;
    for (;;) {
      const at = place * WORDS;
      const state = this.#table[at + STATE] ?? 0;
      if (state === 0 || (this.#table[at + ADDRESS] === host && (state & VERSION_6) === kind)) return at;
      place = (place + 1) & mask;
    }
  }

  #grow(): void {
    const old = this.#table;
    this.#table = new Int32Array(old.length * GROWTH);
    for (let at = 0; at < old.length; at += WORDS) {
      const state = old[at + STATE] ?? 0;
      if (state === 0) continue;
      const place = this.#place((state & VERSION_6) !== 0 ? 6 : 4, old[at + ADDRESS] ?? 0);
      for (let word = 0; word < WORDS; word += 1) this.#table[place + word] = old[at + word] ?? 0;
    }
  }
}
