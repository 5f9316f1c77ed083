import { four, inner, type LinkRow, label, pppoe, six, zeros } from "./link-rows.ts";
import { type Bytes, be16, be32, ethernet, ipv4, ipv6, udp } from "./packets.ts";

/** One packet of every tunnel, each around the datagram of `link-rows.ts`. The first address outside is not the one inside. */

const OUTER = { src: "192.0.2.1", dst: "192.0.2.2" };
const OUTER6 = { src: "2001:db8::1", dst: "2001:db8::2" };
export const over4 = (protocol: number, payload: Bytes): Bytes => ipv4({ ...OUTER, protocol }, payload);
export const over6 = (protocol: number, payload: Bytes): Bytes => ipv6({ ...OUTER6, protocol }, payload);
export const overUdp = (dport: number, payload: Bytes, sport = 40000): Bytes => over4(17, udp(sport, dport, payload));

export const gre = (flags: number, type: number, fields: Bytes, payload: Bytes): Bytes => [
  ...be16(flags),
  ...be16(type),
  ...fields,
  ...payload,
];
const frame4 = ethernet(0x0800, four);
const frame6 = ethernet(0x86dd, six);

export const vxlan = (frame: Bytes, flags = 8, next = 0): Bytes => [flags, 0, 0, next, 0, 0, 7, 0, ...frame];
export const geneve = (type: number, payload: Bytes, options: Bytes = []): Bytes => [
  options.length / 4,
  0,
  ...be16(type),
  0,
  0,
  7,
  0,
  ...options,
  ...payload,
];
export const gtp = (flags: number, options: Bytes, payload: Bytes, type = 255): Bytes => [
  0x30 | flags,
  type,
  ...be16(options.length + payload.length),
  ...be32(1),
  ...options,
  ...payload,
];
const erspan2: Bytes = [0x10, 100, 0, 5, 0, 0, 0, 7];
const erspan3 = (frameType: number, hasMore: boolean): Bytes => [
  ...[0x20, 100, 0, 5, ...be32(99), 0, 0],
  ...be16((frameType << 10) | (hasMore ? 1 : 0)),
  ...(hasMore ? zeros(8) : []),
];
const pptp = (flags: number, fields: Bytes, frame: Bytes): Bytes =>
  gre(0x2001 | flags, 0x880b, [...be16(frame.length), 0, 9, ...fields], frame);
const authentication = (next: number): Bytes => [next, 4, 0, 0, ...be32(300), ...be32(1), ...zeros(12)];
const teredo6 = ipv6({ src: "2001:0:c000:201::1", dst: "2001:0:c000:201::2" }, inner);
const origin: Bytes = [0, 0, 0x12, 0x34, 192, 0, 2, 1];

