import { describe, expect, it } from "vitest";
import { Page, ready, stringOf } from "../../src/report/page.ts";

function written(write: (page: Page) => void): string {
  const page = new Page();
  write(page);
  return stringOf(page.take());
}

describe("a page", () => {
  it.each([
    0,
    7,
    10,
    99,
    100,
    999,
    1000,
    1009,
    65_535,
    1_000_000,
    20_030_004,
    2_147_483_647,
    2_147_483_648,
    1e21,
    -1,
    -0,
    0.5,
    Number.NaN,
  ])("writes the number %d as JSON does", (value) => {
    expect(written((page) => page.number(value))).toBe(JSON.stringify(value));
  });

  it.each([
    "",
    "plain",
    'a "quote"',
    "back\\slash",
    '"\\"',
    'a "quote" before \u00fc',
    'a "quote" before a tab\t',
    "über",
    "日本",
    "😀",
    "tab\t",
    "nul\0",
    "half \ud800",
  ])("writes the string %j as JSON does", (text) => {
    expect(written((page) => page.quoted(text))).toBe(JSON.stringify(text));
  });

  it("escapes what a terminal would obey", () => {
    expect(written((page) => page.quoted("a\u009b\u202eb\x7f"))).toBe(String.raw`"a\u009b\u202eb\u007f"`);
  });

  it("grows, and is empty again once its text was taken", () => {
    const page = new Page();
    const long = "x".repeat(100_000);
    for (let i = 0; i < 3; i++) page.quoted(long);
    expect(stringOf(page.take())).toBe(`"${long}""${long}""${long}"`);
    page.put(ready("next"));
    expect(stringOf(page.take())).toBe("next");
  });

  it("has room for what comes next, wherever it is full", () => {
    const comma = ready(",\n  ");
    const text = written((page) => {
      for (let i = 0; i < 30_000; i++) {
        page.number(i);
        page.put(comma);
        page.quoted("\\".repeat(i % 3));
        page.sign(0x0a);
      }
    });
    const lines = Array.from({ length: 30_000 }, (_, i) => `${i},\n  "${"\\\\".repeat(i % 3)}"\n`);
    expect(text).toBe(lines.join(""));
  });

  it("takes ready-made text of any length", () => {
    for (let length = 0; length < 40; length++) {
      const text = "abcdefgh~".repeat(5).slice(0, length);
      expect(written((page) => page.put(ready(text)))).toBe(text);
    }
  });
});
