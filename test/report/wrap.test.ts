import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { columnsOf, indented, wrap } from "../../src/report/wrap.ts";

describe("wrap", () => {
  it.each([
    ["fits", "one two", 7, ["one two"]],
    ["breaks at blanks", "one two three", 8, ["one two", "three"]],
    ["breaks a long word behind a seam", "HTTP/iisserver.contoso.com", 18, ["HTTP/iisserver.", "contoso.com"]],
    ["breaks a word without a seam anywhere", "aaaaaaaaaa", 4, ["aaaa", "aaaa", "aa"]],
    ["does not join the rest of a broken word with a blank", "abcdefghij kl", 9, ["abcdefghi", "j kl"]],
    ["nothing", "", 5, [""]],
    ["counts wide characters twice", "東京 東京", 5, ["東京", "東京"]],
  ])("%s", (_name, text, width, lines) => {
    expect(wrap(text, width)).toEqual(lines);
  });

  it("never exceeds the width and loses nothing but blanks", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("a", ".", "/", " ", "é", "東"), maxLength: 80 }),
        fc.integer({ min: 2, max: 30 }),
        (text, width) => {
          const lines = wrap(text, width);
          expect(Math.max(...lines.map(columnsOf))).toBeLessThanOrEqual(width);
          expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
        },
      ),
    );
  });
});

describe("indented", () => {
  it("puts the lead before the first line and blanks before the others", () => {
    expect(indented("one two three four five", 20, 4, "  - ")).toEqual(["  - one two three four", "    five"]);
  });
});
