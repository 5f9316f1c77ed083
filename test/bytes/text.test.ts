import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { limits } from "../../src/bytes/limits.ts";
import { textOf, writeDotted, writeNumber } from "../../src/bytes/text.ts";

const read = (text: string) => {
  const bytes = Buffer.from(`<${text}>`);
  return textOf(bytes, 1, bytes.length - 1);
};

describe("texts", () => {
  test("are read as they were written, known or not, short or long", () => {
    const some = fc.oneof(fc.string(), fc.string({ unit: "grapheme" }), fc.string({ minLength: 20, maxLength: 400 }));
    fc.assert(
      fc.property(some, (text) => {
        const well = Buffer.from(text).toString();
        expect([read(well), read(well)]).toEqual([well, well]);
      }),
    );
  });

  test("limit sharedTexts: more of them are as right as before", () => {
    const names = Array.from({ length: limits.sharedTexts * 3 }, (_, index) => `host${index}.contoso.com`);
    expect(names.map(read)).toEqual(names);
    expect(names.map(read)).toEqual(names);
  });

  test("limit sharedTextBytes: a longer one is read all the same", () => {
    for (const length of [limits.sharedTextBytes, limits.sharedTextBytes + 1]) {
      expect(read("a".repeat(length))).toBe("a".repeat(length));
    }
  });
});

test("numbers and addresses", () => {
  const bytes = new Uint8Array(16);
  const octet = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(octet, octet, octet, octet, (a, b, c, d) => {
      expect(textOf(bytes, 0, writeDotted(bytes, 0, a, b, c, d))).toBe(`${a}.${b}.${c}.${d}`);
    }),
  );
  for (const value of [0, 9, 10, 99, 100, 101, 999, 1000, 1001, 9999, 10_000, 10_101, 65_535]) {
    expect(textOf(bytes, 0, writeNumber(bytes, 0, value))).toBe(String(value));
  }
});