const raw = 101;
export const tunnelRows: readonly LinkRow[] = [
  ["4 in 4", raw, over4(4, four)],
  ["6 in 4", raw, over4(41, six)],
  ["4 in 6", raw, over6(4, four)],
  ["6 in 6", raw, over6(41, six)],
  ["4 in 6 in 4", raw, over4(41, over6(4, four))],
  ["authentication header around a tunnel", raw, over4(51, [...authentication(4), ...four])],
  ["authentication header over IPv6", raw, over6(51, [...authentication(41), ...six])],
  ["EtherIP", raw, over4(97, [0x30, 0, ...frame4])],
  ["MPLS in IP", raw, over4(137, [...label(true), ...four])],
  [
    "MPLS in IPv6, pseudo-wire",
    raw,
    over6(137, [...label(true), ...zeros(4), ...ethernet(0x0800, four, [0, 0x1e, 0xc9, 0, 0, 1])]),
  ],
  ["GRE", raw, over4(47, gre(0, 0x0800, [], four))],
  ["GRE over IPv6", raw, over6(47, gre(0, 0x86dd, [], six))],
  ["GRE with checksum, key and sequence", raw, over4(47, gre(0xb000, 0x0800, zeros(12), four))],
  [
    "GRE with a source route",
    raw,
    over4(47, gre(0x4000, 0x0800, [...zeros(4), 8, 0, 0, 4, 192, 0, 2, 9, ...zeros(4)], four)),
  ],
  ["GRE with MPLS", raw, over4(47, gre(0, 0x8847, [], [...label(true), ...four]))],
  ["GRE with a tag", raw, over4(47, gre(0, 0x8100, [], [0, 7, ...be16(0x0800), ...four]))],
  ["GRE with NSH", raw, over4(47, gre(0, 0x894f, [], [0, 2, 2, 1, ...zeros(4), ...four]))],
  ["GRE in GRE", raw, over4(47, gre(0, 0x0800, [], over4(47, gre(0x2000, 0x86dd, zeros(4), six))))],
  ["NVGRE", raw, over4(47, gre(0x2000, 0x6558, [0, 0x12, 0x34, 0], frame4))],
  ["WCCP", raw, over4(47, gre(0, 0x883e, [], four))],
  ["WCCP version 2", raw, over4(47, gre(0, 0x883e, zeros(4), four))],
  ["ERSPAN type I", raw, over4(47, gre(0, 0x88be, [], frame4))],
  ["ERSPAN type II", raw, over4(47, gre(0x1000, 0x88be, be32(1), [...erspan2, ...frame6]))],
  ["ERSPAN type III", raw, over4(47, gre(0x1000, 0x22eb, be32(1), [...erspan3(0, false), ...frame4]))],
  ["ERSPAN type III with more", raw, over4(47, gre(0x1000, 0x22eb, be32(1), [...erspan3(0, true), ...frame4]))],
  ["ERSPAN type III of IP", raw, over4(47, gre(0x1000, 0x22eb, be32(1), [...erspan3(2, false), ...four]))],
  ["PPTP", raw, over4(47, pptp(0x1000, be32(1), [0xff, 3, 0, 0x21, ...four]))],
  ["PPTP, acknowledging, short protocol", raw, over4(47, pptp(0x1080, zeros(8), [0x21, ...four]))],
  ["VXLAN", raw, overUdp(4789, vxlan(frame4))],
  ["VXLAN over IPv6", raw, over6(17, udp(40000, 4789, vxlan(frame6)))],
  ["VXLAN as Linux first had it", raw, overUdp(8472, vxlan(frame4))],
  [
    "VXLAN in VXLAN, tagged",
    raw,
    overUdp(4789, vxlan(ethernet(0x8100, [0, 5, 8, 0, ...overUdp(4789, vxlan(frame4))]))),
  ],
  ["VXLAN around PPPoE", raw, overUdp(4789, vxlan(ethernet(0x8864, pppoe([0, 0x21, ...four]))))],
  ["VXLAN-GPE, Ethernet unsaid", raw, overUdp(4790, vxlan(frame4))],
  ["VXLAN-GPE, IPv4", raw, overUdp(4790, vxlan(four, 12, 1))],
  ["VXLAN-GPE, IPv6", raw, overUdp(4790, vxlan(six, 12, 2))],
  ["VXLAN-GPE, Ethernet", raw, overUdp(4790, vxlan(frame4, 12, 3))],
  ["VXLAN-GPE, NSH", raw, overUdp(4790, vxlan([0, 2, 2, 1, ...zeros(4), ...four], 12, 4))],
  ["GENEVE, Ethernet", raw, overUdp(6081, geneve(0x6558, frame4))],
  ["GENEVE, IPv4, options", raw, overUdp(6081, geneve(0x0800, four, [1, 2, 3, 1, 0, 0, 0, 9]))],
  ["Teredo", raw, overUdp(3544, teredo6)],
  ["Teredo, from the server, with origin", raw, overUdp(50000, [...origin, ...teredo6], 3544)],
  ["Teredo, with authentication and origin", raw, overUdp(3544, [0, 1, 2, 3, ...zeros(5 + 9), ...origin, ...teredo6])],
  ["MPLS in UDP", raw, overUdp(6635, [...label(false), ...label(true), ...four])],
  ["GRE in UDP", raw, overUdp(4754, gre(0x2000, 0x0800, zeros(4), four))],
  ["GTP-U", raw, overUdp(2152, gtp(0, [], four))],
  ["GTP-U with a sequence number", raw, overUdp(2152, gtp(2, [0, 1, 0, 0], six))],
  ["GTP-U with extensions", raw, overUdp(2152, gtp(4, [0, 0, 0, 0x85, 1, 0x10, 9, 0x85, 1, 0x10, 9, 0], four))],
];
