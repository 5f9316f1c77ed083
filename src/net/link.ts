import { limits } from "../bytes/limits.ts";
import { cutTo, type Packet } from "./packet.ts";
import { i32, u16, u32 } from "./words.ts";

export const IPV4 = 0x0800;
export const IPV6 = 0x86dd;
export const ARP = 0x0806;
/** Not a network layer that is read here. */
export const NOTHING = 0;

/** Moves `packet.at` to the network header and returns its EtherType, or `NOTHING`. */
export type LinkLayer = (packet: Packet) => number;

/** The link layers by LINKTYPE_ number; any other is counted as undecoded. */
export const linkLayers: ReadonlyMap<number, LinkLayer> = new Map<number, LinkLayer>([
  [0, loopback],
  [1, ethernet],
  [9, ppp],
  [12, raw],
  [14, raw],
  [50, ppp],
  [51, pppoe],
  [101, raw],
  [104, hdlc],
  [108, loopback],
  [113, linuxCooked],
  [228, raw],
  [229, raw],
  [276, linuxCooked2],
]);

const FIRST_ETHERTYPE = 0x0600;

export function ethernet(packet: Packet): number {
  const { bytes, at } = packet;
  if (at + 14 > packet.end) return NOTHING;
  packet.group = ((bytes[at] ?? 0) & 1) !== 0;
  packet.at = at + 14;
  return follow(packet, u16(bytes, at + 12));
}

/** From an EtherType through tags and wrappers to the network header. */
function follow(packet: Packet, first: number): number {
  let type = first;
  for (let depth = 0; depth < limits.encapsulation; depth += 1) {
    if (type === IPV4 || type === IPV6 || type === ARP) return type;
    if (type < FIRST_ETHERTYPE) return llc(packet, type);
    switch (type) {
      case 0x8100: // IEEE 802.1Q
      case 0x88a8: // IEEE 802.1ad
      case 0x9100:
      case 0x9200:
      case 0x9300:
        type = tagged(packet, 4);
        break;
      case 0x8926: // VN-Tag
        type = tagged(packet, 6);
        break;
      case 0x8847: // MPLS
      case 0x8848:
        return mpls(packet);
      case 0x8864:
        return pppoe(packet);
      default:
        return NOTHING;
    }
  }
  return NOTHING;
}

/** Skips a tag of `length` bytes that ends in the next EtherType. */
function tagged(packet: Packet, length: number): number {
  packet.at += length;
  return packet.at > packet.end ? NOTHING : u16(packet.bytes, packet.at - 2);
}

/** IEEE 802.3: `length` bytes of LLC follow; 0 stands in large frames captured before segmentation. */
function llc(packet: Packet, length: number): number {
  if (length > 1500) return NOTHING;
  if (length > 0) cutTo(packet, packet.at + length);
  const { bytes, at } = packet;
  if (at + 3 > packet.end) return NOTHING;
  const service = (i32(bytes, at) >>> 8) & 0xffffff;
  if (service === 0x060603) return raw(packet, at + 3);
  if (service !== 0xaaaa03 || at + 8 > packet.end) return NOTHING;
  // SNAP (RFC 1042): an organisation code of 0, or 0000f8 for bridged tunnels, is followed by an EtherType.
  const organisation = u32(bytes, at + 3) >>> 8;
  if (organisation !== 0 && organisation !== 0x0000f8) return NOTHING;
  packet.at = at + 8;
  const type = u16(bytes, at + 6);
  return type < FIRST_ETHERTYPE ? NOTHING : follow(packet, type);
}

/** No header: the first nibble is the IP version. */
function raw(packet: Packet, at: number = packet.at): number {
  packet.at = at;
  if (at >= packet.end) return NOTHING;
  const version = (packet.bytes[at] ?? 0) >> 4;
  return version === 4 ? IPV4 : version === 6 ? IPV6 : NOTHING;
}

