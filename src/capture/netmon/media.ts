import { ETHERNET, RAW_IP, WIRELESS } from "../packet-look.ts";

/** What is done with the frames of a media type. */
export type MediaKind =
  /** Their bytes are a packet of `linkType`. */
  | "packet"
  /** A description of the radio signal, then 802.11. */
  | "wireless"
  /** ATM, or an Ethernet that NDISWAN made up. */
  | "wan"
  /** Addresses, protocol and length in place of an IP header. */
  | "wfp4"
  | "wfp6"
  | "wfp4Flow"
  | "wfp6Flow"
  /** An event of Windows tracing, which may hold a packet. */
  | "event"
  | "networkInfo"
  | "filter"
  /** No packet, and no frame by Wireshark's count. */
  | "uncounted"
  | "unread";

export interface Media {
  readonly kind: MediaKind;
  readonly linkType: number;
  readonly name: string;
}

const packet = (linkType: number, name: string): Media => ({ kind: "packet", linkType, name });
const special = (kind: MediaKind, name: string): Media => ({ kind, linkType: RAW_IP, name });
const unread = (name: string): Media => ({ kind: "unread", linkType: 0, name });

const known: ReadonlyMap<number, Media> = new Map([
  // Captures of VPN by Network Monitor 3.4 have 0 in front of Ethernet.
  [0, packet(ETHERNET, "none")],
  [1, packet(ETHERNET, "Ethernet")],
  [2, packet(6, "Token Ring")],
  [3, packet(10, "FDDI")],
  [4, special("wan", "WAN")],
  [5, unread("IP over IEEE 1394")],
  [6, { kind: "wireless", linkType: WIRELESS, name: "IEEE 802.11" }],
  [7, packet(RAW_IP, "tunnel interface")],
  [8, packet(RAW_IP, "wireless WAN")],
  [9, packet(RAW_IP, "raw IP")],
  // Message Analyzer's own, which lie among those of converted pcap files and come first.
  [0xe080, packet(WIRELESS, "WiFi message")],
  [0xe081, unread("NDIS ETW WiFi channel message")],
  [0xe082, unread("Fiddler message")],
  [0xe083, special("wfp4", "WFP capture of IPv4")],
  [0xe084, special("wfp6", "WFP capture of IPv6")],
  [0xe085, special("wfp4Flow", "WFP capture 2 of IPv4")],
  [0xe086, special("wfp6Flow", "WFP capture 2 of IPv6")],
  [0xe087, unread("WFP authorisation of IPv4")],
  [0xe088, unread("WFP authorisation of IPv6")],
  [0xe089, unread("NDIS message")],
  [0xe08a, unread("NDIS WiFi metadata")],
  [0xffe0, special("event", "event of Windows tracing")],
  [0xfffb, special("networkInfo", "network adapters")],
  [0xfffc, special("uncounted", "header of a reassembled payload")],
  [0xfffd, special("uncounted", "network adapters, old")],
  [0xfffe, special("uncounted", "DNS cache")],
  [0xffff, special("filter", "filter")],
]);

const FROM_PCAP = 0xe;
const LINK_TYPE = 0x0fff;

/** What a media type of Network Monitor, or of a converted pcap file, stands for. */
export function mediaOf(number: number): Media {
  const row = known.get(number);
  if (row !== undefined) return row;
  return number >> 12 === FROM_PCAP ? packet(number & LINK_TYPE, "converted pcap") : unread("not known");
}

/** Whether frames of this type are known, as damage seldom makes them look. */
export function isKnownMedia(number: number): boolean {
  return known.has(number) || number >> 12 === FROM_PCAP;
}
