import { IPV4, IPV6, MPLS, NOTHING } from "./ethertypes.ts";
import { cutTo, type Packet } from "./packet.ts";
import { u16 } from "./words.ts";

/** RFC 1661, with or without the HDLC framing `ff 03`; the protocol number has one byte where its lowest bit is set. */
export function ppp(packet: Packet): number {
  const { bytes } = packet;
  if (u16(bytes, packet.at) === 0xff03) packet.at += 2;
  const short = ((bytes[packet.at] ?? 0) & 1) !== 0;
  const protocol = short ? (bytes[packet.at] ?? 0) : u16(bytes, packet.at);
  packet.at += short ? 1 : 2;
  return packet.at > packet.end ? NOTHING : carried(packet, protocol);
}

/** The EtherType for a PPP protocol number (IANA's registry). */
function carried(packet: Packet, protocol: number): number {
  switch (protocol) {
    case 0x0021:
      return IPV4;
    case 0x0057:
      return IPV6;
    case 0x0281:
    case 0x0283:
      return MPLS;
    case 0x002d: // headers compressed as in RFC 1144: without every packet before it, unreadable
    case 0x002f:
    case 0x0053: // encrypted (RFC 1968)
    case 0x0055:
    case 0x00fb: // compressed (RFC 1962), or encrypted as Windows does (MPPE, RFC 3078)
    case 0x00fd:
      packet.obstacle = "PPP";
      return NOTHING;
    default:
      return NOTHING;
  }
}

/** RFC 2516 section 4: version and type, code (0 = session data), session, length; then PPP. */
export function pppoe(packet: Packet): number {
  const { bytes, at } = packet;
  if (at + 8 > packet.end || bytes[at + 1] !== 0) return NOTHING;
  packet.at = at + 6;
  cutTo(packet, packet.at + u16(bytes, at + 4));
  return ppp(packet);
}
