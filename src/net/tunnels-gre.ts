import { limits } from "../bytes/limits.ts";
import { BRIDGED, FIRST_ETHERTYPE, IPV4, NOTHING, PPP } from "./ethertypes.ts";
import { cutTo, type Packet } from "./packet.ts";
import { ipVersion } from "./plausible.ts";
import { u16 } from "./words.ts";

const CHECKSUM = 0x8000;
const ROUTING = 0x4000;
const KEY = 0x2000;
const SEQUENCE = 0x1000;
const ACKNOWLEDGEMENT = 0x0080;
const VERSION = 7;

/** RFC 2784 and RFC 2890, with the source routes of RFC 1701; version 1 is PPTP's. */
export function gre(packet: Packet): number {
  const { bytes, at } = packet;
  if (at + 4 > packet.end) return NOTHING;
  const flags = u16(bytes, at);
  const type = u16(bytes, at + 2);
  packet.at = at + 4;
  if ((flags & VERSION) === 1) return type === PPP ? pptp(packet, flags) : NOTHING;
  if ((flags & VERSION) !== 0) return NOTHING;
  if ((flags & (CHECKSUM | ROUTING)) !== 0) packet.at += 4;
  if ((flags & KEY) !== 0) packet.at += 4;
  if ((flags & SEQUENCE) !== 0) packet.at += 4;
  if ((flags & ROUTING) !== 0 && !passRoutes(packet)) return NOTHING;
  return packet.at > packet.end ? NOTHING : carried(packet, type, (flags & SEQUENCE) !== 0);
}

function carried(packet: Packet, type: number, isNumbered: boolean): number {
  switch (type) {
    case 0x88be:
      return isNumbered ? erspan2(packet) : BRIDGED;
    case 0x22eb:
      return erspan3(packet);
    case 0x883e: // WCCP: version 2 has a header of its own
      if (ipVersion(packet) !== IPV4) packet.at += 4;
      return IPV4;
    default:
      return type < FIRST_ETHERTYPE ? NOTHING : type;
  }
}

/** RFC 1701 section 3: routes (family, offset, length), one of family and length 0 being the last. */
function passRoutes(packet: Packet): boolean {
  const { bytes, end } = packet;
  for (let routes = 0; routes < limits.encapsulation && packet.at + 4 <= end; routes += 1) {
    const { at } = packet;
    const length = bytes[at + 3] ?? 0;
    packet.at = at + 4 + length;
    if (length === 0 && u16(bytes, at) === 0) return true;
  }
  return false;
}

/** RFC 2637 section 4.1: a packet that has no sequence number carries nothing; else PPP of the length in the key. */
function pptp(packet: Packet, flags: number): number {
  if ((flags & SEQUENCE) === 0 || (flags & KEY) === 0) return NOTHING;
  const { bytes, at } = packet;
  packet.at = at + ((flags & ACKNOWLEDGEMENT) !== 0 ? 12 : 8);
  if (packet.at > packet.end) return NOTHING;
  cutTo(packet, packet.at + u16(bytes, at));
  return PPP;
}

const ERSPAN_2 = 1;
const ERSPAN_3 = 2;

/** ERSPAN type II (draft-foschiano-erspan section 4.2); type I has no header. */
function erspan2(packet: Packet): number {
  if ((packet.bytes[packet.at] ?? 0) >> 4 !== ERSPAN_2) return NOTHING;
  packet.at += 8;
  return BRIDGED;
}

/** ERSPAN type III (section 4.3): a header of twelve bytes, eight more where its last bit is set. */
function erspan3(packet: Packet): number {
  const { bytes, at } = packet;
  if (at + 12 > packet.end || (bytes[at] ?? 0) >> 4 !== ERSPAN_3) return NOTHING;
  packet.at = at + (((bytes[at + 11] ?? 0) & 1) !== 0 ? 20 : 12);
  const frameType = ((bytes[at + 10] ?? 0) >> 2) & 31;
  if (frameType === 0) return BRIDGED;
  return frameType === 2 ? ipVersion(packet) : NOTHING;
}
