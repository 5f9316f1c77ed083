import { describe, expect, test } from "vitest";
import { limits } from "../../src/bytes/limits.ts";
import { Conversation } from "./conversation.ts";
import { four, inner, label, six, tag, zeros } from "./link-rows.ts";
import {
  A,
  A6,
  B,
  B6,
  type Bytes,
  be16,
  be32,
  type Captured,
  ethernet,
  fragment6,
  ipv4,
  tcp,
  text,
  udp,
} from "./packets.ts";
import { play, Recorder } from "./recorder.ts";
import { geneve, gre, gtp, over4, over6, overUdp, tunnelRows, vxlan } from "./tunnel-rows.ts";

const raw = (bytes: Bytes): Captured => ({ bytes, linkType: 101 });
const frame4 = ethernet(0x0800, four);
const told = (bytes: Bytes) => play([raw(bytes)]).recorder.datagrams;

describe("tunnels", () => {
  test.each(tunnelRows)("%s", (_name, linkType, bytes) => {
    const { recorder, net } = play([{ bytes, linkType }]);
    expect(recorder.datagrams).toMatchObject([{ sport: 1111, dport: 53, text: "hello", missing: 0 }]);
    expect(recorder.datagrams[0]?.src).toMatch(/^(10\.0\.0\.1|fd00::1|2001:0:c000:201::1|2001::c000:201:0:0:1)$/);
    expect(net.links().sealed.size).toBe(0);
  });

  test.each(tunnelRows)("%s, cut anywhere", (_name, linkType, bytes) => {
    for (let length = 0; length < bytes.length; length += 1) {
      const { recorder } = play([{ bytes: bytes.slice(0, length), linkType, wireLength: bytes.length }]);
      const inside = recorder.datagrams.filter(({ sport }) => sport === 1111);
      for (const datagram of inside) expect(datagram.text.length + datagram.missing).toBe(5);
    }
  });

  test("are counted by kind, the one in the other too", () => {
    const frames = [
      overUdp(4789, vxlan(ethernet(0x0800, over4(47, gre(0, 0x0800, [], four))))),
      over4(41, six),
      over4(4, four),
    ];
    expect([...play(frames.map(raw)).net.links().tunnels]).toEqual([
      ["VXLAN", 1],
      ["GRE", 1],
      ["IP in IP", 2],
    ]);
  });

  test("carry connections, errors and questions of neighbours as the wire does", () => {
    const c = new Conversation();
    const wrapped = (captured: Captured) => ({
      ...captured,
      bytes: ethernet(0x0800, overUdp(4789, vxlan(captured.bytes))),
    });
    const { recorder } = play(
      [c.client("S", -1, 0), c.server("SA", -1, 0), c.client("A", 0, 0, "GET / HTTP/1.1")].map(wrapped),
    );
    expect(recorder.connections).toMatchObject([{ handshake: [1, 2, 3] }]);
    expect(recorder.stream(recorder.connections[0]?.id ?? 0, 0)).toBe("GET / HTTP/1.1");

    const unreachable = ipv4({ protocol: 1, src: "10.0.0.9" }, [3, 3, ...zeros(6), ...four]);
    expect(play([raw(over4(4, unreachable))]).recorder.errors).toMatchObject([{ from: "10.0.0.9", dst: { port: 53 } }]);

    const arp = [0, 1, 8, 0, 6, 4, 0, 1, ...zeros(6), 10, 0, 0, 1, ...zeros(6), 10, 0, 0, 7];
    const asked = raw(overUdp(6081, geneve(0x6558, ethernet(0x0806, arp, [255, 255, 255, 255, 255, 255]))));
    expect(play([asked]).recorder.silences).toMatchObject([{ asker: A, target: "10.0.0.7" }]);
  });

  test("hide who their ends are, and to how many the outer packet goes", () => {
    const flooded = ipv4({ src: "192.0.2.1", dst: "239.1.1.1" }, udp(5, 4789, vxlan(ethernet(0x0800, four))));
    const { net } = play([{ bytes: ethernet(0x0800, flooded, [1, 0, 0x5e, 1, 1, 1]) }, raw(over4(41, six))]);
    expect(net.talkedOnlyTo(A, B)).toBe(true);
    expect(net.talkedOnlyTo(A6, B6)).toBe(true);
    expect(net.talkedOnlyTo("192.0.2.1", "192.0.2.2")).toBe(false);
  });

  test("end what lies in them: padding goes, what was cut is missing", () => {
    const short = overUdp(4789, [...vxlan(frame4), ...zeros(9)]);
    expect(told([...short, 1, 2, 3])).toMatchObject([{ text: "hello", missing: 0 }]);
    const whole = overUdp(4789, vxlan(frame4));
    const cut = { bytes: whole.slice(0, -2), linkType: 101, wireLength: whole.length };
    expect(play([cut]).recorder.datagrams).toMatchObject([{ text: "hel", missing: 2 }]);
  });
});

