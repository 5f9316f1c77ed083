import { describe, expect, test } from "vitest";
import { type Growing, grown, inOrderOfFrames, inOrderOfTime, NONE, those } from "../../src/correlate/order.ts";

const frames = (...numbers: number[]) => numbers.map((frame, at) => ({ frame, at }));

describe("in order of frames", () => {
  test("what stands in order comes back as it is", () => {
    const pieces = frames(1, 2, 2, 9);
    expect(inOrderOfFrames(pieces)).toBe(pieces);
  });
  test.each([3, 12, 13, 200])("%i pieces, those of one frame as they came", (length) => {
    const pieces = frames(...Array.from({ length }, (_, n) => (n * 7) % 5));
    const before = pieces.map(({ at }) => at);
    expect(inOrderOfFrames(pieces)).toEqual(pieces.toSorted((a, b) => a.frame - b.frame));
    expect(pieces.map(({ at }) => at)).toEqual(before);
  });
  test("by time, to the nanosecond", () => {
    const [early, late] = [{ time: { seconds: 5, nanos: 1 } }, { time: { seconds: 5, nanos: 2 } }];
    expect(inOrderOfTime([late, early])).toEqual([early, late]);
  });
});

test("a list grows by one piece at a time", () => {
  let list: number[] | null = null;
  for (const n of [1, 2, 3, 4]) list = grown(list, n);
  expect(list).toEqual([1, 2, 3, 4]);
});

test("the list of nothing, with which all begin, stays empty", () => {
  let list: Growing<number> = NONE;
  for (const n of [1, 2, 3, 4]) list = grown(list, n);
  expect(list).toHaveLength(4);
  expect(NONE).toHaveLength(0);
});

test("those that fit, in their order; without any the one list of nothing", () => {
  expect(those([1, 2, 3, 4], (n) => n % 2 === 0)).toEqual([2, 4]);
  expect(those([1, 3], (n) => n % 2 === 0)).toBe(those([], () => true));
});
