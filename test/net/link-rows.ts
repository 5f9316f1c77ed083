import { type Bytes, be16, be32, ethernet, ipv4, ipv6, text, udp } from "./packets.ts";

/** One frame of every link type and wrapper, each around the same datagram: `hello` from port 1111 to port 53. */

export const inner = udp(1111, 53, text("hello"));
export const four = ipv4({}, inner);
export const six = ipv6({}, inner);
export const zeros = (count: number): Bytes => new Array<number>(count).fill(0);
export const le16 = (value: number): Bytes => [...be16(value)].reverse();
export const le32 = (value: number): Bytes => [...be32(value)].reverse();
export const snap = (type: number, payload: Bytes, oui: Bytes = [0, 0, 0]): Bytes => [
  0xaa,
  0xaa,
  3,
  ...oui,
  ...be16(type),
  ...payload,
];
export const llcFrame = (payload: Bytes) => ethernet(payload.length, payload);
export const tag = (type: number): Bytes => [0, 7, ...be16(type)];
const hardware: Bytes = [2, 0, 0, 0, 0, 1, 0, 0];

export const sll = (protocol: number, payload: Bytes, device = 1): Bytes => [
  ...be16(0),
  ...be16(device),
  ...be16(6),
  ...hardware,
  ...be16(protocol),
  ...payload,
];
export const sll2 = (protocol: number, payload: Bytes, device = 1): Bytes => [
  ...be16(protocol),
  ...be16(0),
  ...be32(1),
  ...be16(device),
  0,
  6,
  ...hardware,
  ...payload,
];
export const pppoe = (payload: Bytes): Bytes => [0x11, 0, 0, 1, ...be16(payload.length), ...payload];
export const label = (bottom: boolean): Bytes => [0, 0, bottom ? 0x31 : 0x30, 64];

const station = (last: number): Bytes => [2, 0, 0, 0, 0, last];
interface Wlan {
  readonly subtype?: number;
  readonly flags?: number;
  /** Behind the third address: sequence control, and what the flags call for. */
  readonly rest?: Bytes;
}
export const wlan = ({ subtype = 0, flags = 0, rest = [0, 0] }: Wlan, body: Bytes): Bytes => [
  (subtype << 4) | 8,
  flags,
  ...[0, 0],
  ...station(1),
  ...station(2),
  ...station(3),
  ...rest,
  ...body,
];
const QOS = 8;
const [TO_DS, FROM_DS, PROTECTED, ORDER] = [1, 2, 0x40, 0x80];
const ccmp: Bytes = [1, 0, 0, 0x20, 0, 0, 0, 0];

export const subframe = (payload: Bytes, isLast: boolean): Bytes => {
  const whole = [...station(1), ...station(2), ...be16(payload.length), ...payload];
  return isLast ? whole : [...whole, ...zeros((4 - (whole.length % 4)) % 4)];
};
const aggregate: Bytes = [...be16(0), 0x80, 0];

/** `fields`: the fields behind the word that says which are present. */
export const radiotap = (present: readonly number[], fields: Bytes, frame: Bytes): Bytes => {
  const words = present.flatMap(le32);
  return [0, 0, ...le16(4 + words.length + fields.length), ...words, ...fields, ...frame];
};
const clear = wlan({}, snap(0x0800, four));

export const ppi = (linkType: number, frame: Bytes, fields: Bytes = []): Bytes => [
  0,
  0,
  ...le16(8 + fields.length),
  ...le32(linkType),
  ...fields,
  ...frame,
];

const name = (value: string, length: number): Bytes => [...text(value), ...zeros(length - value.length)];
export const pktap = (
  linkType: number,
  frame: Bytes,
  more: { pid?: number; other?: number; type?: number; name?: string } = {},
) => [
  ...[...le32(108), ...le32(more.type ?? 1), ...le32(linkType)],
  ...name("en0", 24),
  ...[...le32(2), ...le32(2), ...le32(14), ...le32(0), ...le32(more.pid ?? 321)],
  ...name(more.name ?? "kinit", 20),
  ...[...le32(0), ...le16(6), ...le16(0), ...le32(more.other ?? -1)],
  ...name("Finder", 20),
  ...frame,
];