describe("no tunnel", () => {
  const outer = { src: "192.0.2.1", dst: "192.0.2.2" };
  const dns: Bytes = [0x12, 0x34, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, 3, ...text("web"), 0, 0, 1, 0, 1, ...zeros(40)];
  const ports = [4789, 8472, 4790, 6081, 3544, 6635, 4754, 2152];

  test.each(ports)("an answer that goes to port %i by chance", (port) => {
    expect(told(overUdp(port, dns, 53))).toMatchObject([{ ...outer, sport: 53, dport: port }]);
  });

  test.each(ports.filter((port) => port !== 3544))("what comes from port %i", (port) => {
    expect(told(overUdp(50000, vxlan(frame4), port))).toMatchObject([{ ...outer, dport: 50000 }]);
  });

  const bent = (packet: Bytes, at: number, value: number): Bytes => packet.map((byte, i) => (i === at ? value : byte));
  test.each<readonly [name: string, port: number, payload: Bytes]>([
    ["VXLAN without a network", 4789, vxlan(frame4, 0)],
    ["VXLAN around another protocol", 4789, vxlan(ethernet(0x88cc, four))],
    ["VXLAN around an IP header of another version", 4789, vxlan(ethernet(0x0800, bent(four, 0, 0x65)))],
    ["VXLAN around an IP header too short", 4789, vxlan(ethernet(0x0800, bent(four, 0, 0x44)))],
    ["VXLAN around a packet longer than itself", 4789, vxlan(ethernet(0x0800, bent(four, 2, 9)))],
    ["VXLAN around an ARP that is none", 4789, vxlan(ethernet(0x0806, zeros(28)))],
    ["VXLAN-GPE around something new", 4790, vxlan(four, 12, 9)],
    ["GENEVE of another version", 6081, bent(geneve(0x6558, frame4), 0, 0x40)],
    ["GENEVE with a length for a type", 6081, geneve(0x0100, frame4)],
    ["GENEVE with more options than bytes", 6081, bent(geneve(0x6558, frame4), 0, 0x3f)],
    ["Teredo around IPv4", 3544, four],
    ["Teredo around IPv6 longer than itself", 3544, bent(six, 4, 9)],
    ["GTP-U that signals", 2152, gtp(0, [], four, 1)],
    ["GTP of another version", 2152, bent(gtp(0, [], four), 0, 0x50)],
    ["GTP-U with an extension of no length", 2152, gtp(4, [0, 0, 0, 0x85, ...zeros(4)], four)],
    ["GRE in UDP that keeps alive", 4754, gre(0, 0, [], [])],
  ])("%s", (_name, port, payload) => {
    expect(told(overUdp(port, payload))).toMatchObject([
      { ...outer, sport: 40000, dport: port, text: String.fromCharCode(...payload), missing: 0 },
    ]);
  });

  test.each<readonly [name: string, bytes: Bytes]>([
    ["GRE of another version", over4(47, gre(2, 0x0800, [], four))],
    ["PPTP without payload", over4(47, gre(0x2081, 0x880b, zeros(8), []))],
    ["version 1 without PPP", over4(47, gre(0x3001, 0x0800, zeros(8), four))],
    ["GRE whose routes do not end", over4(47, gre(0x4000, 0x0800, zeros(4), [1, 0, 0, 0, 1, 0, 0, 0, ...four]))],
    ["ERSPAN of another version", over4(47, gre(0x1000, 0x88be, zeros(4), [0x50, ...zeros(7), ...frame4]))],
    ["ERSPAN III of an unknown frame", over4(47, gre(0x1000, 0x22eb, zeros(4), [0x20, ...zeros(9), 0x7c, 0, ...four]))],
    ["EtherIP of another version", over4(97, [0x20, 0, ...frame4])],
    ["an IP header that is none", over4(4, zeros(40))],
    ["a tunnel of no bytes", over4(4, [])],
  ])("%s", (_name, bytes) => {
    const { recorder, net } = play([raw(bytes)]);
    expect(recorder.datagrams).toEqual([]);
    expect(net.links().tunnels.size).toBe(0);
    expect(net.talkedOnlyTo("192.0.2.1", "192.0.2.2")).toBe(true);
  });
});

describe("sealed tunnels", () => {
  const esp = [...be32(0x1234), ...be32(1), ...zeros(24)];
  test.each<readonly [name: string, bytes: Bytes]>([
    ["ESP", over4(50, esp)],
    ["ESP over IPv6", over6(50, esp)],
    ["ESP in a tunnel", over4(47, gre(0, 0x0800, [], over4(50, esp)))],
    ["ESP in UDP", overUdp(4500, esp)],
    ["ESP in UDP, from the server", overUdp(50000, esp, 4500)],
  ])("%s", (_name, bytes) => {
    const recorder = new Recorder();
    recorder.wants = false;
    expect([...play([raw(bytes)], { recorder }).net.links().sealed]).toEqual([["ESP", { count: 1, frames: [1] }]]);
  });

  test("PPTP with Microsoft's encryption", () => {
    const payload = [0, 0xfd, 0x90, 1, ...zeros(40)];
    const bytes = over4(47, gre(0x3001, 0x880b, [...be16(payload.length), 0, 1, ...be32(1)], payload));
    expect([
      ...play([raw(bytes)])
        .net.links()
        .sealed.keys(),
    ]).toEqual(["PPP"]);
  });

  test.each<readonly [name: string, bytes: Bytes]>([
    ["a key exchange", overUdp(4500, [...zeros(4), ...esp])],
    ["a keep-alive", overUdp(4500, [255])],
    ["bytes that are no words", overUdp(4500, [...esp, 1])],
  ])("not %s on port 4500", (_name, bytes) => {
    const recorder = new Recorder();
    recorder.wants = false;
    expect(play([raw(bytes)], { recorder }).net.links().sealed.size).toBe(0);
  });

  test("nor what somebody reads", () => {
    expect(play([raw(overUdp(4500, esp))]).net.links().sealed.size).toBe(0);
  });
});

