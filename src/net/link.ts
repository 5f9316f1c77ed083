import { BRIDGED, FIRST_ETHERTYPE, IPV4, IPV6, LLC, MPLS, NOTHING, PPP } from "./ethertypes.ts";
import { follow } from "./link-ethernet.ts";
import { fddi, tokenRing } from "./link-lan.ts";
import { nflog } from "./link-nflog.ts";
import { pktap } from "./link-pktap.ts";
import { pppoe } from "./link-ppp.ts";
import { directedPpp, frameRelay, hdlc, serial, slip } from "./link-wan.ts";
import { avs, prism, radiotap, wlan } from "./link-wlan.ts";
import { goDeeper, type Packet } from "./packet.ts";
import { ipVersion } from "./plausible.ts";
import { le16, le32, u16 } from "./words.ts";

/** Passes the link header; returns the type of what follows, as `ethertypes.ts` names it. */
type LinkLayer = (packet: Packet) => number;

const RADIOTAP = 127;

/** The link layers by LINKTYPE_ number; any other is counted as undecoded. */
const linkLayers: ReadonlyMap<number, LinkLayer> = new Map<number, LinkLayer>([
  [0, loopback],
  [1, () => BRIDGED],
  [6, tokenRing],
  [8, slip],
  [9, serial],
  [10, fddi],
  [12, ipVersion],
  [14, ipVersion],
  [50, serial],
  [51, pppoe],
  [100, () => LLC],
  [101, ipVersion],
  [104, hdlc],
  [105, wlan],
  [107, frameRelay],
  [108, loopback],
  [113, linuxCooked],
  [119, prism],
  [RADIOTAP, radiotap],
  [149, tapped],
  [163, avs],
  [166, directedPpp],
  [192, perPacket],
  [204, directedPpp],
  [219, () => MPLS],
  [228, ipVersion],
  [229, ipVersion],
  [239, nflog],
  [258, tapped],
  [276, linuxCooked2],
]);

/** Moves `packet.at` to the network header and returns its EtherType, or `NOTHING`. */
export function link(packet: Packet, linkType: number): number {
  const layer = linkLayers.get(linkType);
  if (layer !== undefined) return follow(packet, layer(packet));
  packet.foreign = linkType;
  return NOTHING;
}

/** Behind a header that names the link type of what follows. */
function nested(packet: Packet, linkType: number): number {
  return linkType !== NOTHING && goDeeper(packet) ? link(packet, linkType) : NOTHING;
}

function tapped(packet: Packet): number {
  return nested(packet, pktap(packet));
}

/** PPI (CACE Technologies): version, flags, length of its header, link type; little-endian. */
function perPacket(packet: Packet): number {
  const { bytes, at } = packet;
  const length = le16(bytes, at + 2);
  if (bytes[at] !== 0 || length < 8 || at + length > packet.end) return NOTHING;
  packet.at = at + length;
  return nested(packet, le32(bytes, at + 4));
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

/**
 * NULL is in the byte order of the capturing host, which the packet itself betrays; LOOP is always big-endian. Some
 * adapters write an EtherType in either order, or PPP, in place of a family.
 */
function loopback(packet: Packet): number {
  const { bytes, at } = packet;
  if (at + 4 > packet.end) return NOTHING;
  const high = u16(bytes, at);
  if (high === 0xff03) return PPP;
  const family = high === 0 ? u16(bytes, at + 2) : le16(bytes, at);
  packet.at = at + 4;
  return families.get(family) ?? [family, u16(bytes, at + 2)].find((type) => type >= FIRST_ETHERTYPE) ?? NOTHING;
}

function linuxCooked(packet: Packet): number {
  const { bytes, at } = packet;
  if (at + 16 > packet.end) return NOTHING;
  packet.at = at + 16;
  return cooked(packet, u16(bytes, at), u16(bytes, at + 2), u16(bytes, at + 14));
}

function linuxCooked2(packet: Packet): number {
  const { bytes, at } = packet;
  if (at + 20 > packet.end) return NOTHING;
  packet.at = at + 20;
  return cooked(packet, bytes[at + 10] ?? 0, u16(bytes, at + 8), u16(bytes, at));
}

const ARPHRD_NETLINK = 824;
const ARPHRD_IEEE80211_RADIOTAP = 803;
const COOKED_LLC = 4;

/** The protocol is an EtherType as a rule, in a GRE tunnel (ARPHRD 778) that of GRE; a few small numbers are Linux's own. */
function cooked(packet: Packet, packetType: number, device: number, protocol: number): number {
  packet.group = packetType === 1 || packetType === 2;
  if (device === ARPHRD_NETLINK) return NOTHING;
  if (device === ARPHRD_IEEE80211_RADIOTAP) return nested(packet, RADIOTAP);
  if (protocol === COOKED_LLC) return LLC;
  return protocol < FIRST_ETHERTYPE ? NOTHING : protocol;
}
