import { expect, test } from "vitest";
import { Latest } from "../src/latest.ts";

test("the keys that came last are kept, in whatever order they are set again", () => {
  const latest = new Latest<number, string>(3);
  for (const key of [1, 2, 3]) latest.set(key, `${key}`);
  expect([1, 2, 3].map((key) => latest.get(key))).toEqual(["1", "2", "3"]);
  latest.set(4, "4");
  expect([latest.has(1), latest.get(2), latest.get(4), latest.size]).toEqual([false, "2", "4", 3]);
});

test("it keeps what a map would that drops its first key when it is full", () => {
  const latest = new Latest<number, number>(16);
  const map = new Map<number, number>();
  for (let n = 0; n < 2000; n++) {
    const key = (n * n * 7 + n) % 41;
    const first = map.keys().next();
    if (map.size >= 16 && !first.done) map.delete(first.value);
    map.set(key, n);
    latest.set(key, n);
    expect([...Array(41).keys()].map((at) => latest.get(at))).toEqual([...Array(41).keys()].map((at) => map.get(at)));
  }
});