describe("fragments", () => {
  const whole = udp(40000, 4789, vxlan(frame4));
  const outer = { src: "192.0.2.1", dst: "192.0.2.2", id: 5 };
  const parts = (datagram: Bytes, at: number) => [
    ipv4({ ...outer, more: true }, datagram.slice(0, at)),
    ipv4({ ...outer, offset: at }, datagram.slice(at)),
  ];

  test("of a tunnel's packet", () => {
    const { recorder } = play(parts(whole, 48).map(raw));
    expect(recorder.datagrams).toMatchObject([{ src: A, dst: B, text: "hello", frames: [1, 2] }]);
  });

  const head = ipv4({ id: 7, more: true }, inner.slice(0, 8));
  const tail = ipv4({ id: 7, offset: 8 }, inner.slice(8));

  test("inside a tunnel", () => {
    const frames = [tail, head].map((packet) => raw(over4(47, gre(0, 0x0800, [], packet))));
    expect(play(frames).recorder.datagrams).toMatchObject([{ src: A, text: "hello", frames: [1, 2] }]);
    const six6 = [0, 8].map((offset) =>
      fragment6({ offset, more: offset === 0 }, 17, offset === 0 ? inner.slice(0, 8) : inner.slice(8)),
    );
    expect(play(six6.map((packet) => raw(over4(41, packet)))).recorder.datagrams).toMatchObject([
      { src: A6, text: "hello" },
    ]);
  });

  test("both: every frame is named", () => {
    const halves = [head, tail].flatMap((packet, i) => {
      const carrier = udp(40000, 6081, geneve(0x0800, packet));
      return [
        ipv4({ ...outer, id: i, more: true }, carrier.slice(0, 24)),
        ipv4({ ...outer, id: i, offset: 24 }, carrier.slice(24)),
      ];
    });
    expect(play(halves.map(raw)).recorder.datagrams).toMatchObject([{ src: A, text: "hello", frames: [1, 2, 3, 4] }]);
  });

  test("that never come are told with the addresses inside", () => {
    const { recorder } = play([raw(overUdp(4789, vxlan(ethernet(0x0800, head))))]);
    expect(recorder.lost).toMatchObject([{ src: A, dst: B, sport: 1111, dport: 53, frames: [1] }]);
  });
});

describe("nesting", () => {
  const nested = (depth: number, wrap: (packet: Bytes) => Bytes): Bytes =>
    Array.from({ length: depth }).reduce<Bytes>((packet) => wrap(packet), four);

  test.each<readonly [name: string, wrap: (packet: Bytes) => Bytes]>([
    ["IP in IP", (packet) => over4(4, packet)],
    ["GRE", (packet) => over4(47, gre(0, 0x0800, [], packet))],
    ["MPLS in IP", (packet) => over4(137, [...label(true), ...packet])],
    ["VXLAN", (packet) => overUdp(4789, vxlan(ethernet(0x0800, packet)))],
    [
      "VXLAN around tags",
      (packet) => overUdp(4789, vxlan(ethernet(0x8100, [...tag(0x8100), ...tag(0x0800), ...packet]))),
    ],
  ])("of %s up to the limit", (_name, wrap) => {
    const reached = Array.from({ length: 20 }, (_, depth) => {
      const { recorder } = play([raw(nested(depth, wrap))]);
      const isRead = recorder.datagrams.some(({ sport }) => sport === 1111);
      expect(recorder.problems).toHaveLength(isRead ? 0 : 1);
      return isRead;
    });
    const deepest = reached.lastIndexOf(true);
    expect(reached).toEqual(reached.map((_, depth) => depth <= deepest));
    expect(deepest).toBeGreaterThanOrEqual(3);
    expect(deepest).toBeLessThan(limits.encapsulation);
  });

  test("a TCP segment beyond the limit is not read", () => {
    const segment = ipv4({ protocol: 6 }, tcp({ sport: 1, dport: 2, seq: 0, flags: "PA" }, text("x")));
    const deep = Array.from({ length: 16 }).reduce<Bytes>((packet) => over4(4, packet), segment);
    expect(play([raw(deep)]).recorder.connections).toEqual([]);
  });
});
