import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Der, GENERAL_STRING, OCTET_STRING, SEQUENCE } from "../../../dissectors/asn1/der.ts";
import { printable } from "../../../dissectors/asn1/text.ts";
import { limits } from "../../../src/bytes/limits.ts";
import { Malformed } from "../../../src/bytes/malformed.ts";
import { textOf } from "../../../src/bytes/text.ts";
import { der, field, int, octets, seq, str } from "./build.ts";

const utf8 = new TextEncoder();

describe("numbers", () => {
  test("Int32 comes back whatever its sign", () => {
    fc.assert(
      fc.property(fc.integer(), (n) => {
        expect(new Der(int(n)).int32("n")).toBe(n);
      }),
    );
  });

  test("UInt32 too, with five octets or as a negative number", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), (n) => {
        expect(new Der(field(0, int(n))).uint32Field(0, "n")).toBe(n);
        expect(new Der(field(0, int(n | 0))).uint32Field(0, "n")).toBe(n);
      }),
    );
  });

  test.each([
    ["no octets", [2, 0]],
    ["five octets", [2, 5, 1, 0, 0, 0, 0]],
    ["a zero in front", [2, 2, 0, 1]],
    ["a needless 0xff in front", [2, 2, 0xff, 0x80]],
  ])("%s is no Int32", (_, bytes) => {
    expect(() => new Der(Uint8Array.from(bytes)).int32("n")).toThrow(Malformed);
  });

  test("more than 32 bits are no UInt32", () => {
    expect(() => new Der(field(0, int(0x1_0000_0000))).uint32Field(0, "n")).toThrow(Malformed);
    expect(() => new Der(field(0, int(-0x8000_0001))).uint32Field(0, "n")).toThrow(Malformed);
  });
});

describe("lengths", () => {
  test.each([
    ["indefinite", [0x30, 0x80, 0, 0]],
    ["long form below 128", [0x30, 0x81, 1, 0]],
    ["leading zero", [0x30, 0x82, 0, 0x80, ...new Array<number>(128).fill(0)]],
    ["five octets of length", [0x30, 0x85, 0, 0, 0, 0, 1, 0]],
    ["beyond the end", [0x30, 5, 0]],
    ["2^32 - 1", [0x30, 0x84, 0xff, 0xff, 0xff, 0xff]],
    ["long tag", [0x3f, 0x81, 1, 0]],
    ["cut in the length", [0x30, 0x82, 1]],
    ["nothing", []],
  ])("%s is refused", (_, bytes) => {
    expect(() => new Der(Uint8Array.from(bytes)).skip("it")).toThrow(Malformed);
  });

  test("what an inner element promises cannot leave the outer one", () => {
    const cursor = new Der(Uint8Array.of(0x30, 2, 0x04, 3, 1, 2, 3));
    cursor.enter(SEQUENCE, "outer");
    expect(() => cursor.octets(OCTET_STRING, "inner")).toThrow(Malformed);
  });
});

test("steps in, out, and over what it does not know", () => {
  const cursor = new Der(seq(seq(int(1), int(2)), int(3)));
  const outer = cursor.enter(SEQUENCE, "outer");
  const inner = cursor.enter(SEQUENCE, "inner");
  expect(cursor.int32("n")).toBe(1);
  cursor.leave(inner);
  expect(cursor.int32("n")).toBe(3);
  expect(cursor.more()).toBe(false);
  cursor.leave(outer);
});

test("a failed attempt leaves the cursor where it was, and lets other errors through", () => {
  const cursor = new Der(seq(int(7)));
  expect(cursor.attempt((c) => c.int32("n"), null)).toBe(null);
  const bug = () =>
    cursor.attempt(() => {
      throw new RangeError("bug");
    }, null);
  expect(bug).toThrow(RangeError);
  cursor.enter(SEQUENCE, "it");
  expect(cursor.int32("n")).toBe(7);
});

test("a BIT STRING shorter than 32 bits is filled with zeros", () => {
  expect(new Der(field(0, der(3, Uint8Array.of(0, 0x50)))).flagsField(0, "f")).toBe(0x5000_0000);
  expect(new Der(field(0, der(3, Uint8Array.of(0)))).flagsField(0, "f")).toBe(0);
  expect(() => new Der(field(0, der(3))).flagsField(0, "f")).toThrow(Malformed);
});

describe("limits", () => {
  test("derDepth", () => {
    const nested = (depth: number): Uint8Array => (depth === 0 ? octets() : seq(nested(depth - 1)));
    const dive = (depth: number) => {
      const cursor = new Der(nested(depth));
      for (let i = 0; i < depth; i++) cursor.enter(SEQUENCE, "level");
    };
    expect(() => dive(limits.derDepth)).not.toThrow();
    expect(() => dive(limits.derDepth + 1)).toThrow(/too deep/);
  });

  test("derElements", () => {
    const walk = (count: number) => {
      const cursor = new Der(seq(...new Array<Uint8Array>(count).fill(octets())));
      cursor.enter(SEQUENCE, "list");
      while (cursor.more()) cursor.skip("element");
    };
    expect(() => walk(limits.derElements - 1)).not.toThrow();
    expect(() => walk(limits.derElements)).toThrow(/too many/);
  });
});

test("elements that were read before count on", () => {
  const cursor = new Der(seq(octets()));
  expect(cursor.count(limits.derElements + 1, 0)).toBe(false);
  expect(cursor.count(0, limits.derDepth + 1)).toBe(false);
  expect(cursor.count(limits.derElements - 1, limits.derDepth)).toBe(true);
  cursor.enter(SEQUENCE, "it");
  expect(cursor.count(0, limits.derDepth)).toBe(false);
  expect(() => cursor.skip("element")).toThrow(/too many/);
});

describe("text", () => {
  test("any string comes back", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 40 }), (text) => {
        const bytes = utf8.encode(text);
        expect(textOf(bytes, 0, bytes.length)).toBe(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes));
        expect(new Der(field(0, str(text))).textField(0, GENERAL_STRING, "text")).toBe(
          new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes),
        );
      }),
    );
  });

  test("what is not UTF-8 is replaced, wherever it stands", () => {
    for (let at = 0; at < 20; at++) {
      const bytes = new Uint8Array(20).fill(0x61);
      bytes[at] = 0xff;
      expect(textOf(bytes, 0, 20)).toBe(`${"a".repeat(at)}\ufffd${"a".repeat(19 - at)}`);
    }
  });

  test("printable leaves one line without control characters", () => {
    expect(printable("a\x1b[31m\n\u202e\u0085b")).toBe("a\ufffd[31m\ufffd\ufffd\ufffdb");
  });
});
