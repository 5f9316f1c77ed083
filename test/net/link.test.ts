import { describe, expect, test } from "vitest";
import { type Bytes, be16, be32, ethernet, ipv4, ipv6, text, udp } from "./packets.ts";
import { play } from "./recorder.ts";

const inner = udp(1111, 53, text("hello"));
const four = ipv4({}, inner);
const six = ipv6({}, inner);
const zeros = (count: number): Bytes => new Array<number>(count).fill(0);
const snap = (type: number, payload: Bytes, oui: Bytes = [0, 0, 0]): Bytes => [
  0xaa,
  0xaa,
  3,
  ...oui,
  ...be16(type),
  ...payload,
];
const llcFrame = (payload: Bytes) => ethernet(payload.length, payload);
const tag = (type: number): Bytes => [0, 7, ...be16(type)];
const sll = (protocol: number, payload: Bytes, arphrd = 1): Bytes => [
  0,
  0,
  ...be16(arphrd),
  0,
  6,
  ...zeros(8),
  ...be16(protocol),
  ...payload,
];
const sll2 = (protocol: number, payload: Bytes): Bytes => [
  ...be16(protocol),
  0,
  0,
  0,
  0,
  0,
  1,
  0,
  1,
  0,
  6,
  ...zeros(8),
  ...payload,
];
const le32 = (value: number): Bytes => [...be32(value)].reverse();
const pppoe = (payload: Bytes): Bytes => [0x11, 0, 0, 1, ...be16(payload.length), ...payload];

const rows: readonly (readonly [name: string, linkType: number, bytes: Bytes])[] = [
  ["Ethernet, IPv4", 1, ethernet(0x0800, four)],
  ["Ethernet, IPv6", 1, ethernet(0x86dd, six)],
  ["Ethernet, padded", 1, [...ethernet(0x0800, four), ...zeros(20)]],
  ["VLAN", 1, ethernet(0x8100, [...tag(0x0800), ...four])],
  ["QinQ", 1, ethernet(0x88a8, [...tag(0x8100), ...tag(0x86dd), ...six])],
  ["three tags", 1, ethernet(0x9100, [...tag(0x9200), ...tag(0x8100), ...tag(0x0800), ...four])],
  ["VLAN around LLC", 1, ethernet(0x8100, [...tag(snap(0x0800, four).length), ...snap(0x0800, four)])],
  ["VN-Tag", 1, ethernet(0x8926, [...zeros(4), ...be16(0x0800), ...four])],
  ["802.3 with SNAP", 1, [...llcFrame(snap(0x0800, four)), ...zeros(10)]],
  ["802.3 with bridged SNAP", 1, llcFrame(snap(0x86dd, six, [0, 0, 0xf8]))],
  ["802.3 with LLC 06", 1, llcFrame([6, 6, 3, ...four])],
  ["length 0, LLC", 1, ethernet(0, snap(0x0800, four))],
  ["MPLS, two labels", 1, ethernet(0x8847, [...zeros(4), 0, 0, 1, 64, ...four])],
  ["PPPoE", 1, [...ethernet(0x8864, pppoe([0, 0x21, ...four])), ...zeros(10)]],
  ["PPPoE, IPv6", 51, pppoe([0, 0x57, ...six])],
  ["PPP", 9, [0, 0x21, ...four]],
  ["PPP in HDLC framing, short protocol", 50, [0xff, 3, 0x21, ...four]],
  ["Cisco HDLC", 104, [0x0f, 0, 0x08, 0, ...four]],
  ["RAW 12", 12, four],
  ["RAW 14", 14, six],
  ["RAW 101", 101, four],
  ["IPv4", 228, four],
  ["IPv6", 229, six],
  ["NULL, little-endian", 0, [...le32(2), ...four]],
  ["NULL, big-endian", 0, [...be32(2), ...four]],
  ...[10, 23, 24, 28, 30].map((family) => [`NULL, IPv6 as ${family}`, 0, [...le32(family), ...six]] as const),
  ["LOOP", 108, [...be32(24), ...six]],
  ["Linux cooked", 113, sll(0x0800, four)],
  ["Linux cooked, VLAN", 113, sll(0x8100, [...tag(0x86dd), ...six])],
  ["Linux cooked, LLC", 113, sll(4, snap(0x0800, four))],
  ["Linux cooked 2", 276, sll2(0x86dd, six)],
];

describe("link types", () => {
  test.each(rows)("%s", (_name, linkType, bytes) => {
    const { recorder, net } = play([{ bytes, linkType }]);
    expect(recorder.datagrams).toMatchObject([{ sport: 1111, dport: 53, text: "hello", missing: 0 }]);
    expect(net.links().undecoded.size).toBe(0);
  });

  test.each(rows)("%s, cut anywhere", (_name, linkType, bytes) => {
    for (let length = 0; length < bytes.length; length += 1) {
      const { recorder } = play([{ bytes: bytes.slice(0, length), linkType, wireLength: bytes.length }]);
      for (const datagram of recorder.datagrams) expect(datagram.text.length + datagram.missing).toBe(5);
    }
  });

  test.each([
    ["netlink in Linux cooked", 113, sll(0x0800, four, 824)],
    ["802.3 without LLC", 113, sll(1, four)],
    ["an unknown EtherType", 1, ethernet(0x1234, four)],
    ["a type between length and EtherType", 1, ethernet(0x05f0, four)],
    ["spanning tree", 1, llcFrame([0x42, 0x42, 3, ...four])],
    ["another organisation's SNAP", 1, llcFrame(snap(0x0800, four, [0, 0, 0x0c]))],
    ["an unknown family", 0, [...le32(99), ...four]],
    ["PPPoE discovery", 1, ethernet(0x8864, [0x11, 9, 0, 1, 0, 4, 0, 0x21, ...four])],
    [
      "more tags than the limit",
      1,
      ethernet(0x8100, [...Array.from({ length: 20 }, () => tag(0x8100)).flat(), ...tag(0x0800), ...four]),
    ],
    ["more labels than the limit", 1, ethernet(0x8847, [...zeros(4 * 20), 0, 0, 1, 0, ...four])],
  ] as const)("nothing to read: %s", (_name, linkType, bytes) => {
    expect(play([{ bytes, linkType }]).recorder.datagrams).toEqual([]);
  });

  test("unknown link types are counted", () => {
    const { net } = play([147, 147, 189].map((linkType) => ({ bytes: four, linkType })));
    expect([...net.links().undecoded]).toEqual([
      [147, 2],
      [189, 1],
    ]);
  });

  test("a frame of no bytes", () => {
    for (const [, linkType] of rows) expect(play([{ bytes: [], linkType }]).recorder.datagrams).toEqual([]);
  });
});
