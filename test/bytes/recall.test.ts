import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Recall } from "../../src/bytes/recall.ts";

describe("what was read of some bytes", () => {
  test("is found by the same bytes wherever they lie, and by no others", () => {
    const piece = fc.uint8Array({ maxLength: 12, max: 2 });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.nat(5), (pieces, before) => {
        const recall = new Recall<string>(8, 8);
        for (const bytes of pieces) {
          const text = bytes.join(" ");
          expect([null, text]).toContain(recall.find(bytes, 0, bytes.length));
          recall.keep(bytes, 0, bytes.length, text);
          const moved = new Uint8Array(before + bytes.length + 1);
          moved.set(bytes, before);
          const known = bytes.length > 8 ? null : text;
          expect(recall.find(moved, before, before + bytes.length)).toBe(known);
        }
      }),
    );
  });

  test.each<[string, (number: number) => string]>([
    ["users", (number) => `user${number}`],
    ["accounts", (number) => `u${String(number).padStart(6, "0")}`],
    ["hosts", (number) => `srv-prod-${String(number).padStart(5, "0")}.corp.example.org`],
    ["addresses", (number) => `10.1.${number >> 6}.${number & 63}`],
  ])("is mostly found again among names that differ in a few digits: %s", (_, nameOf) => {
    const recall = new Recall<number>(2_048);
    const names = Array.from({ length: 2_048 }, (_, number) => new TextEncoder().encode(nameOf(number)));
    for (const [number, name] of names.entries()) recall.keep(name, 0, name.length, number);
    const known = names.filter((name, number) => recall.find(name, 0, name.length) === number);
    expect(known.length).toBeGreaterThan(0.6 * names.length);
  });
});
