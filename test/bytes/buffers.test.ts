import { describe, expect, test } from "vitest";
import { Buffers } from "../../src/bytes/buffers.ts";
import { limits } from "../../src/bytes/limits.ts";

const filled = (length: number, fill: number) => new Uint8Array(length + 4).fill(fill);
const copyOf = (buffers: Buffers, length: number, fill: number) => buffers.copy(filled(length, fill), 2, 2 + length);

describe("copies of bytes", () => {
  test("are what they were made of, whatever the buffer held before", () => {
    const buffers = new Buffers();
    for (const [fill, length] of [0, 1, 63, 64, 65, 127, 128, 129, 1_460, 1_400, 70_000].entries()) {
      const first = copyOf(buffers, length, fill);
      buffers.giveBack(first);
      expect([...copyOf(buffers, length, fill + 100)]).toEqual(new Array(length).fill(fill + 100));
    }
  });

  test("of about the same length lie in the same buffer, one after the other", () => {
    const buffers = new Buffers();
    const first = copyOf(buffers, 1_460, 1);
    buffers.giveBack(first);
    expect(copyOf(buffers, 1_450, 2).buffer).toBe(first.buffer);
    expect(copyOf(buffers, 1_450, 3).buffer).not.toBe(first.buffer);
  });

  test("so many thousands of them take few buffers", () => {
    const buffers = new Buffers();
    const seen = new Set<ArrayBuffer>();
    const held: Uint8Array<ArrayBuffer>[] = [];
    for (let count = 0; count < 5_000; count++) {
      held.push(copyOf(buffers, 1_000 + (count % 24), count % 256));
      if (held.length < 50) continue;
      for (const copy of held.splice(0)) {
        seen.add(copy.buffer);
        buffers.giveBack(copy);
      }
    }
    expect(seen.size).toBe(50);
  });

  test("limit spareBytes: more that are given back are let go", () => {
    const buffers = new Buffers();
    const many = Array.from({ length: limits.spareBytes / 1_024 + 10 }, () => copyOf(buffers, 1_024, 1));
    const before = new Set(many.map(({ buffer }) => buffer));
    for (const copy of many) buffers.giveBack(copy);
    const again = many.filter(() => before.has(copyOf(buffers, 1_024, 2).buffer));
    expect(again).toHaveLength(limits.spareBytes / 1_024);
  });
});
