import { LLC, NOTHING } from "./ethertypes.ts";
import { cutTo, type Packet } from "./packet.ts";
import { i32, le16, le32, u16, u32 } from "./words.ts";

const TO_DS = 1;
const FROM_DS = 2;
const MORE_FRAGMENTS = 4;
const PROTECTED = 0x40;
const ORDER = 0x80;
const QOS = 0x80;

/** IEEE 802.11 section 9.3.2: data frames; then LLC, or several packets, each with a small header before its LLC. */
export function wlan(packet: Packet): number {
  return data(packet, false);
}

/** `padded`: the card filled the header up to a multiple of four bytes. */
function data(packet: Packet, padded: boolean): number {
  const { bytes, at } = packet;
  const control = bytes[at] ?? 0;
  const flags = bytes[at + 1] ?? 0;
  // Version 0, type 2, and no subtype that says "no data". A part of a fragmented frame is no packet.
  const isData = (control & 0x0f) === 0x08 && (control & 0x40) === 0;
  const isPart = (flags & MORE_FRAGMENTS) !== 0 || ((bytes[at + 22] ?? 0) & 15) !== 0;
  if (at + 24 > packet.end || !isData || isPart) return NOTHING;
  packet.group = ((bytes[at + ((flags & TO_DS) !== 0 ? 16 : 4)] ?? 0) & 1) !== 0;
  const addresses = (flags & (TO_DS | FROM_DS)) === (TO_DS | FROM_DS) ? 30 : 24;
  const hasQos = (control & QOS) !== 0;
  const isAggregate = hasQos && ((bytes[at + addresses] ?? 0) & 0x80) !== 0;
  const header = addresses + (hasQos ? ((flags & ORDER) !== 0 ? 6 : 2) : 0);
  packet.at = at + (padded ? (header + 3) & ~3 : header);
  if ((flags & PROTECTED) !== 0 && !foundClear(packet, isAggregate)) return NOTHING;
  return isAggregate ? subframe(packet) : LLC;
}

const SUBFRAME_HEADER = 14;
/** What CCMP and TKIP put before the body; a system that decrypts may leave it there. */
const CIPHER_HEADER = 8;

/** Captures of the decrypting system hold bodies in clear under a header that still says "protected". */
function foundClear(packet: Packet, isAggregate: boolean): boolean {
  const ahead = isAggregate ? SUBFRAME_HEADER : 0;
  for (const at of [packet.at, packet.at + CIPHER_HEADER]) {
    const service = at + ahead;
    if (service + 3 > packet.end || i32(packet.bytes, service) >>> 8 !== 0xaaaa03) continue;
    packet.at = at;
    return true;
  }
  packet.obstacle = "802.11";
  return false;
}

/** One packet of an aggregate (A-MSDU): receiver, sender, length; what stands behind it is remembered. */
export function subframe(packet: Packet): number {
  const { bytes, at, end } = packet;
  packet.restAt = -1;
  if (at + SUBFRAME_HEADER > end) return NOTHING;
  const length = SUBFRAME_HEADER + u16(bytes, at + 12);
  const next = at + ((length + 3) & ~3);
  if (next < end) packet.restAt = next;
  packet.restEnd = end;
  packet.restMissing = packet.missing;
  packet.group = ((bytes[at] ?? 0) & 1) !== 0;
  packet.at = at + SUBFRAME_HEADER;
  cutTo(packet, at + length);
  return LLC;
}

const HAS_TIME = 1;
const HAS_FLAGS = 2;
const CHECK_SEQUENCE = 0x10;
const PADDED = 0x20;
const DAMAGED = 0x40;

/** Radiotap (www.radiotap.org): of its fields only the flags matter, that say how the frame is laid out. */
export function radiotap(packet: Packet): number {
  const { bytes, at } = packet;
  const length = le16(bytes, at + 2);
  if (bytes[at] !== 0 || length < 8 || at + length > packet.end) return NOTHING;
  const flags = radiotapFlags(bytes, at, at + length);
  packet.at = at + length;
  if ((flags & DAMAGED) !== 0) return NOTHING;
  if ((flags & CHECK_SEQUENCE) !== 0) cutTo(packet, packet.end + packet.missing - 4);
  return data(packet, (flags & PADDED) !== 0);
}

function radiotapFlags(bytes: Uint8Array, at: number, end: number): number {
  const present = le32(bytes, at + 4);
  if ((present & HAS_FLAGS) === 0) return 0;
  let field = at + 8;
  while (field < end && (bytes[field - 1] ?? 0) >> 7 !== 0) field += 4;
  if ((present & HAS_TIME) !== 0) field = at + ((field - at + 7) & ~7) + 8;
  return field < end ? (bytes[field] ?? 0) : 0;
}

const AVS = 0x80211000;
const PRISM_HEADER = 144;

/** Prism: its length stands in the byte order of the capturing host, if at all; some drivers write AVS here. */
export function prism(packet: Packet): number {
  const { bytes, at } = packet;
  if (at + 8 > packet.end) return NOTHING;
  if ((u32(bytes, at) & 0xfffff000) >>> 0 === AVS) return avs(packet);
  const room = packet.end - at;
  const lengths = [le32(bytes, at + 4), u32(bytes, at + 4), PRISM_HEADER];
  return after(packet, lengths.find((length) => length >= 24 && length <= room) ?? 0);
}

/** AVS: its length stands behind the version. */
export function avs(packet: Packet): number {
  return after(packet, u32(packet.bytes, packet.at + 4));
}

function after(packet: Packet, length: number): number {
  if (length < 8 || packet.at + length > packet.end) return NOTHING;
  packet.at += length;
  return wlan(packet);
}
