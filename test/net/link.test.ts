import { describe, expect, test } from "vitest";
import { limits } from "../../src/bytes/limits.ts";
import { newFrameView } from "../../src/model/frame.ts";
import { openNet } from "../../src/net/net.ts";
import {
  four,
  label,
  le32,
  linkRows,
  llcFrame,
  pktap,
  ppi,
  pppoe,
  radiotap,
  six,
  sll,
  snap,
  subframe,
  tag,
  wlan,
  zeros,
} from "./link-rows.ts";
import { type Bytes, be16, be32, ethernet, frameView, ipv4, text, udp } from "./packets.ts";
import { play, Recorder } from "./recorder.ts";

describe("link types", () => {
  test.each(linkRows)("%s", (_name, linkType, bytes) => {
    const { recorder, net } = play([{ bytes, linkType }]);
    expect(recorder.datagrams).toMatchObject([{ sport: 1111, dport: 53, text: "hello", missing: 0 }]);
    expect(net.links()).toMatchObject({ undecoded: new Map(), sealed: new Map() });
  });

  test.each(linkRows)("%s, cut anywhere", (_name, linkType, bytes) => {
    for (let length = 0; length < bytes.length; length += 1) {
      const { recorder } = play([{ bytes: bytes.slice(0, length), linkType, wireLength: bytes.length }]);
      for (const datagram of recorder.datagrams) expect(datagram.text.length + datagram.missing).toBe(5);
    }
  });

  test("a frame of no bytes", () => {
    for (const [, linkType] of linkRows) expect(play([{ bytes: [], linkType }]).recorder.datagrams).toEqual([]);
  });

  test.each([
    ["netlink in Linux cooked", 113, sll(0x0800, four, 824)],
    ["802.3 without LLC", 113, sll(1, four)],
    ["an unknown EtherType", 1, ethernet(0x1234, four)],
    ["a type between length and EtherType", 1, ethernet(0x05f0, four)],
    ["spanning tree", 1, llcFrame([0x42, 0x42, 3, ...four])],
    ["another organisation's SNAP", 1, llcFrame(snap(0x0800, four, [0, 0, 0x0c]))],
    ["bridged FDDI", 1, llcFrame(snap(4, four, [0, 0x80, 0xc2]))],
    ["an unknown family", 0, [...le32(99), ...four]],
    ["PPPoE discovery", 1, ethernet(0x8864, [0x11, 9, 0, 1, 0, 4, 0, 0x21, ...four])],
    ["an associated channel", 1, ethernet(0x8847, [...label(true), 0x10, 0, 0, 7, ...four])],
    ["NSH of a length below its own", 1, ethernet(0x894f, [0, 1, 1, 1, ...four])],
    ["NSH around something new", 1, ethernet(0x894f, [0, 2, 2, 9, ...zeros(4), ...four])],
    ["MACsec of another version", 1, ethernet(0x88e5, [0x80, 0, ...be32(1), ...be16(0x0800), ...four])],
    ["link control of PPP", 9, [0xff, 3, 0xc0, 0x21, ...four]],
    ["keep-alive of Cisco HDLC", 104, [0x8f, 0, 0x80, 0x35, ...four]],
    ["a length in Cisco HDLC", 104, [0x8f, 0, 0, 4, ...four]],
    ["link management of frame relay", 107, [0, 1, 3, 8, ...four]],
    ["a token without data", 6, [0x10, 0, ...zeros(12), ...snap(0x0800, four)]],
    ["station management of FDDI", 10, [0x41, ...zeros(12), ...snap(0x0800, four)]],
    ["a beacon", 105, [0x80, ...wlan({}, snap(0x0800, four)).slice(1)]],
    ["802.11 without data", 105, wlan({ subtype: 4 }, snap(0x0800, four))],
    ["802.11 of another version", 105, [9, ...wlan({}, snap(0x0800, four)).slice(1)]],
    ["the first part of an 802.11 frame", 105, wlan({ flags: 4 }, snap(0x0800, four))],
    ["a later part", 105, wlan({ rest: [0x11, 0] }, snap(0x0800, four))],
    ["a frame that came damaged", 127, radiotap([2], [0x50], [...wlan({}, snap(0x0800, four)), ...zeros(4)])],
    ["radiotap of another version", 127, [1, ...radiotap([0], [], wlan({}, snap(0x0800, four))).slice(1)]],
    ["NFLOG with an attribute of no length", 239, [2, 0, 0, 5, ...zeros(4), ...four]],
    ["PKTAP that is no packet", 258, pktap(1, ethernet(0x0800, four), { type: 0 })],
    ["PPI of another version", 192, [1, ...ppi(101, four).slice(1)]],
  ] as const)("nothing to read: %s", (_name, linkType, bytes) => {
    const { recorder, net } = play([{ bytes, linkType }]);
    expect(recorder.datagrams).toEqual([]);
    expect(net.links()).toMatchObject({ undecoded: new Map(), sealed: new Map() });
  });
});

