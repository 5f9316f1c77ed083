import { ARP, BRIDGED, FIRST_ETHERTYPE, IPV4, IPV6, MPLS, NOTHING, PPP } from "./ethertypes.ts";
import { mpls } from "./link-mpls.ts";
import { ppp, pppoe } from "./link-ppp.ts";
import { cutTo, goDeeper, type Packet } from "./packet.ts";
import { ipVersion } from "./plausible.ts";
import { i32, u16, u32 } from "./words.ts";

/** From an Ethernet header to the network header; returns its EtherType, or `NOTHING`. */
export function ethernet(packet: Packet): number {
  const type = ethernetHeader(packet);
  return type === IPV4 ? type : follow(packet, type);
}

/** Past tags and wrappers from the EtherType `first` on: returns `IPV4`, `IPV6`, `ARP` or `NOTHING`. */
export function follow(packet: Packet, first: number): number {
  let type = first;
  while (type !== IPV4 && type !== IPV6 && type !== ARP) {
    if (type === NOTHING || !goDeeper(packet)) return NOTHING;
    type = type < FIRST_ETHERTYPE ? llc(packet, type) : unwrap(packet, type);
  }
  return type;
}

/** Passes the header that `type` announces; returns the type of what follows. */
function unwrap(packet: Packet, type: number): number {
  switch (type) {
    case 0x8100: // IEEE 802.1Q
    case 0x88a8: // IEEE 802.1ad
    case 0x9100:
    case 0x9200:
    case 0x9300:
      return tagged(packet, 4);
    case 0x8926: // VN-Tag
      return tagged(packet, 6);
    case 0x893f: // IEEE 802.1BR E-Tag
    case 0x8909: // Cisco MetaData
      return tagged(packet, 8);
    case 0x8903: // Cisco FabricPath: two bytes behind the outer addresses, then the frame
      return frameAfter(packet, 2);
    case 0x88e7: // IEEE 802.1ah: the service tag, then the customer's frame
      return frameAfter(packet, 4);
    case BRIDGED:
      return frameAfter(packet, 0);
    case MPLS:
    case 0x8848:
      return mpls(packet);
    case 0x8864:
      return pppoe(packet);
    case PPP:
      return ppp(packet);
    case 0x88e5:
      return macsec(packet);
    case 0x894f:
      return serviceHeader(packet);
    default:
      return NOTHING;
  }
}

/** Skips a tag of `length` bytes that ends in the next EtherType. */
function tagged(packet: Packet, length: number): number {
  packet.at += length;
  return packet.at > packet.end ? NOTHING : u16(packet.bytes, packet.at - 2);
}

function frameAfter(packet: Packet, length: number): number {
  packet.at += length;
  return ethernetHeader(packet);
}

function ethernetHeader(packet: Packet): number {
  const { bytes, at } = packet;
  if (at + 14 > packet.end) return NOTHING;
  packet.group = ((bytes[at] ?? 0) & 1) !== 0;
  packet.at = at + 14;
  return u16(bytes, at + 12);
}

/** IEEE 802.3: `length` bytes of LLC follow; 0 stands in large frames captured before segmentation. */
function llc(packet: Packet, length: number): number {
  if (length > 1500) return NOTHING;
  if (length > 0) cutTo(packet, packet.at + length);
  const { bytes, at } = packet;
  if (at + 3 > packet.end) return NOTHING;
  const service = (i32(bytes, at) >>> 8) & 0xffffff;
  if (service === 0x060603) {
    packet.at = at + 3;
    return ipVersion(packet);
  }
  return service === 0xaaaa03 ? snap(packet, at + 3) : NOTHING;
}

/** RFC 1042: an organisation code, and what follows in its words. */
export function snap(packet: Packet, at: number): number {
  const { bytes } = packet;
  if (at + 5 > packet.end) return NOTHING;
  packet.at = at + 5;
  const organisation = u32(bytes, at) >>> 8;
  const type = u16(bytes, at + 3);
  // RFC 2427 section 4.2: a bridged Ethernet frame, with its check sequence or without.
  if (organisation === 0x0080c2) return type === 1 || type === 7 ? BRIDGED : NOTHING;
  // An organisation code of 0, or 0000f8 for bridged tunnels, is followed by an EtherType.
  const isEtherType = organisation === 0 || organisation === 0x0000f8;
  return isEtherType && type >= FIRST_ETHERTYPE ? type : NOTHING;
}

const MACSEC_VERSION = 0x80;
const MACSEC_SCI = 0x20;
const MACSEC_ENCRYPTED = 0x08;
const MACSEC_CHANGED = 0x04;

/** IEEE 802.1AE section 9: encrypted as a rule; with integrity alone the frame stands behind the tag in clear. */
function macsec(packet: Packet): number {
  const { bytes, at } = packet;
  const control = bytes[at] ?? 0;
  if (at + 6 > packet.end || (control & MACSEC_VERSION) !== 0) return NOTHING;
  if ((control & (MACSEC_ENCRYPTED | MACSEC_CHANGED)) === 0)
    return tagged(packet, (control & MACSEC_SCI) !== 0 ? 16 : 8);
  packet.obstacle = "MACsec";
  return NOTHING;
}

/** What the "next protocol" of NSH (RFC 8300) and VXLAN-GPE means. */
const nextProtocols = [NOTHING, IPV4, IPV6, BRIDGED, 0x894f, MPLS] as const;

export function nextProtocol(number: number): number {
  return nextProtocols[number] ?? NOTHING;
}

/** Network Service Header (RFC 8300 section 2.2). */
function serviceHeader(packet: Packet): number {
  const { bytes, at } = packet;
  const length = ((bytes[at + 1] ?? 0) & 0x3f) * 4;
  if (length < 8 || at + length > packet.end) return NOTHING;
  packet.at = at + length;
  return nextProtocol(bytes[at + 3] ?? 0);
}
