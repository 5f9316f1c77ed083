import { FIRST_ETHERTYPE, IPV4, IPV6, NOTHING } from "./ethertypes.ts";
import { snap } from "./link-ethernet.ts";
import { ppp } from "./link-ppp.ts";
import type { Packet } from "./packet.ts";
import { ipVersion } from "./plausible.ts";
import { u16 } from "./words.ts";

/** LINKTYPE_PPP and PPP_HDLC: PPP, or the framing of Cisco. */
export function serial(packet: Packet): number {
  const framing = u16(packet.bytes, packet.at);
  return framing === 0x0f00 || framing === 0x8f00 ? hdlc(packet) : ppp(packet);
}

/** A byte that tells the direction; in LINKTYPE_PPP_PPPD it stands in place of the `ff` before `03`. */
export function directedPpp(packet: Packet): number {
  packet.at += packet.bytes[packet.at + 1] === 3 ? 2 : 1;
  return packet.at > packet.end ? NOTHING : ppp(packet);
}

/** Cisco HDLC: address, control, EtherType. */
export function hdlc(packet: Packet): number {
  packet.at += 4;
  return etherTypeBefore(packet);
}

const LONGEST_ADDRESS = 4;
const UNNUMBERED = 3;

/** Frame relay: an address of two to four bytes, then the headers of RFC 2427, or an EtherType as Cisco writes it. */
export function frameRelay(packet: Packet): number {
  const { bytes } = packet;
  const last = packet.at + LONGEST_ADDRESS - 1;
  let at = packet.at + 1;
  while (at < last && ((bytes[at] ?? 0) & 1) === 0) at += 1;
  if (bytes[at + 1] === UNNUMBERED) return multiprotocol(packet, at + 2);
  packet.at = at + 3;
  return etherTypeBefore(packet);
}

/** RFC 2427 section 3: a network layer protocol identifier, behind a byte that pads where wished. */
function multiprotocol(packet: Packet, padded: number): number {
  const { bytes } = packet;
  const at = bytes[padded] === 0 ? padded + 1 : padded;
  packet.at = at + 1;
  if (packet.at > packet.end) return NOTHING;
  switch (bytes[at]) {
    case 0xcc:
      return IPV4;
    case 0x8e:
      return IPV6;
    case 0x80:
      return snap(packet, at + 1);
    case 0xcf:
      return ppp(packet);
    default:
      return NOTHING;
  }
}

const SLIP_HEADER = 16;

/** IP alone, or behind the header of LINKTYPE_SLIP, whose first byte is the direction (0 or 1). */
export function slip(packet: Packet): number {
  if ((packet.bytes[packet.at] ?? 0) <= 1) packet.at += SLIP_HEADER;
  return ipVersion(packet);
}

function etherTypeBefore(packet: Packet): number {
  const type = packet.at > packet.end ? NOTHING : u16(packet.bytes, packet.at - 2);
  return type < FIRST_ETHERTYPE ? NOTHING : type;
}
