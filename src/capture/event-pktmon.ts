import type { EventPacket, EventReading, PacketEvent } from "./event-packets.ts";
import { guidOf } from "./guid.ts";
import { ETHERNET, looksLikeEthernet, looksLikeIp, looksLikeWireless, RAW_IP, WIRELESS } from "./packet-look.ts";

/** Microsoft-Windows-PktMon: `pktmon start --capture`. */
export const pktMon = guidOf("4d4f80d9-c8bd-4d73-bb5b-19c90402c5ac");

const PACKET = 160;
const DROPPED = 170;
export const pktMonPacketEvents: readonly number[] = [PACKET, DROPPED];
const HEADER = 34;

/** Events 160 (a packet at one of the points that it passes) and 170 (the same, thrown away there). */
export function readPktMonPacket(event: PacketEvent, packet: EventPacket): EventReading {
  if (!pktMonPacketEvents.includes(event.id)) return "other";
  const { view, start, end } = event;
  if (start + HEADER > end) return "short";
  const type = view.getUint16(start + 14, true);
  if (type === packetType.http) return "other";
  const original = view.getUint16(start + 30, true);
  const logged = view.getUint16(start + 32, true);
  packet.start = start + HEADER;
  packet.end = Math.min(end, packet.start + logged);
  packet.wireLength = Math.max(original, logged);
  packet.linkType = linkTypeOf(type, event.bytes, packet.start, packet.end);
  packet.point = view.getUint16(start + 16, true) * 0x10000 + view.getUint16(start + 18, true);
  packet.isDropped = event.id === DROPPED;
  packet.dropReason = view.getUint32(start + 22, true);
  return "packet";
}

const packetType = { unknown: 0, ethernet: 1, wireless: 2, ip: 3, http: 4 } as const;

type Look = (bytes: Uint8Array, start: number, end: number) => boolean;
const ethernet: readonly [Look, number] = [looksLikeEthernet, ETHERNET];
const wireless: readonly [Look, number] = [looksLikeWireless, WIRELESS];
const ip: readonly [Look, number] = [looksLikeIp, RAW_IP];

/**
 * What to try for each announced type, and what holds when nothing fits. The announcement is often wrong: one and the
 * same Ethernet packet is called Wi-Fi at the edge of the native Wi-Fi filter.
 */
const trials: {
  readonly [type: number]: { readonly looks: readonly (readonly [Look, number])[]; readonly else: number };
} = {
  [packetType.unknown]: { looks: [ethernet, ip, wireless], else: ETHERNET },
  [packetType.ethernet]: { looks: [ethernet, wireless], else: ETHERNET },
  [packetType.wireless]: { looks: [wireless, ethernet], else: WIRELESS },
  [packetType.ip]: { looks: [ip, ethernet], else: RAW_IP },
};
const unknown = { looks: [ethernet, ip, wireless], else: ETHERNET } as const;

function linkTypeOf(type: number, bytes: Uint8Array, start: number, end: number): number {
  const { looks, else: otherwise } = trials[type] ?? unknown;
  for (const [look, linkType] of looks) if (look(bytes, start, end)) return linkType;
  return otherwise;
}
