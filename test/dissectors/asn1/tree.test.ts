import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tree } from "../../../dissectors/asn1/tree.ts";
import { limits } from "../../../src/bytes/limits.ts";
import { Malformed } from "../../../src/bytes/malformed.ts";
import { der, field, int, octets, seq } from "./build.ts";

test("says what lies where", () => {
  expect(tree(der(0x6e, seq(field(2, int(5)))))).toEqual({
    tagClass: "application",
    number: 14,
    constructed: true,
    offset: 0,
    headerLength: 2,
    length: 7,
    children: [
      expect.objectContaining({
        tagClass: "universal",
        number: 16,
        offset: 2,
        children: [expect.objectContaining({ tagClass: "context", number: 2, offset: 4, length: 3 })],
      }),
    ],
  });
});

test("does not look into octet strings", () => {
  expect(tree(octets(seq(int(1)))).children).toEqual([]);
});

describe("refuses", () => {
  test.each([
    ["nothing", []],
    ["bytes behind the element", [0x04, 0, 0]],
    ["an indefinite length", [0x30, 0x80, 0, 0]],
    ["a needlessly long length", [0x30, 0x81, 0]],
    ["a length beyond the end", [0x30, 9, 0]],
    ["an octet string in pieces", [0x24, 3, 0x04, 1, 0]],
    ["an empty time", [0x18, 0]],
    ["a time that is none", [0x18, 3, 0x61, 0x62, 0x63]],
  ])("%s", (_, bytes) => {
    expect(() => tree(Uint8Array.from(bytes))).toThrow(Malformed);
  });

  test("more than derDepth levels and derElements elements", () => {
    const nested = (depth: number): Uint8Array => (depth === 0 ? seq() : seq(nested(depth - 1)));
    expect(() => tree(nested(limits.derDepth - 2))).not.toThrow();
    expect(() => tree(nested(limits.derDepth + 1))).toThrow(Malformed);
    const wide = (count: number) => seq(...new Array<Uint8Array>(count).fill(octets()));
    expect(() => tree(wide(limits.derElements - 1))).not.toThrow();
    expect(() => tree(wide(limits.derElements + 1))).toThrow(Malformed);
  });

  test("random bytes with Malformed only", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        try {
          tree(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(Malformed);
        }
      }),
    );
  });
});
