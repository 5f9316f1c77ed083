import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openCapture } from "../../src/capture/capture.ts";
import { newFrameView } from "../../src/model/frame.ts";
import {
  concat,
  enhancedPacket,
  interfaceBlock,
  payload,
  pcap,
  pcapHeader,
  section,
  simplePacket,
  somePackets,
} from "./build.ts";
import { readAll } from "./read.ts";

const classic = pcap(somePackets(20, 300));
const next = concat([
  section(),
  interfaceBlock(),
  ...somePackets(20, 300).map(({ data }, index) => enhancedPacket({ time: BigInt(index) * 1000n, data })),
]);

describe("summary", () => {
  it("counts frames, bytes, link types and cut frames", () => {
    const cut = { seconds: 1_700_000_003, fraction: 9, data: payload(10), original: 99 };
    const bytes = pcap([...somePackets(3), cut]);
    expect(readAll(bytes, 5).summary).toEqual({
      format: "pcap",
      linkTypes: [1],
      frames: 4,
      bytes: bytes.length,
      firstTime: "2023-11-14T22:13:20.000007000Z",
      lastTime: "2023-11-14T22:13:23.000009000Z",
      cutFrames: 1,
    });
  });

  it("names the earliest and the latest time, wherever they stand", () => {
    const times = [
      [20, 5],
      [20, 9],
      [10, 8],
      [10, 3],
      [15, 0],
    ] as const;
    const bytes = pcap(times.map(([seconds, fraction]) => ({ seconds, fraction, data: payload(1) })));
    expect(readAll(bytes).summary).toMatchObject({
      firstTime: "1970-01-01T00:00:10.000003000Z",
      lastTime: "1970-01-01T00:00:20.000009000Z",
    });
  });

  it("knows no times where no frame has one", () => {
    const bytes = concat([section(), interfaceBlock(), simplePacket(payload(20))]);
    expect(readAll(bytes).summary).toMatchObject({ format: "pcapng", frames: 1, firstTime: null, lastTime: null });
  });
});

describe("a capture reader", () => {
  it.each([
    ["pcap", classic],
    ["pcapng", next],
  ])("gives the same %s frames and problems for every chunk size", (_, whole) => {
    for (const bytes of [whole, whole.subarray(0, -5), concat([whole, new Uint8Array(30).fill(0xff)])]) {
      const expected = readAll(bytes);
      expect(expected.frames.length).toBeGreaterThanOrEqual(19);
      for (const size of [1, 7, 16, 1000, 4096]) {
        const { frames, problems, summary } = readAll(bytes, size);
        expect({ frames, problems }).toEqual({ frames: expected.frames, problems: expected.problems });
        expect({ ...summary, bytes: 0 }).toEqual({ ...expected.summary, bytes: 0 });
      }
    }
  });

  it("shows frames inside the chunk it was given, without copying them", () => {
    const reader = openCapture(() => {});
    const view = newFrameView();
    reader.feed(classic);
    while (reader.next(view)) expect(view.bytes).toBe(classic);
    expect(view.number).toBe(20);
  });

  it("says when it has stopped, and takes no more bytes", () => {
    const problems: string[] = [];
    const reader = openCapture(({ text }) => problems.push(text));
    expect(reader.stopped).toBe(false);
    reader.feed(payload(5000));
    expect(reader.next(newFrameView())).toBe(false);
    expect(reader.stopped).toBe(true);
    reader.feed(classic);
    reader.end();
    expect(reader.next(newFrameView())).toBe(false);
    expect(reader.summary().bytes).toBe(5000);
    expect(problems.length).toBe(1);
  });
});

describe("any bytes", () => {
  const starts = [
    pcapHeader(),
    pcapHeader({ order: "big" }),
    pcapHeader({ magic: 0xa1b2cd34 }),
    concat([section(), interfaceBlock()]),
    concat([section("big"), interfaceBlock({ order: "big" })]),
    new Uint8Array(0),
  ];

  it("behind a valid header neither throw nor loop, and chunks do not matter", () => {
    const bytes = fc.uint8Array({ maxLength: 400 });
    fc.assert(
      fc.property(fc.constantFrom(...starts), bytes, fc.integer({ min: 1, max: 50 }), (start, rest, size) => {
        const whole = concat([start, rest]);
        const { frames, problems } = readAll(whole);
        const again = readAll(whole, size);
        expect({ frames: again.frames, problems: again.problems }).toEqual({ frames, problems });
        for (const { nanos } of frames) expect(nanos >= 0 && nanos < 1_000_000_000).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it("in place of some bytes of a capture neither throw nor loop, and chunks do not matter", () => {
    const change = fc.tuple(fc.nat(), fc.constantFrom(0, 1, 4, 0x7f, 0x80, 0xff));
    fc.assert(
      fc.property(
        fc.constantFrom(classic, next),
        fc.array(change, { minLength: 1, maxLength: 8 }),
        (capture, changes) => {
          const damaged = capture.slice();
          for (const [place, value] of changes) damaged[place % damaged.length] = value;
          const { frames, problems } = readAll(damaged);
          const again = readAll(damaged, 13);
          expect({ frames: again.frames, problems: again.problems }).toEqual({ frames, problems });
        },
      ),
      { numRuns: 1000 },
    );
  });
});
