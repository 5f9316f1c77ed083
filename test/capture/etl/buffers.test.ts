import { describe, expect, it } from "vitest";
import { limits } from "../../../src/bytes/limits.ts";
import type { Bounds } from "../../../src/capture/etl/bounds.ts";
import { EtlReader } from "../../../src/capture/etl/etl.ts";
import { newFrameView } from "../../../src/model/frame.ts";
import type { Problem } from "../../../src/model/problem.ts";
import { concat, payload } from "../build.ts";
import { readRanges } from "../read.ts";
import { type BufferOptions, buffer, eventRecord, ndisPacket, session, trace, traceOf } from "./write-etl.ts";

/** How the chain of buffers is walked, and what happens where it is broken. */

const SIZE = session.bufferBytes;
const one = (ticks: number) => eventRecord(ndisPacket(ticks, payload(60 + ticks)));

/** A file of such buffers, each with the packet of its number. */
const chain = (count: number, options: BufferOptions = {}) =>
  trace(Array.from({ length: count }, (_, index) => buffer([one(index + 1)], { sequence: index + 1, ...options })));

function seen(bytes: Uint8Array) {
  const { frames, problems } = readRanges(bytes);
  return { packets: frames.map(({ data }) => data.length - 60), problems };
}

function within(bounds: Partial<Bounds>, bytes: Uint8Array) {
  const problems: Problem[] = [];
  const reader = new EtlReader(bytes.length, (problem) => problems.push(problem), { ...limits, ...bounds });
  const view = newFrameView();
  const packets: number[] = [];
  for (let want = reader.wants(); want !== null; want = reader.wants()) {
    reader.feed(bytes.slice(want.from, want.from + want.length));
    while (reader.next(view)) packets.push(view.end - view.start - 60);
  }
  return { packets, texts: problems.map(({ text }) => text) };
}

/** Overwrites what stands at `at`. */
function patched(bytes: Uint8Array, at: number, value: number, width: 1 | 2 | 4 = 4): Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  if (width === 4) view.setUint32(at, value, true);
  else if (width === 2) view.setUint16(at, value, true);
  else view.setUint8(at, value);
  return copy;
}

describe("the end of the buffers", () => {
  it("is the end of the file, or zeros that were set aside", () => {
    expect(seen(chain(3))).toEqual({ packets: [1, 2, 3], problems: [] });
    for (const zeros of [1, 0x47, 0x48, 5_000, 100_000]) {
      expect(seen(concat([chain(3), new Uint8Array(zeros)]))).toEqual({ packets: [1, 2, 3], problems: [] });
    }
  });

  it("is told where it stands in the middle of a buffer's header", () => {
    const cut = chain(3).subarray(0, 3 * SIZE + 0x40);
    const problems = [{ text: expect.stringMatching(/cut short in the header of a buffer/), offset: 3 * SIZE }];
    expect(seen(cut)).toEqual({ packets: [1, 2], problems });
  });

  it("is told where it stands in the middle of a buffer, of which the rest is read", () => {
    for (const compression of ["none", "literals", "matches"] as const) {
      const last = buffer([one(1), one(2), one(3)], { compression });
      const whole = trace([last]);
      const all = seen(whole);
      expect(all).toEqual({ packets: [1, 2, 3], problems: [] });
      const ends = new Set<number>();
      for (
        let length = SIZE + 0x48;
        length < SIZE + (compression === "none" ? 0x48 + 3 * 152 : last.length);
        length += 7
      ) {
        const { packets, problems } = seen(whole.subarray(0, length));
        expect(packets).toEqual([1, 2, 3].slice(0, packets.length));
        expect(problems[0]).toEqual({
          text: expect.stringMatching(/cut short in the middle of a buffer/),
          offset: SIZE,
        });
        ends.add(packets.length);
      }
      expect([...ends].sort()).toEqual(
        compression === "none" ? [0, 1, 2] : [0, 1, 2].concat([...ends].includes(3) ? [3] : []),
      );
    }
  });

  it("may come before the log's own header ends", () => {
    const bytes = chain(1);
    for (const length of [0x98, 0x150, 0x17f]) {
      const { problems, packets } = seen(bytes.subarray(0, length));
      expect(packets).toEqual([]);
      expect(problems[0]?.text).toMatch(/cut short/);
    }
  });
});

