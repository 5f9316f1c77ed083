import { describe, expect, test } from "vitest";
import { limits } from "../../src/bytes/limits.ts";
import { openNet } from "../../src/net/net.ts";
import type { Bounds } from "../../src/net/packet.ts";
import { be16, be32, ethernet, frameView, ipv4, ipv6, tcp, text, udp } from "./packets.ts";
import { Recorder } from "./recorder.ts";
import { gre, over4, vxlan } from "./tunnel-rows.ts";

interface Shown {
  readonly bytes: readonly number[];
  readonly point: number;
  readonly captured?: number;
  /** A second after the one before where not given. */
  readonly micros?: number;
}

/** For each frame whether it was left out. */
function leftOut(frames: readonly Shown[], bounds: Bounds = limits): boolean[] {
  return played(frames, bounds).left;
}

function played(frames: readonly Shown[], bounds: Bounds = limits) {
  const problems: string[] = [];
  const net = openNet(new Recorder(), 7, ({ text }) => problems.push(text), bounds);
  const left = frames.map(({ bytes, point, captured = bytes.length, ...rest }, index) => {
    const { micros = index * 1e6 } = rest;
    const time = { seconds: 1_700_000_000 + Math.floor(micros / 1e6), nanos: (micros % 1e6) * 1_000 };
    const shown = { bytes: bytes.slice(0, captured), wireLength: bytes.length, ...time };
    net.frame({ ...frameView(shown, index + 1), point });
    return net.wasRepeat;
  });
  return { left, problems, twins: net.links().twins };
}

const query = (id: number, ttl = 64, body = "hello") =>
  ethernet(0x0800, ipv4({ id, ttl }, udp(50_000, 53, text(body))));

describe("a packet seen at two points is one", () => {
  test("and at one point two", () => {
    const one = query(1);
    expect(
      leftOut([
        { bytes: one, point: 0 },
        { bytes: one, point: 1 },
      ]),
    ).toEqual([false, true]);
    expect(
      leftOut([
        { bytes: one, point: 0 },
        { bytes: one, point: 0 },
      ]),
    ).toEqual([false, false]);
    expect(
      leftOut([
        { bytes: one, point: -1 },
        { bytes: one, point: -1 },
      ]),
    ).toEqual([false, false]);
  });
  test("behind a router, with a checksum that the network card wrote, and padded", () => {
    const sent = ethernet(0x0800, ipv4({ id: 9, protocol: 6 }, tcp({ sport: 1, dport: 2, seq: 3, flags: "A" })));
    const seen = [...sent, 0, 0, 0, 0];
    seen[14 + 8] = 63;
    seen[14 + 1] = 0xb8;
    seen.splice(14 + 10, 2, 0x12, 0x34);
    seen.splice(14 + 20 + 16, 2, 0xab, 0xcd);
    expect(
      leftOut([
        { bytes: sent, point: 3 },
        { bytes: seen, point: 8 },
      ]),
    ).toEqual([false, true]);
    const six = ethernet(0x86dd, ipv6({ ttl: 64 }, udp(1, 2, text("x"))));
    const hop = ethernet(0x86dd, ipv6({ ttl: 63 }, udp(1, 2, text("x"))));
    expect(
      leftOut([
        { bytes: six, point: 3 },
        { bytes: hop, point: 8 },
      ]),
    ).toEqual([false, true]);
  });
  test("in a tunnel at one point, bare at the other, and in other tunnels at two", () => {
    const bare = query(1);
    const mirrored = ethernet(0x0800, over4(47, gre(0, 0x88be, [], bare)));
    const carried = (id: number) => ethernet(0x0800, ipv4({ id, src: "192.0.2.9" }, udp(5, 4789, vxlan(bare))));
    expect(
      leftOut([
        { bytes: mirrored, point: 0 },
        { bytes: bare, point: 1 },
        { bytes: carried(1), point: 2 },
        { bytes: carried(2), point: 2 },
      ]),
    ).toEqual([false, true, true, false]);
  });
  test("even where one point shows all before the other, retransmissions too", () => {
    const twice = [query(1), query(1)];
    const frames = [0, 1].flatMap((point) => twice.map((bytes) => ({ bytes, point })));
    expect(leftOut(frames)).toEqual([false, false, true, true]);
    expect(leftOut([...frames, { bytes: query(1), point: 1 }])).toEqual([false, false, true, true, false]);
  });
  test("but not one that differs in identification, ports, sequence number or content", () => {
    const others = [
      query(1),
      query(2),
      query(1, 64, "hellp"),
      ethernet(0x0800, ipv4({ id: 1 }, udp(50_001, 53, text("hello")))),
    ];
    expect(leftOut(others.map((bytes, point) => ({ bytes, point })))).toEqual([false, false, false, false]);
    const segment = (seq: number) =>
      ethernet(0x0800, ipv4({ protocol: 6 }, tcp({ sport: 1, dport: 2, seq, flags: "A" })));
    expect(
      leftOut([
        { bytes: segment(1), point: 0 },
        { bytes: segment(2), point: 1 },
      ]),
    ).toEqual([false, false]);
  });
  test("unless the second point shows more of it", () => {
    const bytes = query(1, 64, "x".repeat(200));
    const cut = { bytes, point: 0, captured: 180 };
    expect(leftOut([cut, { bytes, point: 1 }, { bytes, point: 2 }])).toEqual([false, false, true]);
  });
  test("and ARP as well", () => {
    const arp = ethernet(0x0806, [...be16(1), ...be16(0x0800), 6, 4, ...be16(1), ...be32(1), ...be32(2)]);
    expect(
      leftOut([
        { bytes: arp, point: 0 },
        { bytes: arp, point: 1 },
      ]),
    ).toEqual([false, true]);
  });
});

