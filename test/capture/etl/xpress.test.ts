import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { XPRESS_HISTORY, XpressDecoder } from "../../../src/capture/etl/xpress.ts";
import { concat, payload } from "../build.ts";
import { compressed, literalsOnly } from "./write-xpress.ts";

/** Undoes `input`, which comes in pieces, into a window of `room` bytes that is moved whenever it is full. */
function undo(input: Uint8Array, length: number, piece = input.length, room = length): Uint8Array | null {
  const decoder = new XpressDecoder();
  const output = new Uint8Array(room);
  const parts: Uint8Array[] = [];
  let done = 0;
  let inEnd = 0;
  while (done < length) {
    if (decoder.outAt === room) {
      const keep = decoder.outAt - XPRESS_HISTORY;
      output.copyWithin(0, keep, decoder.outAt);
      decoder.outAt -= keep;
    }
    const before = decoder.outAt;
    const outEnd = Math.min(room, before + length - done);
    if (!decoder.run(input, inEnd, inEnd === input.length, output, outEnd)) return null;
    parts.push(output.slice(before, decoder.outAt));
    done += decoder.outAt - before;
    if (decoder.outAt < outEnd) inEnd = Math.min(input.length, inEnd + piece);
  }
  return concat(parts);
}

const letters = (text: string) => new TextEncoder().encode(text);

describe("Xpress", () => {
  it("undoes the examples of MS-XCA 3.1", () => {
    const alphabet = letters("abcdefghijklmnopqrstuvwxyz");
    expect(undo(concat([Uint8Array.of(0x3f, 0, 0, 0), alphabet]), 26)).toEqual(alphabet);
    const thrice = Uint8Array.of(0xff, 0xff, 0xff, 0x1f, 0x61, 0x62, 0x63, 0x17, 0x00, 0x0f, 0xff, 0x26, 0x01);
    expect(undo(thrice, 300)).toEqual(letters("abc".repeat(100)));
  });

  it("leaves up to four bytes of input behind the last token", () => {
    const bytes = payload(64);
    const input = literalsOnly(bytes);
    expect(input.length).toBe(64 + 3 * 4);
    expect(undo(input, 64)).toEqual(bytes);
  });

  it("undoes matches of every kind of length", () => {
    for (const length of [3, 9, 10, 24, 25, 279, 280, 1_000, 65_537, 65_538, 65_539, 65_540, 100_000]) {
      const bytes = concat([payload(50), new Uint8Array(length).fill(7), payload(20), new Uint8Array(length).fill(9)]);
      expect(undo(compressed(bytes), bytes.length)).toEqual(bytes);
    }
  });

  it("undoes anything, in whatever pieces it comes and goes", () => {
    const some = fc.uint8Array({ maxLength: 300, max: 3 });
    const many = fc.array(fc.oneof(some, fc.uint8Array({ maxLength: 60 })), { maxLength: 200 }).map(concat);
    const piece = fc.integer({ min: 1, max: 400 });
    const room = fc.integer({ min: XPRESS_HISTORY + 1, max: 20_000 });
    fc.assert(
      fc.property(many, piece, room, (bytes, size, window) => {
        for (const input of [compressed(bytes), literalsOnly(bytes)]) {
          const seen = undo(input, bytes.length, size, window);
          expect(seen !== null && Buffer.compare(seen, bytes) === 0).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("says that the input ends too early, and keeps what came before", () => {
    const bytes = concat([payload(200), payload(200), payload(200)]);
    const input = compressed(bytes);
    for (let length = 0; length < input.length - 4; length++) {
      const decoder = new XpressDecoder();
      const output = new Uint8Array(bytes.length);
      expect(decoder.run(input.subarray(0, length), length, true, output, bytes.length)).toBe(false);
      expect(output.subarray(0, decoder.outAt)).toEqual(bytes.subarray(0, decoder.outAt));
    }
  });

  it("refuses what lies before the start, and a length that is too short for its form", () => {
    expect(undo(Uint8Array.of(0, 0, 0, 0x80, 0, 0), 10)).toBeNull();
    expect(undo(Uint8Array.of(0, 0, 0, 0x40, 0x61, 0x08, 0), 10)).toBeNull();
    expect(undo(Uint8Array.of(0, 0, 0, 0x40, 0x61, 0x07, 0, 0x0f, 0xff, 21, 0), 30)).toBeNull();
    expect(undo(Uint8Array.of(0, 0, 0, 0x40, 0x61, 0x07, 0, 0x0f, 0xff, 22, 0), 26)).toEqual(letters("a".repeat(26)));
  });

  it("neither throws nor loops on any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), fc.integer({ min: 1, max: 50 }), (input, piece) => {
        const whole = undo(input, 100_000, Math.max(1, input.length), 100_000);
        const pieces = undo(input, 100_000, piece, 9_000);
        expect(pieces === null).toBe(whole === null);
      }),
      { numRuns: 2_000 },
    );
  });
});