describe("a buffer", () => {
  it("that holds nothing is passed over", () => {
    const bytes = trace([buffer([]), buffer([one(1)]), buffer([], { type: 6 }), buffer([one(2)])]);
    expect(seen(bytes)).toEqual({ packets: [1, 2], problems: [] });
  });

  it("that is meant for something else may hold records, or anything", () => {
    const anything = payload(200, 3);
    for (const type of [3, 6, 7]) {
      const bytes = trace([buffer([one(1)], { type }), buffer([anything], { type }), buffer([one(2)])]);
      expect(seen(bytes)).toEqual({ packets: [1, 2], problems: [] });
    }
    expect(seen(trace([buffer([anything]), buffer([one(2)])])).problems.length).toBe(1);
  });

  it("that claims to be filled beyond its size is read to its size", () => {
    expect(seen(chain(2, { filled: 0x7fffffff }))).toEqual({ packets: [1, 2], problems: [] });
  });

  it("that does not decompress is read as far as it goes", () => {
    const good = buffer([one(1), one(2), one(3), one(4)], { compression: "matches" });
    const bad = patched(good, 0x48 + 150, 0xffffffff);
    const { packets, problems } = seen(trace([bad, buffer([one(5)])]));
    expect(packets.at(-1)).toBe(5);
    expect(problems.length).toBe(1);
    expect(problems[0]?.offset).toBe(SIZE);
  });

  it("that is longer than any is read as far as is allowed", () => {
    const bytes = trace([buffer([one(1), one(2), one(3)], { compression: "literals" })]);
    const { packets, texts } = within({ traceBufferBytes: 500 }, bytes);
    expect(packets).toEqual([1, 2]);
    expect(texts[0]).toMatch(/^of a buffer of 552 bytes only the first 500 are read/);
    const announced = seen(patched(bytes, SIZE + 0x30, limits.traceBufferBytes + 1));
    expect(announced.packets).toEqual([1, 2, 3]);
    expect(announced.problems[0]?.text).toMatch(/only the first 67108864 are read/);
  });

  it("that would inflate beyond any trace ends the reading", () => {
    const filled = 64 * 1024;
    const bytes = chain(9, { compression: "literals", filled });
    const bounds = { inflatedFreely: 3 * filled, inflationRatio: 100 };
    const { packets, texts } = within(bounds, bytes);
    expect(packets).toEqual([1, 2, 3]);
    expect(texts[0]).toMatch(/^the trace announces more than 100 bytes for each compressed one/);
    expect(within({ ...bounds, inflationRatio: 1_000 }, bytes).packets.length).toBe(9);
  });

  it("that lies behind too many others is not read", () => {
    const { packets, texts } = within({ traceBuffers: 3 }, chain(5));
    expect(packets).toEqual([1, 2]);
    expect(texts).toEqual(["only the first 3 buffers of the trace are read"]);
  });

  it("that says how many events came before it and were lost", () => {
    const { facts } = readRanges(chain(3, { flags: 2 }));
    expect(facts.lost).toBe(3);
  });
});