/** Address families of NULL and LOOP: 2 everywhere for IPv4, one per system for IPv6. */
const families: ReadonlyMap<number, number> = new Map([
  [2, IPV4],
  [10, IPV6],
  [23, IPV6],
  [24, IPV6],
  [28, IPV6],
  [30, IPV6],
]);

/** NULL is in the byte order of the capturing host, which the packet itself betrays; LOOP is always big-endian. */
function loopback(packet: Packet): number {
  const { bytes, at } = packet;
  if (at + 4 > packet.end) return NOTHING;
  const high = u16(bytes, at);
  const family = high === 0 ? u16(bytes, at + 2) : ((high & 0xff) << 8) | (high >> 8);
  packet.at = at + 4;
  return families.get(family) ?? (family >= FIRST_ETHERTYPE ? follow(packet, family) : NOTHING);
}

const ARPHRD_NETLINK = 824;

function linuxCooked(packet: Packet): number {
  const { bytes, at } = packet;
  if (at + 16 > packet.end || u16(bytes, at + 2) === ARPHRD_NETLINK) return NOTHING;
  packet.at = at + 16;
  return cooked(packet, u16(bytes, at), u16(bytes, at + 14));
}

function linuxCooked2(packet: Packet): number {
  const { bytes, at } = packet;
  if (at + 20 > packet.end || u16(bytes, at + 8) === ARPHRD_NETLINK) return NOTHING;
  packet.at = at + 20;
  return cooked(packet, bytes[at + 10] ?? 0, u16(bytes, at));
}

const COOKED_LLC = 4;

function cooked(packet: Packet, packetType: number, protocol: number): number {
  packet.group = packetType === 1 || packetType === 2;
  if (protocol === COOKED_LLC) return llc(packet, 0);
  return protocol < FIRST_ETHERTYPE ? NOTHING : follow(packet, protocol);
}

/** RFC 1661, with or without the HDLC framing `ff 03`; the protocol number has one byte where its lowest bit is set. */
function ppp(packet: Packet): number {
  const { bytes } = packet;
  if (u16(bytes, packet.at) === 0xff03) packet.at += 2;
  else if (u16(bytes, packet.at) === 0x0f00 || u16(bytes, packet.at) === 0x8f00) return hdlc(packet);
  const short = ((bytes[packet.at] ?? 0) & 1) !== 0;
  const protocol = short ? (bytes[packet.at] ?? 0) : u16(bytes, packet.at);
  packet.at += short ? 1 : 2;
  if (packet.at > packet.end) return NOTHING;
  if (protocol === 0x0021) return IPV4;
  if (protocol === 0x0057) return IPV6;
  return protocol === 0x0281 || protocol === 0x0283 ? mpls(packet) : NOTHING;
}

/** Cisco HDLC: address, control, EtherType. */
function hdlc(packet: Packet): number {
  packet.at += 4;
  if (packet.at > packet.end) return NOTHING;
  const type = u16(packet.bytes, packet.at - 2);
  return type === IPV4 || type === IPV6 ? type : NOTHING;
}

/** RFC 2516 section 4: version and type, code (0 = session data), session, length; then PPP. */
function pppoe(packet: Packet): number {
  const { bytes, at } = packet;
  if (at + 8 > packet.end || bytes[at + 1] !== 0) return NOTHING;
  packet.at = at + 6;
  cutTo(packet, packet.at + u16(bytes, at + 4));
  return ppp(packet);
}

/** RFC 3032: labels up to the one marked as bottom; what follows only its first nibble tells. */
function mpls(packet: Packet): number {
  for (let depth = 0; depth < limits.encapsulation; depth += 1) {
    const { bytes, at } = packet;
    if (at + 4 > packet.end) return NOTHING;
    packet.at = at + 4;
    if (((bytes[at + 2] ?? 0) & 1) !== 0) return raw(packet);
  }
  return NOTHING;
}
