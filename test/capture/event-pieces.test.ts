import { describe, expect, it } from "vitest";
import { limits } from "../../src/bytes/limits.ts";
import { concat, payload } from "./build.ts";
import { ndisPacket, traceOf } from "./etl/write-etl.ts";
import { fragment, keywords, switchFragment } from "./event-data.ts";
import { readRanges } from "./read.ts";

const { start, end, ethernet } = keywords;
const none = 0n;

interface Place {
  readonly miniport?: number;
  readonly layer?: number;
  readonly thread?: number;
}

function piece(ticks: number, length: number, ends: bigint, place: Place = {}) {
  const data = fragment({ data: payload(length, ticks), ...place });
  const { thread = 8 } = place;
  return ndisPacket(ticks, payload(0), { data, keywords: ends | ethernet, thread });
}

function seen(events: Parameters<typeof traceOf>[0]) {
  const { frames, problems } = readRanges(traceOf(events));
  return { frames, texts: problems.map(({ text }) => text), lengths: frames.map(({ data }) => data.length) };
}

describe("a packet in several pieces", () => {
  it("is joined in order of time, and has the time of its first one", () => {
    const { frames, texts } = seen([piece(1, 50, start), piece(5, 60, none), piece(9, 7, end)]);
    expect(texts).toEqual([]);
    expect(frames.map(({ data }) => data)).toEqual([concat([payload(50, 1), payload(60, 5), payload(7, 9)])]);
    expect(frames[0]).toMatchObject({ number: 1, nanos: 123_456_800, wireLength: 117 });
  });

  it("keeps those that began after it waiting behind it", () => {
    const events = [
      piece(1, 50, start),
      piece(2, 70, start | end, { miniport: 13 }),
      piece(3, 51, none),
      piece(4, 80, start, { miniport: 14 }),
      piece(5, 90, start | end, { thread: 9 }),
      piece(6, 52, end),
      piece(7, 81, end, { miniport: 14 }),
      piece(8, 99, start | end),
    ];
    const { lengths, texts, frames } = seen(events);
    expect(texts).toEqual([]);
    expect(lengths).toEqual([153, 70, 161, 90, 99]);
    expect(frames.map(({ nanos }) => (nanos - 123_456_700) / 100)).toEqual([1, 2, 4, 5, 8]);
  });

  it("is told apart by miniport, layer, processor and thread", () => {
    for (const other of [{ miniport: 13 }, { layer: 13 }, { thread: 9 }]) {
      const { lengths, texts } = seen([piece(1, 50, start), piece(2, 60, end, other), piece(3, 7, end)]);
      expect(lengths).toEqual([57]);
      expect(texts).toEqual([expect.stringMatching(/^1 piece of packets whose beginning is missing/)]);
    }
  });

  it("is left out where its beginning or its end is missing, and that is told", () => {
    const { lengths, texts } = seen([
      piece(1, 50, none),
      piece(2, 51, end),
      piece(3, 52, start),
      piece(4, 53, start),
      piece(5, 54, end),
      piece(6, 55, start),
      piece(7, 56, start | end, { thread: 9 }),
    ]);
    expect(lengths).toEqual([107, 56]);
    expect(texts).toEqual([
      "2 packets came in pieces of which the last is missing: left out",
      "2 pieces of packets whose beginning is missing: left out",
    ]);
  });

  it("has the length on the wire that its IP header says, where it was cut", () => {
    const head = payload(60);
    head.set([0x08, 0x00, 0x45, 0, 0x05, 0x1c], 12);
    const word = start | ethernet | keywords.truncated;
    const first = ndisPacket(1, payload(0), { data: fragment({ data: head }), keywords: word });
    const { frames } = seen([first, piece(2, 68, end)]);
    expect(frames.map(({ wireLength, data }) => [data.length, wireLength])).toEqual([[128, 1322]]);
  });

  it("is left out where it is longer than a frame can be", () => {
    const most = Math.floor(limits.frameBytes / 60_000);
    const long = (count: number) => [
      piece(1, 60_000, start),
      ...Array.from({ length: count - 2 }, (_, index) => piece(2 + index, 60_000, none)),
      piece(90, 60_000, end),
      piece(91, 77, start | end),
    ];
    expect(seen(long(most))).toMatchObject({ texts: [], lengths: [60_000 * most, 77] });
    const { lengths, texts } = seen(long(most + 1));
    expect(lengths).toEqual([77]);
    expect(texts).toEqual([expect.stringMatching(/^1 packet is longer than a frame can be/)]);
  });

  it("is given up where too many packets wait behind it", () => {
    const behind = (count: number) =>
      Array.from({ length: count }, (_, index) => piece(2 + index, 40, start | end, { thread: 9 }));
    const last = piece(5_000, 7, end);
    const few = seen([piece(1, 50, start), ...behind(limits.joinedPackets - 1), last]);
    expect(few.texts).toEqual([]);
    expect(few.lengths.length).toBe(limits.joinedPackets);
    const many = seen([piece(1, 50, start), ...behind(limits.joinedPackets + 5), last]);
    expect(many.lengths).toEqual(Array(limits.joinedPackets + 5).fill(40));
    expect(many.texts).toEqual([
      expect.stringMatching(/^1 packet came in pieces/),
      expect.stringMatching(/^1 piece of packets/),
    ]);
  });

  it("is given up where too many bytes wait behind it", () => {
    const size = 60_000;
    const behind = (count: number) =>
      Array.from({ length: count }, (_, index) => piece(2 + index, size, start | end, { thread: 9 }));
    const count = Math.floor(limits.joinedBytes / size);
    const last = piece(5_000, 7, end);
    expect(seen([piece(1, 50, start), ...behind(count), last]).lengths.length).toBe(count + 1);
    expect(seen([piece(1, 50, start), ...behind(count + 1), last]).lengths.length).toBe(count + 1);
  });

  it("may come from a switch, and may have been dropped", () => {
    const half = (ticks: number, ends: bigint) =>
      ndisPacket(ticks, payload(0), {
        id: 1003,
        data: switchFragment({ data: payload(30) }),
        keywords: ends | ethernet | keywords.dropped,
      });
    const { frames, facts } = readRanges(traceOf([half(1, start), half(2, end), half(3, start | end)]));
    expect(frames.map(({ data }) => data.length)).toEqual([60, 30]);
    expect(facts.discarded).toEqual([{ reason: "no reason given", count: 2, frames: [1, 2] }]);
  });
});
