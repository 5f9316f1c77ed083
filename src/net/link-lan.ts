import { LLC, NOTHING } from "./ethertypes.ts";
import type { Packet } from "./packet.ts";

/** The first bit of an address on Token Ring and FDDI, whose bytes are sent highest bit first: to a group. */
const GROUP = 0x80;
/** The same bit of a source address on Token Ring: a route follows. */
const ROUTED = 0x80;

/** IEEE 802.5: access control, frame control, addresses, the route where there is one; then LLC. */
export function tokenRing(packet: Packet): number {
  const { bytes, at } = packet;
  if (at + 16 > packet.end || (bytes[at + 1] ?? 0) >> 6 !== 1) return NOTHING;
  packet.group = ((bytes[at + 2] ?? 0) & GROUP) !== 0;
  const isRouted = ((bytes[at + 8] ?? 0) & ROUTED) !== 0;
  packet.at = at + 14 + (isRouted ? (bytes[at + 14] ?? 0) & 0x1f : 0);
  return LLC;
}

/** FDDI (ISO 9314): frame control, addresses; then LLC. */
export function fddi(packet: Packet): number {
  const { bytes, at } = packet;
  if (at + 13 > packet.end || ((bytes[at] ?? 0) & 0x30) !== 0x10) return NOTHING;
  packet.group = ((bytes[at + 1] ?? 0) & GROUP) !== 0;
  packet.at = at + 13;
  return LLC;
}
