import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { limits } from "../../src/bytes/limits.ts";
import { type Bytes, type Captured, fragment6, ipv4, text, udp } from "./packets.ts";
import { play } from "./recorder.ts";

const whole = udp(1111, 88, text("abcdefghijklmnopqrstuvwxyz"));

interface Piece {
  readonly from: number;
  readonly to: number;
  readonly id?: number;
  readonly seconds?: number;
  readonly payload?: Bytes;
}

function piece4({ from, to, id = 7, seconds = 1000, payload = whole }: Piece): Captured {
  const ip = { id, offset: from, more: to < payload.length };
  return { bytes: ipv4(ip, payload.slice(from, to)), linkType: 101, seconds };
}

function piece6({ from, to, id = 7, seconds = 1000, payload = whole }: Piece): Captured {
  const ip = { id, offset: from, more: to < payload.length };
  return { bytes: fragment6(ip, 17, payload.slice(from, to)), linkType: 101, seconds };
}

describe.each([
  ["IPv4", piece4],
  ["IPv6", piece6],
])("%s", (_name, piece) => {
  const parts = [piece({ from: 0, to: 16 }), piece({ from: 16, to: 24 }), piece({ from: 24, to: 34 })];
  const pick = (...order: readonly number[]) => order.flatMap((index) => parts[index] ?? []);

  test.each([[[0, 1, 2]], [[2, 1, 0]], [[1, 0, 2]], [[0, 0, 2, 1, 1]]])("in the order %j", (order) => {
    const { recorder } = play(pick(...order));
    expect(recorder.datagrams).toMatchObject([{ sport: 1111, dport: 88, text: "abcdefghijklmnopqrstuvwxyz" }]);
    expect(recorder.lost).toEqual([]);
  });

  test("all frames are listed, the completing one last", () => {
    expect(play(pick(2, 0, 0, 1)).recorder.datagrams[0]?.frames).toEqual([1, 2, 4]);
  });

  test("every frame twice is one datagram and nothing lost", () => {
    const { recorder } = play(pick(0, 0, 1, 1, 2, 2));
    expect(recorder.datagrams).toHaveLength(1);
    expect(recorder.lost).toEqual([]);
  });

  test("of overlapping bytes the first win, and it is told", () => {
    const other = udp(1111, 88, text("ABCDEFGHIJKLMNOPQRSTUVWXYZ"));
    const frames = [
      piece({ from: 8, to: 24 }),
      piece({ from: 0, to: 34, payload: [...other, 0] }),
      piece({ from: 24, to: 34 }),
    ];
    const { recorder } = play(frames);
    expect(recorder.datagrams[0]?.text).toBe("abcdefghijklmnopQRSTUVWXYZ");
    expect(recorder.problems).toMatchObject([
      { text: expect.stringMatching(/^Fragments overlap and differ/), frame: 2 },
    ]);
    expect(play([piece({ from: 0, to: 24 }), piece({ from: 8, to: 34 })]).recorder.problems).toEqual([]);
  });

  test("incomplete after 30 seconds, and at the end", () => {
    const late = piece({ from: 0, to: 8, id: 9, seconds: 1031 });
    const { recorder } = play([...pick(0, 2), late], { open: true });
    expect(recorder.lost).toEqual([
      expect.objectContaining({
        sport: 1111,
        dport: 88,
        transport: "udp",
        frames: [1, 2],
        time: { seconds: 1000, nanos: 1 },
      }),
    ]);
    expect(play([...pick(1), late]).recorder.lost).toMatchObject([
      { sport: 0, dport: 0, frames: [1] },
      { sport: 1111, frames: [2] },
    ]);
  });

  test("the same number later is another datagram", () => {
    const later = [piece({ from: 0, to: 16, seconds: 1002 }), piece({ from: 16, to: 34, seconds: 1002 })];
    expect(play([...pick(0, 1, 2), ...later]).recorder.datagrams).toHaveLength(2);
  });

  test("limits: bytes, datagrams", () => {
    const frames = Array.from({ length: 10 }, (_, id) => piece({ from: 0, to: 16, id }));
    for (const bounds of [{ fragmentDatagrams: 4 }, { fragmentBytes: 4 * 280 }]) {
      const { recorder } = play(frames, { bounds, open: true });
      expect(recorder.lost.map((one) => one.frames)).toEqual([[1], [2], [3], [4], [5], [6]]);
      expect(recorder.problems).toHaveLength(1);
    }
  });

  test("limit: bytes of one datagram", () => {
    const far = piece({
      from: limits.datagramBytes - 7,
      to: limits.datagramBytes + 9,
      payload: new Array(limits.datagramBytes + 9).fill(0),
    });
    const { recorder } = play([far]);
    expect(recorder.lost).toEqual([]);
    expect(recorder.problems).toHaveLength(1);
  });

  test("any cut in any order", () => {
    const payload = udp(
      5,
      6,
      Array.from({ length: 400 }, (_, i) => i & 255),
    );
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 50 }), { maxLength: 20 });
    fc.assert(
      fc.property(cuts, fc.infiniteStream(fc.nat()), (places, random) => {
        const edges = [0, ...places.sort((a, b) => a - b).map((place) => place * 8), payload.length];
        const pieces = edges.slice(1).map((to, i) => piece({ from: edges[i] ?? 0, to, payload }));
        const keyed = pieces.map((frame) => ({ frame, key: random.next().value }));
        keyed.sort((a, b) => a.key - b.key);
        const { recorder } = play(keyed.map(({ frame }) => frame));
        expect(recorder.datagrams).toHaveLength(1);
        expect(recorder.datagrams[0]?.text).toBe(String.fromCharCode(...payload.slice(8)));
      }),
      { numRuns: 50 },
    );
  });
});

test("fragments cut by a snap length: the bytes up to the cut", () => {
  const cut = (frame: Captured, by: number) => ({
    ...frame,
    bytes: frame.bytes.slice(0, -by),
    wireLength: frame.bytes.length,
  });
  const [first, second] = [piece4({ from: 0, to: 16 }), piece4({ from: 16, to: 34 })];
  expect(play([first, cut(second, 5)]).recorder.datagrams).toMatchObject([
    { text: "abcdefghijklmnopqrstu", missing: 5 },
  ]);
  expect(play([cut(first, 3), second]).recorder.datagrams).toMatchObject([{ text: "abcde", missing: 21 }]);
});
