import { ipv6At } from "../bytes/address.ts";
import { limits } from "../bytes/limits.ts";
import type { Unreachable } from "../model/connection.ts";
import { type Addresses, dotted } from "./addresses.ts";
import { transportName } from "./fragments.ts";
import type { Packet } from "./packet.ts";
import { i32, u16 } from "./words.ts";

/** The packet that provoked an error, as far as the error quotes it. */
type Quoted = Pick<Unreachable, "version" | "transport" | "src" | "dst">;

const HEADER = 8;

/** ICMP destination unreachable (RFC 792): the error, or null where the packet says something else. */
export function icmpError(packet: Packet, addresses: Addresses): Unreachable | null {
  const { bytes, at } = packet;
  if (at + HEADER > packet.end || bytes[at] !== 3) return null;
  return told(packet, addresses, bytes[at + 1] ?? 0, quotedIpv4(bytes, at + HEADER, packet.end));
}

/** ICMPv6 errors (RFC 4443 section 3) in the terms of ICMPv4. */
export function icmpv6Error(packet: Packet, addresses: Addresses): Unreachable | null {
  const { bytes, at } = packet;
  if (at + HEADER > packet.end) return null;
  const code = codeOf(bytes[at] ?? 0, bytes[at + 1] ?? 0);
  return code === null ? null : told(packet, addresses, code, quotedIpv6(bytes, at + HEADER, packet.end));
}

/** ICMPv6 destination unreachable by code: no route, prohibited, beyond scope, address, port, policy, reject route. */
const unreachableCodes = [0, 13, 0, 1, 3, 13, 13] as const;

function codeOf(type: number, code: number): number | null {
  if (type === 1) return unreachableCodes[code] ?? null;
  if (type === 2) return 4; // packet too big
  return type === 4 && code === 1 ? 2 : null; // unknown next header
}

function told(packet: Packet, addresses: Addresses, code: number, quoted: Quoted | null): Unreachable | null {
  if (quoted === null) return null;
  const time = { seconds: packet.seconds, nanos: packet.nanos };
  return { frame: packet.frame, time, from: addresses.source(packet), code, ...quoted };
}

function quotedIpv4(bytes: Uint8Array, at: number, end: number): Quoted | null {
  if (at + 20 > end || (bytes[at] ?? 0) >> 4 !== 4) return null;
  const transport = transportName(bytes[at + 9] ?? 0);
  const header = Math.max(20, ((bytes[at] ?? 0) & 15) * 4);
  const isFirst = (u16(bytes, at + 6) & 0x1fff) === 0;
  const ports = transport !== "other" && isFirst && at + header + 4 <= end ? at + header : -1;
  const [src, dst] = [dotted(i32(bytes, at + 12)), dotted(i32(bytes, at + 16))];
  return { version: 4, transport, ...endpoints(bytes, ports, src, dst) };
}

function quotedIpv6(bytes: Uint8Array, at: number, end: number): Quoted | null {
  if (at + 40 > end || (bytes[at] ?? 0) >> 4 !== 6) return null;
  let next = bytes[at + 6] ?? 0;
  let place = at + 40;
  for (let depth = 0; depth < limits.encapsulation && isExtension(next); depth += 1) {
    const isLater = next === 44 && (u16(bytes, place + 2) & 0xfff8) !== 0;
    const length = next === 44 ? 8 : ((bytes[place + 1] ?? 0) + 1) * 8;
    next = isLater ? 59 : (bytes[place] ?? 0);
    place += length;
  }
  const transport = transportName(next);
  const ports = transport !== "other" && place + 4 <= end ? place : -1;
  return { version: 6, transport, ...endpoints(bytes, ports, ipv6At(bytes, at + 8), ipv6At(bytes, at + 24)) };
}

function isExtension(next: number): boolean {
  return next === 0 || next === 43 || next === 44 || next === 60;
}

function endpoints(bytes: Uint8Array, ports: number, src: string, dst: string): Pick<Unreachable, "src" | "dst"> {
  const known = ports >= 0;
  return {
    src: { address: src, port: known ? u16(bytes, ports) : 0 },
    dst: { address: dst, port: known ? u16(bytes, ports + 2) : 0 },
  };
}
