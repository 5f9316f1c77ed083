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
    65_535,
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
});
