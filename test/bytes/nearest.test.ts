import { describe, expect, it } from "vitest";
import { nearest } from "../../src/bytes/nearest.ts";

describe("nearest", () => {
  it.each([
    ["--fromat", "--format"],
    ["--hosts", "--host"],
    ["--maxmemory", "--max-memory"],
    ["--colour", "--color"],
    ["--nothing-like-it", null],
    [`--${"x".repeat(100_000)}`, null],
  ])("%s", (word, expected) => {
    expect(nearest(word, ["--format", "--host", "--max-memory", "--color"])).toBe(expected);
  });
});
