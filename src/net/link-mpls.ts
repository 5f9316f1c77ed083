import { limits } from "../bytes/limits.ts";
import { ARP, BRIDGED, FIRST_ETHERTYPE, IPV4, IPV6, MPLS, NOTHING } from "./ethertypes.ts";
import type { Packet } from "./packet.ts";
import { ipVersion, isPlausible } from "./plausible.ts";
import { u16 } from "./words.ts";

/** RFC 3032: labels up to the one marked as the bottom; what follows, nothing says. */
export function mpls(packet: Packet): number {
  for (let labels = 0; labels < limits.encapsulation; labels += 1) {
    const { bytes, at } = packet;
    if (at + 4 > packet.end) return NOTHING;
    packet.at = at + 4;
    if (((bytes[at + 2] ?? 0) & 1) !== 0) return underLabels(packet);
  }
  packet.obstacle = "depth";
  return NOTHING;
}

/** RFC 4928 section 3: the first four bits are the version of IP, 0 in a control word, 1 in an associated channel. */
function underLabels(packet: Packet): number {
  const { bytes, at } = packet;
  const version = ipVersion(packet);
  if (version !== NOTHING && isPlausible(packet, version)) return version;
  // RFC 4448 section 4.6: the control word is optional, and the address of a card may begin like one, too.
  const first = (bytes[at] ?? 0) >> 4;
  const isFrame = looksEthernet(packet, at);
  if (first === 1 && !isFrame) return NOTHING;
  if (first === 0 && (!isFrame || looksEthernet(packet, at + 4))) packet.at = at + 4;
  return BRIDGED;
}

const inFrames: ReadonlySet<number> = new Set([ARP, 0x8100, 0x88a8, MPLS, 0x8864]);

function looksEthernet(packet: Packet, at: number): boolean {
  const { bytes, end } = packet;
  if (at + 15 > end) return false;
  const type = u16(bytes, at + 12);
  const first = (bytes[at + 14] ?? 0) >> 4;
  if (type === IPV4) return first === 4;
  if (type === IPV6) return first === 6;
  return inFrames.has(type) || (type < FIRST_ETHERTYPE && at + 14 + type <= end);
}
