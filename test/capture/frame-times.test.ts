import { expect, it } from "vitest";
import { FrameTimes } from "../../src/capture/frame-times.ts";
import { newFrameView } from "../../src/model/frame.ts";

function noted(times: readonly (readonly [seconds: number, nanos: number])[]): FrameTimes {
  const seen = new FrameTimes();
  for (const [seconds, nanos] of times) seen.note({ ...newFrameView(), seconds, nanos });
  return seen;
}

it("no frame, or none with a time, has no range", () => {
  expect(noted([]).range()).toEqual({ firstTime: null, lastTime: null });
  expect(noted([[0, 0]]).range()).toEqual({ firstTime: null, lastTime: null });
});

it("finds the earliest and the latest of several runs, also around frames without time", () => {
  const times = noted([
    [50, 1],
    [60, 0],
    [0, 0],
    [40, 7],
    [45, 0],
    [44, 0],
    [0, 0],
    [59, 9],
    [0, 0],
  ]);
  expect(times.range()).toEqual({
    firstTime: "1970-01-01T00:00:40.000000007Z",
    lastTime: "1970-01-01T00:01:00.000000000Z",
  });
});

it("a summary in the middle changes nothing that follows", () => {
  const times = noted([[5, 0]]);
  times.range();
  times.note({ ...newFrameView(), seconds: 6 });
  expect(times.range().lastTime).toMatch(/:06/);
});

it("counts frames that go back by more than a millisecond", () => {
  expect(
    noted([
      [5, 2_000_000],
      [5, 1_500_000],
      [5, 0],
      [4, 0],
      [9, 0],
    ]).backward,
  ).toBe(2);
});