describe("several packets in one 802.11 frame", () => {
  const QOS = { subtype: 8, rest: [0, 0, 0x80, 0] };
  const one = (value: string) => snap(0x0800, ipv4({}, udp(1111, 53, text(value))));
  const parts = [subframe(one("one"), false), subframe(snap(0x86dd, six), false), subframe(one("three"), true)];
  const bytes = wlan(QOS, parts.flat());

  test("are all read", () => {
    const { recorder } = play([{ bytes, linkType: 105 }]);
    expect(recorder.datagrams.map((datagram) => datagram.text)).toEqual(["one", "hello", "three"]);
    expect(recorder.datagrams.map((datagram) => datagram.frames)).toEqual([[1], [1], [1]]);
  });

  test("up to the check sequence, and to the end of a cut frame", () => {
    const whole = radiotap([2], [0x10], [...bytes, 0xaa, 0xaa, 3, 0]);
    expect(play([{ bytes: whole, linkType: 127 }]).recorder.datagrams).toHaveLength(3);
    const cut = { bytes: whole.slice(0, -6), linkType: 127, wireLength: whole.length };
    expect(play([cut]).recorder.datagrams.map(({ text: told, missing }) => [told, missing])).toEqual([
      ["one", 0],
      ["hello", 0],
      ["thr", 2],
    ]);
  });

  test("also where the first is no IP, the second a fragment, and each says that it is empty", () => {
    const fragments = [8, 0].map((offset) => {
      const payload = offset === 0 ? udp(1111, 53, text("hello")).slice(0, 8) : text("hello");
      return subframe(snap(0x0800, ipv4({ id: 7, offset, more: offset === 0 }, payload)), offset === 0);
    });
    const frame = wlan(QOS, [...subframe([0x42, 0x42, 3, 0], false), ...fragments.flat()]);
    expect(play([{ bytes: frame, linkType: 105 }]).recorder.datagrams).toMatchObject([{ text: "hello" }]);
    const empty = wlan(QOS, new Array<number>(3000).fill(0));
    expect(play([{ bytes: empty, linkType: 105 }]).recorder.datagrams).toEqual([]);
  });
});

