import type { EventPacket, EventReading, PacketEvent } from "./event-packets.ts";
import { guidOf } from "./guid.ts";
import { RAW_IP } from "./packet-look.ts";

/** Microsoft-Pef-WFP-MessageProvider: traffic after IPsec. Experimental: no real trace of it was seen. */
export const wfp = guidOf("c22d1b14-c242-49de-9f17-1d76b8b9c458");

const POINT = 0x57465000;
const TIME_TO_LIVE = 64;

/** Bytes of an address, and of the flow number that some packets have behind the protocol. */
export interface WfpLayout {
  readonly address: 4 | 16;
  readonly flow: 0 | 8;
}

const events: { readonly [id: number]: WfpLayout } = {
  60011: { address: 4, flow: 0 },
  60012: { address: 4, flow: 8 },
  60021: { address: 16, flow: 0 },
  60022: { address: 16, flow: 8 },
};

export const wfpPacketEvents: readonly number[] = Object.keys(events).map(Number);

/**
 * Events 60011, 60012, 60021 and 60022: addresses, protocol, length, and what follows the IP header, which is made up.
 * Event 2000, a piece of a longer event, is not read.
 */
export function readWfpPacket(event: PacketEvent, packet: EventPacket): EventReading {
  const layout = events[event.id];
  return layout === undefined ? "other" : readWfpBytes(layout, event, packet);
}

/** The same of `bytes[start, end)`, wherever they were saved. */
export function readWfpBytes(
  layout: WfpLayout,
  event: Pick<PacketEvent, "bytes" | "view" | "start" | "end">,
  packet: EventPacket,
): "packet" | "short" {
  const protocolAt = event.start + 2 * layout.address;
  const lengthAt = protocolAt + 1 + layout.flow;
  if (lengthAt + 2 > event.end) return "short";
  const length = event.view.getUint16(lengthAt, true);
  const body = event.bytes.subarray(lengthAt + 2, Math.min(event.end, lengthAt + 2 + length));
  const addresses = event.bytes.subarray(event.start, protocolAt);
  const protocol = event.bytes[protocolAt] ?? 0;
  const header =
    layout.address === 4 ? ipv4Header(addresses, protocol, length) : ipv6Header(addresses, protocol, length);
  packet.made.set(header);
  packet.made.set(body, header.length);
  packet.bytes = packet.made;
  packet.start = 0;
  packet.end = header.length + body.length;
  packet.wireLength = header.length + length;
  packet.linkType = RAW_IP;
  packet.point = POINT;
  return "packet";
}

/** RFC 791 section 3.1. A length that does not fit is written as 0, as for what the adapter is to segment. */
function ipv4Header(addresses: Uint8Array, protocol: number, length: number): Uint8Array {
  const total = 20 + length > 0xffff ? 0 : 20 + length;
  const header = new Uint8Array(20);
  header.set([0x45, 0, total >> 8, total & 0xff]);
  header.set([TIME_TO_LIVE, protocol], 8);
  header.set(addresses, 12);
  let sum = 0;
  for (let at = 0; at < 20; at += 2) sum += ((header[at] ?? 0) << 8) | (header[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  header.set([(~sum >> 8) & 0xff, ~sum & 0xff], 10);
  return header;
}

/** RFC 8200 section 3. */
function ipv6Header(addresses: Uint8Array, protocol: number, length: number): Uint8Array {
  const header = new Uint8Array(40);
  header.set([0x60, 0, 0, 0, length >> 8, length & 0xff, protocol, TIME_TO_LIVE]);
  header.set(addresses, 8);
  return header;
}
