import type { Addresses } from "./addresses.ts";
import type { Packet } from "./packet.ts";
import { u16 } from "./words.ts";

export const ESP = 50;
const IPV4_IN_IP = 4;
const TCP = 6;
const UDP = 17;
const IPV6_IN_IP = 41;

const HEADER = 8;
const TRAILER = 2;
/** What integrity alone puts around the payload: HMAC-96 (RFC 2404), HMAC-SHA-256-128 (RFC 4868), AES-GMAC (RFC 4543). */
const layouts = [
  { iv: 0, check: 12 },
  { iv: 0, check: 16 },
  { iv: 8, check: 16 },
] as const;

/**
 * ESP (RFC 4303) whose payload is not encrypted, as Windows sends it between hosts of a domain (RFC 2410).
 *
 * Nothing in the packet says so, hence all of it must fit: padding, next header, lengths, and the checksum of what is
 * inside. Then moves to it and returns its protocol number; else returns `ESP`. Needs the whole packet.
 */
export function readable(packet: Packet, addresses: Addresses): number {
  if (packet.missing > 0) return ESP;
  for (const { iv, check } of layouts) {
    const start = packet.at + HEADER + iv;
    const trailer = packet.end - check - TRAILER;
    const end = trailer - paddingBefore(packet.bytes, trailer);
    const next = packet.bytes[trailer + 1] ?? 0;
    if (end <= start || end > trailer || !fits(packet, next, start, end, addresses)) continue;
    packet.at = start;
    packet.end = end;
    return next;
  }
  return ESP;
}

/** RFC 4303 section 2.4: 1, 2, 3, … as many as the byte behind them says; Infinity where they are other bytes. */
function paddingBefore(bytes: Uint8Array, trailer: number): number {
  const length = bytes[trailer] ?? 0;
  for (let back = 1; back <= length; back += 1) {
    if (bytes[trailer - back] !== length + 1 - back) return Number.POSITIVE_INFINITY;
  }
  return length;
}

function fits(packet: Packet, protocol: number, start: number, end: number, addresses: Addresses): boolean {
  const { bytes } = packet;
  const length = end - start;
  switch (protocol) {
    case TCP:
      return length >= 20 && (bytes[start + 12] ?? 0) >> 4 >= 5 && isSound(packet, protocol, start, end, addresses);
    case UDP:
      return length >= 8 && u16(bytes, start + 4) === length && isSound(packet, protocol, start, end, addresses);
    case IPV4_IN_IP:
      return (
        (bytes[start] ?? 0) >> 4 === 4 && u16(bytes, start + 2) === length && sum(bytes, start, start + 20) === 0xffff
      );
    case IPV6_IN_IP:
      return (bytes[start] ?? 0) >> 4 === 6 && u16(bytes, start + 4) + 40 === length;
    default:
      return false;
  }
}

/** RFC 9293 section 3.1 and RFC 768: the checksum over the payload and the addresses. */
function isSound(packet: Packet, protocol: number, start: number, end: number, addresses: Addresses): boolean {
  const { version, src, dst, bytes } = packet;
  const around = addresses.sum(version, src) + addresses.sum(version, dst) + protocol + end - start;
  return folded(around + sum(bytes, start, end)) === 0xffff;
}

/** The sum of 16-bit words in one's complement. */
function sum(bytes: Uint8Array, start: number, end: number): number {
  let total = 0;
  for (let at = start; at + 1 < end; at += 2) total += u16(bytes, at);
  if (((end - start) & 1) !== 0) total += (bytes[end - 1] ?? 0) << 8;
  return folded(total);
}

function folded(total: number): number {
  let rest = total;
  while (rest > 0xffff) rest = (rest & 0xffff) + Math.floor(rest / 0x10000);
  return rest;
}
