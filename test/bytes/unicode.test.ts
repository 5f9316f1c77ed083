import { describe, expect, it } from "vitest";
import { unicode } from "../../src/bytes/unicode.ts";

describe("UTF-16LE", () => {
  it.each([
    ["nothing", [], ""],
    ["letters", [0x4b, 0x00, 0xe4, 0x00], "Kä"],
    ["a pair of surrogates", [0x3d, 0xd8, 0x11, 0xdd], "\u{1f511}"],
    ["half a pair", [0x3d, 0xd8, 0x41, 0x00], "\ufffdA"],
    ["half a character at the end", [0x41, 0x00, 0x42], "A\ufffd"],
    ["a mark of byte order, which is kept", [0xff, 0xfe, 0x41, 0x00], "\ufeffA"],
  ])("%s", (_, bytes, text) => {
    expect(unicode(Uint8Array.from(bytes))).toBe(text);
  });
});
