import { limits } from "../bytes/limits.ts";
import type { Addresses } from "./addresses.ts";
import { ESP, readable } from "./esp.ts";
import { IPV4 } from "./ethertypes.ts";
import type { Fragments } from "./fragments.ts";
import type { PeerBook } from "./hosts.ts";
import { cutTo, type Packet } from "./packet.ts";
import { i32, u16, u32 } from "./words.ts";

/** No transport header to read: not IP after all, a fragment that waits for others, or nothing inside. */
export const NO_TRANSPORT = -1;

/** RFC 4302, over either version. */
const AUTHENTICATION = 51;

/** One IP header with its extensions and fragments. */
export class IpReader {
  readonly #addresses: Addresses;
  readonly #fragments: Fragments;
  readonly #peers: PeerBook;

  constructor(addresses: Addresses, fragments: Fragments, peers: PeerBook) {
    this.#addresses = addresses;
    this.#fragments = fragments;
    this.#peers = peers;
  }

  /** Moves `packet.at` to the header that follows, fills in addresses and lengths, and returns its protocol number. */
  read(packet: Packet, etherType: number): number {
    return etherType === IPV4 ? this.#ipv4(packet) : this.#ipv6(packet);
  }

  /** RFC 791 section 3.1. */
  #ipv4(packet: Packet): number {
    const { bytes, at } = packet;
    if (at + 20 > packet.end) return NO_TRANSPORT;
    const first = bytes[at] ?? 0;
    const header = (first & 15) * 4;
    if (first >> 4 !== 4 || header < 20 || at + header > packet.end) return NO_TRANSPORT;
    const total = u16(bytes, at + 2);
    // Total length 0: written before the network card cut the packet up, so what was captured counts.
    if (total !== 0 && total < header) return NO_TRANSPORT;
    if (total !== 0) cutTo(packet, at + total);
    packet.id = u16(bytes, at + 4);
    packet.version = 4;
    packet.src = i32(bytes, at + 12);
    packet.dst = i32(bytes, at + 16);
    packet.ttl = bytes[at + 8] ?? 0;
    if (packet.dst >>> 28 === 14 || packet.dst === -1) packet.group = true;
    packet.at = at + header;
    const fragment = u16(bytes, at + 6) & 0x3fff;
    let protocol = bytes[at + 9] ?? 0;
    if (fragment !== 0)
      protocol = this.#fragment(
        packet,
        u16(bytes, at + 4),
        (fragment & 0x1fff) * 8,
        (fragment & 0x2000) !== 0,
        protocol,
      );
    return protocol === AUTHENTICATION || protocol === ESP ? this.#extensions(packet, protocol) : protocol;
  }

  /** RFC 8200 section 3. */
  #ipv6(packet: Packet): number {
    const { bytes, at } = packet;
    if (at + 40 > packet.end || (bytes[at] ?? 0) >> 4 !== 6) return NO_TRANSPORT;
    const length = u16(bytes, at + 4);
    // Length 0: a jumbogram, or written before the network card cut the packet up.
    if (length !== 0) cutTo(packet, at + 40 + length);
    packet.id = 0;
    packet.version = 6;
    packet.src = this.#addresses.intern(bytes, at + 8, 0);
    packet.dst = this.#addresses.intern(bytes, at + 24, 1);
    packet.ttl = bytes[at + 7] ?? 0;
    if (bytes[at + 24] === 0xff) packet.group = true;
    packet.at = at + 40;
    return this.#extensions(packet, bytes[at + 6] ?? 0);
  }

  /** RFC 8200 section 4: every header names the next one. */
  #extensions(packet: Packet, first: number): number {
    let next = first;
    for (let depth = 0; depth < limits.encapsulation; depth += 1) {
      const { bytes, at } = packet;
      switch (next) {
        case 0: // hop-by-hop options
        case 43: // routing
        case 60: // destination options
        case 135: // mobility
        case 139: // host identity
        case 140: // shim6
          packet.at += ((bytes[at + 1] ?? 0) + 1) * 8;
          next = bytes[at] ?? 0;
          break;
        case AUTHENTICATION:
          packet.at += ((bytes[at + 1] ?? 0) + 2) * 4;
          next = bytes[at] ?? 0;
          break;
        case 44: {
          packet.at += 8;
          if (packet.at > packet.end) return NO_TRANSPORT;
          next = bytes[at] ?? 0;
          const place = u16(bytes, at + 2);
          const more = (place & 1) !== 0;
          if (place >> 3 === 0 && !more) break;
          next = this.#fragment(packet, u32(bytes, at + 4), place & 0xfff8, more, next);
          break;
        }
        case ESP:
          next = readable(packet, this.#addresses);
          if (next === ESP) packet.obstacle = "ESP";
          return next;
        default:
          return next;
      }
      if (packet.at > packet.end) return NO_TRANSPORT;
    }
    packet.obstacle = "depth";
    return NO_TRANSPORT;
  }

  #fragment(packet: Packet, id: number, offset: number, more: boolean, protocol: number): number {
    if (protocol !== ESP) this.#peers.note(packet);
    return this.#fragments.add(packet, { id, offset, more, protocol });
  }
}
