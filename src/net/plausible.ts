import { ARP, IPV4, IPV6, NOTHING } from "./ethertypes.ts";
import type { Packet } from "./packet.ts";
import { u16 } from "./words.ts";

/** No header says what follows: the first four bits are the version of IP. */
export function ipVersion(packet: Packet): number {
  if (packet.at >= packet.end) return NOTHING;
  const version = (packet.bytes[packet.at] ?? 0) >> 4;
  return version === 4 ? IPV4 : version === 6 ? IPV6 : NOTHING;
}

/** Whether a header of EtherType `type` at `packet.at` is one, as far as its lengths and constants say. */
export function isPlausible(packet: Packet, type: number): boolean {
  if (type === IPV4) return isIpv4(packet);
  if (type === IPV6) return isIpv6(packet);
  return type === ARP && isArp(packet);
}

function isIpv4({ bytes, at, end, missing }: Packet): boolean {
  const first = bytes[at] ?? 0;
  const header = (first & 15) * 4;
  if (at + 20 > end || first >> 4 !== 4 || header < 20) return false;
  const total = u16(bytes, at + 2);
  // Total length 0: written before the network card cut the packet up.
  return total === 0 || (total >= header && at + total <= end + missing);
}

function isIpv6({ bytes, at, end, missing }: Packet): boolean {
  if (at + 40 > end || (bytes[at] ?? 0) >> 4 !== 6) return false;
  return at + 40 + u16(bytes, at + 4) <= end + missing;
}

function isArp({ bytes, at, end }: Packet): boolean {
  return at + 28 <= end && u16(bytes, at + 2) === IPV4 && u16(bytes, at + 4) === 0x0604;
}