describe("a damaged header", () => {
  it.each([
    ["no size", 0, 1],
    ["too small a size", 0, 0x47],
    ["a size beyond the file", 0, 0x7fff0000],
    ["unknown flags", 0x34, 0xffff],
    ["an unknown type", 0x36, 99],
  ])("with %s is passed over to the next buffer", (_, at, value) => {
    const bytes = patched(chain(4), 2 * SIZE + at, value, at === 0 ? 4 : 2);
    const text = `the header of a buffer is damaged; ${SIZE} bytes were passed over`;
    expect(seen(bytes)).toEqual({ packets: [1, 3, 4], problems: [{ text, offset: 2 * SIZE }] });
  });

  it("leads over several damaged buffers, and over the size of another one", () => {
    let bytes = chain(8);
    for (const at of [2, 3, 4]) bytes = patched(bytes, at * SIZE, 5);
    expect(seen(bytes).packets).toEqual([1, 5, 6, 7, 8]);
    const wrong = patched(chain(6), 2 * SIZE, 1_000);
    expect(seen(wrong).packets.filter((number) => number > 2)).toEqual([3, 4, 5, 6]);
    expect(seen(wrong).problems.length).toBe(1);
  });

  it("ends the reading where no other buffer is found", () => {
    const text = "the header of a buffer is damaged; the rest of the trace was not read";
    expect(seen(patched(chain(2), 2 * SIZE, 5))).toEqual({ packets: [1], problems: [{ text, offset: 2 * SIZE }] });
    const compressed = patched(chain(3, { compression: "literals" }), SIZE, 5);
    expect(seen(compressed).packets).toEqual([]);
  });

  it("ends the reading where too many places were tried", () => {
    let bytes = chain(8);
    for (const at of [2, 3, 4, 5]) bytes = patched(bytes, at * SIZE, 5);
    expect(within({ traceResyncs: 4 }, bytes).packets).toEqual([1, 6, 7, 8]);
    const { packets, texts } = within({ traceResyncs: 3 }, bytes);
    expect(packets).toEqual([1]);
    expect(texts).toEqual(["the header of a buffer is damaged; the rest of the trace was not read"]);
  });
});

describe("buffers that overlap in time", () => {
  const overlapping = (count: number) =>
    trace(
      Array.from({ length: count }, (_, index) =>
        buffer([one(1 + index), one(1 + index + count), one(1 + index + 2 * count)], {
          processor: index,
          bufferBytes: 1_024,
        }),
      ),
      { ...session, bufferBytes: 1_024 },
    );
  const ascending = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

  it("are read side by side", () => {
    expect(seen(overlapping(9))).toEqual({ packets: ascending(27), problems: [] });
  });

  it("are so many that not all can be open at once", () => {
    expect(within({ openTraceBuffers: 9 }, overlapping(9)).texts).toEqual([]);
    const { packets, texts } = within({ openTraceBuffers: 4 }, overlapping(9));
    expect([...packets].sort((a, b) => a - b)).toEqual(ascending(27));
    expect(packets).not.toEqual(ascending(27));
    expect(texts).toEqual([expect.stringMatching(/^more than 4 buffers of the trace overlap in time/)]);
  });

  it("are known to begin when the one before them did, where nothing in them says when", () => {
    const silent = concat([Uint8Array.of(16, 0, 0, 0x90), new Uint8Array(12)]);
    const long = Array<Uint8Array>(400).fill(silent);
    const bytes = trace([
      buffer([one(1)], { processor: 0 }),
      buffer([...long, one(4)], { processor: 0 }),
      buffer([...long, one(2), one(3)], { processor: 1 }),
    ]);
    expect(seen(bytes)).toEqual({ packets: [1, 2, 3, 4], problems: [] });
  });
});

describe("what a log says of itself", () => {
  it("is nothing to remark", () => {
    expect(readRanges(chain(1)).facts).toEqual({ os: "Windows 10.0 build 19045", points: ["interface 12"] });
  });

  it("may be losses, an end that was never written, a beginning that is gone", () => {
    const of = { ...session, isClosed: false, eventsLost: 7, buffersLost: 2, mode: 2 };
    const facts = readRanges(trace([buffer([one(1)], { sequence: 5, flags: 4 })], of)).facts;
    expect(facts).toMatchObject({ lost: 7, lostBuffers: 2, unfinished: true, overwritten: true });
    const { facts: kept } = readRanges(trace([buffer([one(1)], { sequence: 1 })], { ...session, mode: 2 }));
    expect(kept).not.toHaveProperty("overwritten");
  });

  it("is the same in 32 bits", () => {
    const of = { ...session, width: 32, eventsLost: 7, buffersLost: 2 } as const;
    expect(readRanges(traceOf([ndisPacket(1, payload(60))], of)).facts).toMatchObject({ lost: 7, lostBuffers: 2 });
  });
});
