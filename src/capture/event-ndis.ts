import { limits } from "../bytes/limits.ts";
import type { EventPacket, EventReading, PacketEvent } from "./event-packets.ts";
import { behindText } from "./event-text.ts";
import { guidOf } from "./guid.ts";
import { ETHERNET, lengthByIp, looksLikeEthernet, looksLikeIp, RAW_IP, WIRELESS } from "./packet-look.ts";

/** Microsoft-Windows-NDIS-PacketCapture: `netsh trace start capture=yes`. */
export const ndisPacketCapture = guidOf("2ed6006e-4729-4609-b423-3ee7bcd678ef");

const FRAGMENT = 1001;
const SWITCH_FRAGMENT = 1003;
export const ndisPacketEvents: readonly number[] = [FRAGMENT, SWITCH_FRAGMENT];

/** As `EventPacket.dropReason`. */
export const NO_REASON = -1;

/** Keywords, low half. */
const keyword = {
  wirelessWan: 0x200,
  wireless: 0x10000,
  truncated: 0x2000000,
  start: 0x40000000,
  end: 0x80000000,
} as const;
/** Keywords, high half. */
const highKeyword = { send: 0x1, dropped: 0x100 } as const;

/**
 * Events 1001 (a packet or a piece of one) and 1003 (the same at a Hyper-V switch); 1002, which describes the radio
 * signal of the packet that follows, holds no packet. Of 1001 whole Wi-Fi packets are confirmed by a real trace; pieces,
 * wireless WAN, truncation and 1003 follow the provider's manifest alone.
 */
export function readNdisPacket(event: PacketEvent, packet: EventPacket): EventReading {
  if (!ndisPacketEvents.includes(event.id)) return "other";
  const { view, start, end } = event;
  if (start + 12 > end) return "short";
  packet.miniport = view.getUint32(start, true);
  packet.layer = view.getUint32(start + 4, true);
  const size = event.id === FRAGMENT ? start + 8 : switchFragmentAt(event);
  if (size === null) return "short";
  const port = event.id === FRAGMENT ? 0 : view.getUint32(start + 8, true);
  packet.point = pointOf(packet.layer, port);
  const length = view.getUint32(size, true);
  packet.start = size + 4;
  packet.end = Math.min(end, packet.start + length);
  readKeywords(event, packet);
  packet.linkType = linkTypeOf(event, packet);
  packet.wireLength = wireLengthOf(packet, Math.min(length, limits.frameBytes));
  return "packet";
}

/** Any number of 32 bits: unlikely to be one of PktMon's. */
function pointOf(layer: number, port: number): number {
  return (layer ^ Math.imul(port, 0x9e3779b1) ^ 0x4e444953) >>> 0;
}

function readKeywords(event: PacketEvent, packet: EventPacket): void {
  packet.isFirst = (event.keywordsLow & keyword.start) !== 0;
  packet.isLast = (event.keywordsLow & keyword.end) !== 0;
  packet.isCut = (event.keywordsLow & keyword.truncated) !== 0;
  packet.isSentByProcess = (event.keywordsHigh & highKeyword.send) !== 0;
  packet.isDropped = (event.keywordsHigh & highKeyword.dropped) !== 0;
  packet.dropReason = NO_REASON;
}

function linkTypeOf(event: PacketEvent, { start, end }: EventPacket): number {
  if ((event.keywordsLow & keyword.wireless) !== 0) return WIRELESS;
  if ((event.keywordsLow & keyword.wirelessWan) === 0) return ETHERNET;
  const isEthernet = !looksLikeIp(event.bytes, start, end) && looksLikeEthernet(event.bytes, start, end);
  return isEthernet ? ETHERNET : RAW_IP;
}

/** The length on the wire is not logged: only the IP header of a whole packet tells. */
function wireLengthOf(packet: EventPacket, announced: number): number {
  const captured = packet.end - packet.start;
  if (!packet.isFirst || !packet.isLast) return Math.max(captured, announced);
  return wholeWireLength(packet, Math.max(captured, announced));
}

type WholePacket = Pick<EventPacket, "bytes" | "start" | "end" | "linkType" | "isCut">;

/**
 * The length on the wire of a whole packet of which `known` bytes are sure to have been there. Where the provider says
 * that it was cut and no header says how much, it is one byte more than was captured.
 */
export function wholeWireLength(packet: WholePacket, known: number): number {
  const { bytes, start, end, linkType, isCut } = packet;
  const byIp = lengthByIp(bytes, start, end, linkType);
  if (byIp !== null) return Math.max(known, byIp);
  return isCut ? Math.max(known, end - start + 1) : known;
}

/** What describes one destination where its texts do not lead to the fragment. */
const SHORT_DESTINATION = 8;

/**
 * Of event 1003: where the u32 size of the fragment stands, behind port, names and destinations. The layout of a
 * destination is not certain, so only a place counts at which fragment and out-of-band data end with the event.
 */
function switchFragmentAt(event: PacketEvent): number | null {
  const { view, start, end } = event;
  let at: number | null = start + 12;
  for (let text = 0; text < 3; text++) at = at === null ? null : behindText(event, at);
  if (at === null || at + 8 > end) return null;
  const destinations = view.getUint32(at, true);
  const list = at + 4;
  if (destinations === 0) return list;
  const long = behindDestinations(event, list, destinations);
  if (long !== null && isFragment(event, long)) return long;
  const short = list + destinations * SHORT_DESTINATION;
  if (isFragment(event, short)) return short;
  for (let place = list; place + 8 <= end; place += 2) if (isFragment(event, place)) return place;
  return null;
}

function isFragment({ view, end }: PacketEvent, at: number): boolean {
  if (at + 8 > end) return false;
  const outOfBand = at + 4 + view.getUint32(at, true);
  return outOfBand + 4 <= end && outOfBand + 4 + view.getUint32(outOfBand, true) === end;
}

function behindDestinations(event: PacketEvent, list: number, count: number): number | null {
  let at: number | null = list;
  for (let index = 0; index < count && at !== null; index++) {
    at += 4;
    for (let text = 0; text < 3 && at !== null; text++) at = behindText(event, at);
  }
  return at;
}