describe("what stays unread", () => {
  test("unknown link types are counted, also inside PKTAP and PPI", () => {
    const frames = [
      { bytes: four, linkType: 147 },
      { bytes: four, linkType: 147 },
      { bytes: four, linkType: 189 },
      { bytes: pktap(189, four), linkType: 258 },
      { bytes: ppi(253, four), linkType: 192 },
    ];
    const { net } = play(frames);
    expect([...net.links().undecoded]).toEqual([
      [147, 2],
      [189, 2],
      [253, 1],
    ]);
  });

  const sealed: readonly (readonly [seal: string, linkType: number, bytes: Bytes])[] = [
    ["MACsec", 1, ethernet(0x88e5, [0x2c, 0, ...be32(1), ...zeros(8), ...four])],
    ["802.11", 105, wlan({ flags: 0x41 }, [1, 0, 0, 0x20, 0, 0, 0, 0, ...four])],
    ["802.11", 127, radiotap([0], [], wlan({ flags: 0x42, subtype: 8, rest: [0, 0, 0x80, 0] }, zeros(60)))],
    ["PPP", 9, [0xff, 3, 0xfd, 0x90, 1, ...four]],
    ["PPP", 1, ethernet(0x8864, pppoe([0, 0x2d, ...four]))],
  ];

  test.each(sealed)("%s", (seal, linkType, bytes) => {
    const { recorder, net } = play([{ bytes: [], linkType: 1 }, ...[1, 2].map(() => ({ bytes, linkType }))]);
    expect(recorder.datagrams).toEqual([]);
    expect([...net.links().sealed]).toEqual([[seal, { count: 2, frames: [2, 3] }]]);
  });

  test("of many sealed frames the first are listed", () => {
    const [, linkType, bytes] = sealed[0] ?? ["", 1, []];
    const { net } = play(Array.from({ length: 100 }, () => ({ bytes, linkType })));
    expect(net.links().sealed.get("MACsec")?.count).toBe(100);
    expect(net.links().sealed.get("MACsec")?.frames).toEqual(
      Array.from({ length: limits.framesPerStep }, (_, i) => i + 1),
    );
  });

  const tags = (count: number) => Array.from({ length: count }, () => tag(0x8100)).flat();
  const tooDeep: readonly (readonly [name: string, linkType: number, bytes: Bytes])[] = [
    ["tags", 1, ethernet(0x8100, [...tags(20), ...tag(0x0800), ...four])],
    [
      "labels",
      1,
      ethernet(0x8847, [...Array.from({ length: 20 }, () => label(false)).flat(), ...label(true), ...four]),
    ],
    [
      "pseudo-wires",
      1,
      Array.from({ length: 20 }).reduce<Bytes>(
        (frame) => ethernet(0x8847, [...label(true), ...frame]),
        ethernet(0x0800, four),
      ),
    ],
    ["PPI", 192, Array.from({ length: 20 }).reduce<Bytes>((frame) => ppi(192, frame), ppi(101, four))],
  ];

  test.each(tooDeep)("more %s than the limit are told once", (_name, linkType, bytes) => {
    const { recorder } = play([1, 2].map(() => ({ bytes, linkType })));
    expect(recorder.datagrams).toEqual([]);
    expect(recorder.problems).toMatchObject([
      { text: expect.stringMatching(/^More than 16 tags, tunnels or/), frame: 1 },
    ]);
  });

  test("as many tags as the limit allows are passed", () => {
    const bytes = ethernet(0x8100, [...tags(limits.encapsulation - 2), ...tag(0x0800), ...four]);
    expect(play([{ bytes }]).recorder.datagrams).toHaveLength(1);
  });
});

describe("PKTAP names the program", () => {
  const named = (bytes: Bytes, linkType = 258) => {
    const view = { ...newFrameView(), ...frameView({ bytes, linkType }, 1) };
    openNet(new Recorder(), 1).frame(view);
    return view.process;
  };
  const frame = ethernet(0x0800, four);

  test.each<readonly [expected: string | null, bytes: Bytes]>([
    ["kinit (321)", pktap(1, frame)],
    ["kinit (7)", pktap(1, frame, { pid: 7 })],
    ["kinit (321) for Finder (99)", pktap(1, frame, { other: 99 })],
    ["Finder (99)", pktap(1, frame, { pid: -1, other: 99 })],
    ["pid 321", pktap(1, frame, { name: "" })],
    ["twenty letters of it (321)", pktap(1, frame, { name: "twenty letters of it" })],
    [null, pktap(1, frame, { pid: 0, name: "" })],
    [null, pktap(1, frame, { pid: -1 })],
  ])("%s", (expected, bytes) => {
    expect(named(bytes)).toBe(expected);
    expect(named(bytes, 149)).toBe(expected);
  });

  test("also where what is inside cannot be read; a header cut short says nothing", () => {
    expect(named(pktap(189, four))).toBe("kinit (321)");
    expect(named(pktap(1, frame).slice(0, 100))).toBeNull();
  });
});