const attribute = (order: (value: number) => Bytes, type: number, value: Bytes): Bytes => [
  ...order(4 + value.length),
  ...order(type),
  ...value,
  ...zeros((4 - (value.length % 4)) % 4),
];
export const nflog = (order: (value: number) => Bytes, packet: Bytes): Bytes => [
  ...[2, 0, 0, 5],
  ...attribute(order, 1, [8, 0, 3, 0]),
  ...attribute(order, 10, text("in:")),
  ...attribute(order, 9, packet),
];

const ring = (control: number, source: Bytes, rest: Bytes): Bytes => [0x10, control, ...station(2), ...source, ...rest];
const prism = (cookie: Bytes, length: Bytes, size: number, frame: Bytes): Bytes => [
  ...cookie,
  ...length,
  ...zeros(size - 8),
  ...frame,
];
const nsh = (next: number, words = 6): Bytes => [0, words, words === 6 ? 1 : 2, next, ...zeros(words * 4 - 4)];
/** An Ethernet frame to a station of a maker that tshark knows. */
const wire = (maker: Bytes): Bytes => [...maker, 0, 0, 2, 0, 0x1e, 0xc9, 0, 0, 1, ...be16(0x0800), ...four];
const macsec = (control: number, more: Bytes = []): Bytes => [control, 0, ...be32(1), ...more];

export type LinkRow = readonly [name: string, linkType: number, bytes: Bytes];