describe("a packet captured twice at one point", () => {
  const at = (point: number, micros: number, id = 1) => ({ bytes: query(id), point, micros });

  test("counts as one, so that the other points show it too", () => {
    const conversion = [at(0, 0), at(1, 1), at(1, 2), at(1, 3), at(2, 4), at(3, 5)];
    expect(leftOut(conversion)).toEqual([false, true, true, true, true, true]);
    expect(leftOut([at(1, 1), at(1, 2), at(0, 3), at(0, 4), at(2, 5)])).toEqual([false, true, true, true, true]);
    expect(played([at(1, 1), at(1, 1_001), at(1, 1_501)]).twins).toMatchObject({ count: 2, frames: [2, 3] });
  });
  test("is a repetition of the sender after more than a millisecond", () => {
    expect(leftOut([at(0, 0), at(0, 1_002), at(1, 1_003), at(1, 3_000)])).toEqual([false, false, true, true]);
  });
  test("without identification, cannot be told from one sent twice", () => {
    expect(leftOut([at(0, 0, 0), at(0, 1, 0), at(1, 2, 0)])).toEqual([false, false, true]);
    const six = { bytes: ethernet(0x86dd, ipv6({}, udp(1, 2, text("x")))), point: 4 };
    expect(leftOut([0, 1].map((micros) => ({ ...six, micros })))).toEqual([false, false]);
  });
  test("without identification, is known where the point shows the others twice", () => {
    const twice = [at(0, 0), at(0, 1)];
    const others = [2_000, 2_001, 2_002, 2_003].map((micros) => at(0, micros, 0));
    expect(leftOut([...twice, ...others]).slice(2)).toEqual([false, true, true, true]);
    const elsewhere = [2_000, 2_001].map((micros) => at(1, micros, 0));
    expect(leftOut([...twice, ...elsewhere]).slice(2)).toEqual([false, false]);
    const once = [2, 3, 4].map((id) => at(0, id, id));
    expect(leftOut([...twice, ...once, ...others]).slice(5)).toEqual([false, false, false, false]);
  });
  test("is certain of a SYN", () => {
    const syn = (flags: string) => [
      ethernet(0x0800, ipv4({ id: 0, protocol: 6 }, tcp({ sport: 1, dport: 2, seq: 3, flags }))),
      ethernet(0x86dd, ipv6({ protocol: 6 }, tcp({ sport: 1, dport: 2, seq: 3, flags }))),
    ];
    const twice = (flags: string) =>
      syn(flags).map((bytes) => leftOut([0, 1].map((micros) => ({ bytes, point: 0, micros }))));
    expect([twice("S"), twice("A")].flat()).toEqual([
      [false, true],
      [false, true],
      [false, false],
      [false, false],
    ]);
  });
  test("stays where more was captured of it", () => {
    const bytes = query(1, 64, "x".repeat(200));
    expect(
      leftOut([
        { bytes, point: 0, captured: 180, micros: 0 },
        { bytes, point: 0, micros: 1 },
      ]),
    ).toEqual([false, false]);
  });
  test("is known at any time", () => {
    const wraps = 2 ** 32 - ((1_700_000_000 * 1e6) % 2 ** 32);
    expect(leftOut([at(0, wraps - 1), at(0, wraps + 1)])).toEqual([false, true]);
  });
});

test("points are told apart whatever their numbers are", () => {
  const same = (first: number, second: number) => leftOut([first, second].map((point) => ({ bytes: query(1), point })));
  for (const far of [2 ** 23, 2 ** 32, 2 ** 32 + 1, 2 ** 41, Number.MAX_SAFE_INTEGER]) {
    expect(same(1, 1 + far)).toEqual([false, true]);
    expect(same(far, far)).toEqual([false, false]);
  }
  expect(same(2 ** 32 - 2, 0)).toEqual([false, true]);
});

test("packets of more points than are compared stay", () => {
  const { left, problems } = played(
    [0, 1, 2, 2, 1].map((point) => ({ bytes: query(1), point })),
    { ...limits, comparedPoints: 2 },
  );
  expect(left).toEqual([false, true, false, false, false]);
  expect(problems).toEqual(["More than 2 points show packets: packets of the rest are not compared with others."]);
});

test("more packets than are remembered push out the oldest", () => {
  const bounds = { ...limits, repeatedPackets: 8 };
  const many = Array.from({ length: 60 }, (_, id) => ({ bytes: query(id), point: 0 }));
  const recent = leftOut([...many, { bytes: query(59), point: 1 }], bounds).at(-1);
  const forgotten = leftOut([...many, { bytes: query(0), point: 1 }], bounds).at(-1);
  expect([recent, forgotten]).toEqual([true, false]);
});
