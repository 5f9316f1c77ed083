import { expect, test } from "vitest";
import { limits } from "../../src/bytes/limits.ts";
import { FrameList } from "../../src/dispatch/frame-list.ts";

function listed(...frames: readonly number[]) {
  const list = new FrameList();
  for (const frame of frames) list.add(frame);
  return list.several() ?? { frames: [list.only], framesOmitted: 0 };
}

test.each([
  ["one", [7], [7]],
  ["the same again", [7, 7, 8], [7, 8]],
  ["out of order", [8, 5, 9], [5, 8, 9]],
  ["out of order, the same again", [8, 5, 8], [5, 8]],
])("%s", (_, frames, expected) => {
  expect(listed(...frames)).toEqual({ frames: expected, framesOmitted: 0 });
});

test("limit framesPerMessage", () => {
  const most = limits.framesPerMessage;
  const frames = Array.from({ length: most + 5 }, (_, index) => index + 1);
  expect(listed(...frames.slice(0, most)).framesOmitted).toBe(0);
  const { frames: kept, framesOmitted } = listed(...frames);
  expect(framesOmitted).toBe(5);
  expect(kept).toEqual([...frames.slice(0, most / 2), ...frames.slice(-most / 2)]);
});

test("clear", () => {
  const list = new FrameList();
  list.add(3);
  list.add(4);
  list.clear();
  expect(list.isEmpty).toBe(true);
  list.add(3);
  expect(list.only).toBe(3);
  expect(list.several()).toBeNull();
});

test("what was listed stays as it was", () => {
  const list = new FrameList();
  for (const frame of [1, 2]) list.add(frame);
  const two = list.several();
  list.add(3);
  list.add(4);
  expect(two?.frames).toEqual([1, 2]);
  expect(list.several()?.frames).toEqual([1, 2, 3, 4]);
});
