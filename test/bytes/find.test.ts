import { describe, expect, test } from "vitest";
import { findByte } from "../../src/bytes/find.ts";

describe("a byte", () => {
  const bytes = new Uint8Array(300);
  for (const at of [3, 70, 299]) bytes[at] = 10;

  test.each([
    [0, 300, 3],
    [3, 300, 3],
    [4, 300, 70],
    [4, 70, -1],
    [4, 71, 70],
    [71, 300, 299],
    [71, 299, -1],
    [300, 300, -1],
  ])("between %i and %i is found at %i", (start, end, at) => {
    expect(findByte(bytes, 10, start, end)).toBe(at);
  });
});
