import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OPENING_BYTES } from "../../src/bytes/openings.ts";
import { Recent } from "../../src/bytes/recent.ts";

const framed = (bytes: Uint8Array) => Uint8Array.of(1, ...bytes, 2);

describe("what was made of bytes", () => {
  test("is found again by the same bytes, wherever they lie, and by no others", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 12, max: 2 }), { maxLength: 40 }), (keys) => {
        const recent = new Recent<string>(64);
        for (const key of keys) {
          const found = recent.find(framed(key), 1, key.length + 1);
          expect([null, key.join()]).toContain(found);
          if (found === null) recent.keep(key, 0, key.length, key.join());
          expect(recent.find(framed(key), 1, key.length + 1)).toBe(key.join());
        }
      }),
    );
  });

  test("gives way to what is newer", () => {
    const recent = new Recent<number>(2);
    const keys = [1, 2, 3].map((octet) => Uint8Array.of(octet));
    keys.forEach((key, at) => {
      recent.keep(key, 0, 1, at);
    });
    expect(keys.map((key) => recent.find(key, 0, 1))).toEqual([null, 1, 2]);
  });

  test("of many bytes is not remembered", () => {
    const recent = new Recent<number>(16);
    for (const length of [0, OPENING_BYTES, OPENING_BYTES + 1, 5_000]) {
      const key = new Uint8Array(length);
      recent.keep(key, 0, length, length);
      expect(recent.find(key, 0, length)).toBe(length > OPENING_BYTES ? null : length);
    }
  });
});
