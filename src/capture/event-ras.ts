import { limits } from "../bytes/limits.ts";
import type { EventPacket, EventReading, PacketEvent } from "./event-packets.ts";
import { behindText } from "./event-text.ts";
import { guidOf } from "./guid.ts";
import { ETHERNET } from "./packet-look.ts";

/** Microsoft-Windows-Ras-NdisWanPacketCapture. Experimental: no real trace of it was seen. */
export const ras = guidOf("d84521f7-2235-4237-a7c0-14e3a9676286");

/** Sent and received. */
export const rasPacketEvents: readonly number[] = [5001, 5002];
const POINT = 0x52415300;

/** Events 5001 and 5002: routing domain and user, size, and a whole Ethernet packet. */
export function readRasPacket(event: PacketEvent, packet: EventPacket): EventReading {
  if (!rasPacketEvents.includes(event.id)) return "other";
  const domain = behindText(event, event.start);
  const size = domain === null ? null : behindText(event, domain);
  if (size === null || size + 4 > event.end) return "short";
  const length = event.view.getUint32(size, true);
  packet.start = size + 4;
  packet.end = Math.min(event.end, packet.start + length);
  packet.wireLength = Math.max(Math.min(length, limits.frameBytes), packet.end - packet.start);
  packet.linkType = ETHERNET;
  packet.point = POINT;
  return "packet";
}
