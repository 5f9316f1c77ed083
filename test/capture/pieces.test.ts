import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Pieces } from "../../src/capture/pieces.ts";
import { payload } from "./build.ts";

/** Takes records of the given lengths out of `bytes`, fed in chunks of `size` from a buffer that is reused. */
function takeRecords(bytes: Uint8Array, lengths: readonly number[], size: number): Uint8Array[] {
  const pieces = new Pieces();
  const buffer = new Uint8Array(size);
  const records: Uint8Array[] = [];
  let fed = 0;
  for (const length of lengths) {
    while (!pieces.has(length)) {
      if (fed >= bytes.length) return records;
      const part = bytes.subarray(fed, fed + size);
      buffer.fill(0xee).set(part);
      fed += part.length;
      pieces.feed(buffer.subarray(0, part.length));
    }
    records.push(pieces.bytes.slice(pieces.at, pieces.at + length));
    pieces.at += length;
  }
  return records;
}

describe("Pieces", () => {
  it("points into the chunk and copies nothing while a record lies in it", () => {
    const pieces = new Pieces();
    const chunk = payload(100);
    pieces.feed(chunk);
    expect(pieces.has(60)).toBe(true);
    expect(pieces.bytes).toBe(chunk);
    pieces.at += 60;
    expect(pieces.has(40)).toBe(true);
    expect(pieces.bytes).toBe(chunk);
  });

  it("puts a straddling record together and goes back to the chunk after it", () => {
    const pieces = new Pieces();
    pieces.feed(Uint8Array.of(1, 2, 3));
    expect(pieces.has(5)).toBe(false);
    const second = Uint8Array.of(4, 5, 6, 7, 8);
    pieces.feed(second);
    expect(pieces.has(5)).toBe(true);
    expect(pieces.bytes).not.toBe(second);
    expect([...pieces.bytes.subarray(pieces.at, pieces.at + 5)]).toEqual([1, 2, 3, 4, 5]);
    pieces.at += 5;
    expect(pieces.offset()).toBe(5);
    expect(pieces.has(3)).toBe(true);
    expect(pieces.bytes).toBe(second);
    expect(pieces.offset()).toBe(5);
  });

  it("gives back what was looked at beforehand", () => {
    const pieces = new Pieces();
    pieces.feed(Uint8Array.of(1, 2));
    expect(pieces.has(6)).toBe(false);
    const second = Uint8Array.of(3, 4, 5, 6, 7);
    pieces.feed(second);
    expect(pieces.has(6)).toBe(true);
    pieces.at += 4;
    expect(pieces.has(3)).toBe(true);
    expect(pieces.bytes).toBe(second);
    expect([...pieces.bytes.subarray(pieces.at, pieces.limit)]).toEqual([5, 6, 7]);
    expect(pieces.offset()).toBe(4);
  });

  it("skips bytes that have not arrived without keeping them", () => {
    const pieces = new Pieces();
    pieces.feed(payload(10));
    pieces.skip(1000);
    expect(pieces.offset()).toBe(1000);
    for (let chunk = 0; chunk < 9; chunk++) {
      expect(pieces.has(1)).toBe(false);
      expect(pieces.left()).toBe(0);
      pieces.feed(payload(120));
    }
    expect(pieces.has(1)).toBe(true);
    expect(pieces.offset()).toBe(1000);
    expect(pieces.owed).toBe(0);
  });

  it("skips across a record that straddled", () => {
    const pieces = new Pieces();
    pieces.feed(Uint8Array.of(1));
    expect(pieces.has(2)).toBe(false);
    pieces.feed(Uint8Array.of(2, 3, 4, 5));
    expect(pieces.has(2)).toBe(true);
    pieces.skip(4);
    expect(pieces.has(1)).toBe(true);
    expect(pieces.bytes[pieces.at]).toBe(5);
    expect(pieces.offset()).toBe(4);
  });

  it("gives the same records for every chunk size", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 30 }),
        fc.integer({ min: 1, max: 90 }),
        (lengths, size) => {
          const bytes = payload(lengths.reduce((sum, length) => sum + length, 0));
          let at = 0;
          const expected = lengths.map((length) => {
            at += length;
            return bytes.slice(at - length, at);
          });
          expect(takeRecords(bytes, lengths, size)).toEqual(expected);
        },
      ),
    );
  });
});
