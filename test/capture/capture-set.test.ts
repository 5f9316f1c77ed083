import fc from "fast-check";
import { expect, test } from "vitest";
import { CaptureSet } from "../../src/capture/capture-set.ts";
import { clockAhead } from "../../src/capture/clock.ts";
import { newFrameView } from "../../src/model/frame.ts";
import type { FramePlace } from "../../src/model/report.ts";
import { type Packet, payload, pcap } from "./build.ts";

const packet = (milliseconds: number): Packet => ({
  seconds: 1_700_000_000 + Math.floor(milliseconds / 1000),
  fraction: (milliseconds % 1000) * 1000,
  data: payload(20, milliseconds),
});

interface Seen {
  readonly number: number;
  readonly milliseconds: number;
  readonly place: FramePlace;
}

/** Reads captures in pieces of one size, as their set asks for them. */
function readAll(set: CaptureSet, files: readonly Uint8Array[], size: number): Seen[] {
  const at = files.map(() => 0);
  const seen: Seen[] = [];
  for (;;) {
    for (let view = set.next(); view !== null; view = set.next()) {
      const milliseconds = (view.seconds - 1_700_000_000) * 1000 + view.nanos / 1e6;
      seen.push({ number: view.number, milliseconds, place: set.placeOf(view.number) });
    }
    const need = set.wants();
    if (need === null) return seen;
    const from = at[need.capture] ?? 0;
    const piece = files[need.capture]?.subarray(from, from + size) ?? new Uint8Array(0);
    at[need.capture] = from + piece.length;
    if (piece.length === 0) set.finish(need.capture);
    else set.feed(piece, need.capture);
  }
}

const streams = (count: number) => Array.from({ length: count }, () => ({ size: null }));
const ignore = () => {};

test("frames of several captures come in order of time, and each is found again", () => {
  const times = fc.array(fc.nat(5000), { maxLength: 30 }).map((list) => list.sort((a, b) => a - b));
  fc.assert(
    fc.property(fc.array(times, { minLength: 2, maxLength: 6 }), fc.integer({ min: 1, max: 700 }), (all, size) => {
      const files = all.map((list) => pcap(list.map(packet)));
      const seen = readAll(new CaptureSet(streams(files.length), ignore), files, size);
      const wanted = all
        .flatMap((list, capture) => list.map((milliseconds, index) => ({ milliseconds, capture, frame: index + 1 })))
        .sort((a, b) => a.milliseconds - b.milliseconds || a.capture - b.capture);
      expect(seen).toEqual(
        wanted.map(({ milliseconds, ...place }, index) => ({ number: index + 1, milliseconds, place })),
      );
    }),
    { numRuns: 60 },
  );
});

test("one capture keeps its order and its numbers", () => {
  const file = pcap([900, 100, 500].map(packet));
  const seen = readAll(new CaptureSet(streams(1), ignore), [file], 10);
  expect(seen.map(({ milliseconds, place }) => [milliseconds, place.frame])).toEqual([
    [900, 1],
    [100, 2],
    [500, 3],
  ]);
});

test("a capture that cannot be read leaves the others readable, and its problem names it", () => {
  const told: unknown[] = [];
  const set = new CaptureSet(streams(2), ({ text }, capture) => told.push([capture, text.includes("text file")]));
  const seen = readAll(set, [new TextEncoder().encode("no capture at all"), pcap([1, 2].map(packet))], 64);
  expect(seen).toHaveLength(2);
  expect(told).toEqual([[0, true]]);
});

test("a clock that is ahead is put back before the order is made", () => {
  const set = new CaptureSet([{ size: null }, { size: null, clock: clockAhead(-1_250_000_000) }], ignore);
  const seen = readAll(set, [pcap([2000, 4000].map(packet)), pcap([1000, 2000].map(packet))], 64);
  expect(seen.map(({ milliseconds }) => milliseconds)).toEqual([2000, 2250, 3250, 4000]);
  const view = { ...newFrameView(), seconds: 10, nanos: 5 };
  clockAhead(2_000_000_006).correct(view);
  expect([view.seconds, view.nanos]).toEqual([7, 999_999_999]);
});

test("captures that alternate more often than is remembered end the reading", () => {
  const files = [pcap([1, 3, 5, 7].map(packet)), pcap([2, 4, 6, 8].map(packet))];
  const set = new CaptureSet(streams(2), ignore, 5);
  const seen = readAll(set, files, 4096);
  expect(set.isFull).toBe(true);
  expect(set.isOver).toBe(true);
  expect(seen.map(({ milliseconds }) => milliseconds)).toEqual([1, 2, 3, 4, 5]);
});