export const linkRows: readonly LinkRow[] = [
  ["Ethernet, IPv4", 1, ethernet(0x0800, four)],
  ["Ethernet, IPv6", 1, ethernet(0x86dd, six)],
  ["Ethernet, padded", 1, [...ethernet(0x0800, four), ...zeros(20)]],
  ["VLAN", 1, ethernet(0x8100, [...tag(0x0800), ...four])],
  ["QinQ", 1, ethernet(0x88a8, [...tag(0x8100), ...tag(0x86dd), ...six])],
  ["three tags", 1, ethernet(0x9100, [...tag(0x9200), ...tag(0x8100), ...tag(0x0800), ...four])],
  ["tags of the fourth kind", 1, ethernet(0x9300, [...tag(0x0800), ...four])],
  ["VLAN around LLC", 1, ethernet(0x8100, [...tag(snap(0x0800, four).length), ...snap(0x0800, four)])],
  ["VN-Tag", 1, ethernet(0x8926, [...zeros(4), ...be16(0x0800), ...four])],
  ["E-Tag", 1, ethernet(0x893f, [...zeros(6), ...be16(0x0800), ...four])],
  ["Cisco MetaData", 1, ethernet(0x8909, [1, 1, 0, 1, 0, 9, ...be16(0x0800), ...four])],
  ["FabricPath", 1, ethernet(0x8903, [0x12, 0x34, ...ethernet(0x0800, four)])],
  ["provider backbone", 1, ethernet(0x88e7, [...zeros(4), ...ethernet(0x86dd, six)])],
  ["802.3 with SNAP", 1, [...llcFrame(snap(0x0800, four)), ...zeros(10)]],
  ["802.3 with SNAP and a tag inside", 1, llcFrame(snap(0x8100, [...tag(0x0800), ...four]))],
  ["802.3 with bridged SNAP", 1, llcFrame(snap(0x86dd, six, [0, 0, 0xf8]))],
  ["802.3 with LLC 06", 1, llcFrame([6, 6, 3, ...four])],
  ["length 0, LLC", 1, ethernet(0, snap(0x0800, four))],
  ["MPLS, two labels", 1, ethernet(0x8847, [...label(false), ...label(true), ...four])],
  ["MPLS multicast, IPv6", 1, ethernet(0x8848, [...label(true), ...six])],
  ["pseudo-wire with a control word", 1, ethernet(0x8847, [...label(true), 0, 0, 0, 0, ...wire([0, 0x1e, 0xc9])])],
  ["pseudo-wire without", 1, ethernet(0x8847, [...label(true), ...wire([0xbc, 0x30, 0x5b])])],
  [
    "pseudo-wire without, to a station whose address begins as a channel does",
    1,
    ethernet(0x8847, [...label(true), ...wire([0x14, 0xfe, 0xb5])]),
  ],
  [
    "pseudo-wire without, to a station whose address begins with zeros",
    1,
    ethernet(0x8847, [...label(true), ...wire([0, 0x1e, 0xc9])]),
  ],
  [
    "pseudo-wire without, to a station whose address looks like IP",
    1,
    ethernet(0x8847, [...label(true), ...wire([0x44, 0x38, 0x39])]),
  ],
  ["PPPoE", 1, [...ethernet(0x8864, pppoe([0, 0x21, ...four])), ...zeros(10)]],
  ["PPPoE, MPLS", 1, ethernet(0x8864, pppoe([0x02, 0x81, ...label(true), ...four]))],
  ["MACsec, integrity only", 1, ethernet(0x88e5, [...macsec(0), ...be16(0x0800), ...four, ...zeros(16)])],
  [
    "MACsec, integrity only, with SCI",
    1,
    ethernet(0x88e5, [...macsec(0x20, zeros(8)), ...be16(0x86dd), ...six, ...zeros(16)]),
  ],
  ["NSH, IPv4", 1, ethernet(0x894f, [...nsh(1), ...four])],
  ["NSH, IPv6", 1, ethernet(0x894f, [...nsh(2), ...six])],
  ["NSH, Ethernet", 1, ethernet(0x894f, [...nsh(3, 2), ...ethernet(0x0800, four)])],
  ["NSH in NSH, MPLS", 1, ethernet(0x894f, [...nsh(4), ...nsh(5), ...label(true), ...four])],
  ["PPPoE, IPv6", 51, pppoe([0, 0x57, ...six])],
  ["PPP", 9, [0, 0x21, ...four]],
  ["PPP link, HDLC of Cisco", 9, [0x8f, 0, 0x86, 0xdd, ...six]],
  ["PPP in HDLC framing, short protocol", 50, [0xff, 3, 0x21, ...four]],
  ["PPP_HDLC, HDLC of Cisco", 50, [0x0f, 0, 8, 0, ...four]],
  ["PPP_PPPD, in", 166, [0, 3, 0, 0x21, ...four]],
  ["PPP_PPPD, out", 166, [1, 3, 0, 0x57, ...six]],
  ["PPP_WITH_DIR, in", 204, [0, 0xff, 3, 0, 0x21, ...four]],
  ["PPP_WITH_DIR, out, no framing", 204, [1, 0, 0x57, ...six]],
  ["Cisco HDLC", 104, [0x0f, 0, 8, 0, ...four]],
  ["Cisco HDLC, MPLS", 104, [0x0f, 0, 0x88, 0x47, ...label(true), ...six]],
  ["frame relay, IPv4", 107, [0x18, 0x41, 3, 0xcc, ...four]],
  ["frame relay, padded, IPv6", 107, [0x18, 0x41, 3, 0, 0x8e, ...six]],
  ["frame relay, four bytes of address", 107, [0x18, 0x40, 0, 0x41, 3, 0xcc, ...four]],
  ["frame relay, SNAP", 107, [0x18, 0x41, 3, 0, 0x80, 0, 0, 0, 8, 0, ...four]],
  ["frame relay, bridged", 107, [0x18, 0x41, 3, 0, 0x80, 0, 0x80, 0xc2, 0, 7, ...ethernet(0x0800, four)]],
  ["frame relay, PPP", 107, [0x18, 0x41, 3, 0xcf, 0, 0x21, ...four]],
  ["frame relay as Cisco has it", 107, [0x18, 0x41, 8, 0, ...four]],
  ["Token Ring", 6, ring(0x40, station(1), snap(0x0800, four))],
  ["Token Ring, routed", 6, ring(0x40, [0x82, 0, 0, 0, 0, 1], [6, 0x30, 0, 0x1a, 0, 0x20, ...snap(0x86dd, six)])],
  ["FDDI", 10, [0x50, ...station(2), ...station(1), ...snap(0x0800, four)]],
  ["SLIP", 8, [1, 0x45, ...zeros(14), ...four]],
  ["SLIP without its header", 8, four],
  ["ATM, LLC", 100, snap(0x0800, four)],
  ["MPLS alone", 219, [...label(true), ...four]],
  ["RAW 12", 12, four],
  ["RAW 14", 14, six],
  ["RAW 101", 101, four],
  ["IPv4", 228, four],
  ["IPv6", 229, six],
  ["NULL, little-endian", 0, [...le32(2), ...four]],
  ["NULL, big-endian", 0, [...be32(2), ...four]],
  ...[10, 23, 24, 28, 30].map((family) => [`NULL, IPv6 as ${family}`, 0, [...le32(family), ...six]] as const),
  ["NULL, an EtherType", 0, [...le32(0x86dd), ...six]],
  ["NULL, PPP", 0, [0xff, 3, 0, 0x21, ...four]],
  ["LOOP", 108, [...be32(24), ...six]],
  ["Linux cooked", 113, sll(0x0800, four)],
  ["Linux cooked, VLAN", 113, sll(0x8100, [...tag(0x86dd), ...six])],
  ["Linux cooked, LLC", 113, sll(4, snap(0x0800, four))],
  ["Linux cooked, GRE", 113, sll(0x6558, ethernet(0x0800, four), 778)],
  ["Linux cooked, radiotap", 113, sll(0, radiotap([0], [], clear), 803)],
  ["Linux cooked 2", 276, sll2(0x86dd, six)],
  ["Linux cooked 2, radiotap", 276, sll2(0, radiotap([0], [], clear), 803)],
  ["NFLOG", 239, nflog(le16, four)],
  ["NFLOG of a big-endian host", 239, nflog(be16, six)],
  ["PKTAP, Ethernet", 258, pktap(1, ethernet(0x0800, four))],
  ["PKTAP, loopback", 258, pktap(0, [...le32(30), ...six])],
  ["PKTAP, raw", 258, pktap(12, four)],
  ["PKTAP as it was first", 149, pktap(1, ethernet(0x0800, four))],
  ["802.11", 105, clear],
  ["802.11, to the access point", 105, wlan({ flags: TO_DS }, snap(0x0800, four))],
  ["802.11, between access points", 105, wlan({ flags: TO_DS | FROM_DS, rest: zeros(8) }, snap(0x0800, four))],
  ["802.11, QoS", 105, wlan({ subtype: QOS, flags: FROM_DS, rest: zeros(4) }, snap(0x86dd, six))],
  ["802.11, QoS and HT control", 105, wlan({ subtype: QOS, flags: ORDER, rest: zeros(8) }, snap(0x0800, four))],
  [
    "802.11, QoS between access points",
    105,
    wlan({ subtype: QOS, flags: TO_DS | FROM_DS, rest: zeros(10) }, snap(0x0800, four)),
  ],
  ["802.11, decrypted", 105, wlan({ flags: PROTECTED }, snap(0x0800, four))],
  ["802.11, decrypted, cipher header left", 105, wlan({ flags: PROTECTED }, [...ccmp, ...snap(0x0800, four)])],
  ["802.11, aggregate of one", 105, wlan({ subtype: QOS, rest: aggregate }, subframe(snap(0x0800, four), true))],
  [
    "802.11, aggregate, decrypted",
    105,
    wlan({ subtype: QOS, flags: PROTECTED, rest: aggregate }, [...ccmp, ...subframe(snap(0x0800, four), true)]),
  ],
  ["radiotap", 127, radiotap([0], [], clear)],
  ["radiotap, flags", 127, radiotap([2], [0], clear)],
  ["radiotap, time and flags", 127, radiotap([3], [...zeros(8), 0], clear)],
  ["radiotap, more words, time and flags", 127, radiotap([0x80000003, 0], [...zeros(4 + 8), 0], clear)],
  ["radiotap, check sequence", 127, radiotap([2], [0x10], [...clear, ...zeros(4)])],
  [
    "radiotap, padded header",
    127,
    radiotap([2], [0x20], wlan({ subtype: QOS, rest: zeros(4) }, [...zeros(2), ...snap(0x0800, four)])),
  ],
  ["Prism, little-endian", 119, prism(le32(0x44), le32(144), 144, clear)],
  ["Prism, big-endian", 119, prism(be32(0x44), be32(144), 144, clear)],
  ["Prism, no length", 119, prism(le32(0x41), le32(0), 144, clear)],
  ["Prism, in truth AVS", 119, prism(be32(0x80211001), be32(64), 64, clear)],
  ["AVS", 163, prism(be32(0x80211001), be32(64), 64, clear)],
  ["PPI, 802.11", 192, ppi(105, clear)],
  ["PPI, Ethernet, with fields", 192, ppi(1, ethernet(0x0800, four), [...le16(9), ...le16(4), ...zeros(4)])],
];
