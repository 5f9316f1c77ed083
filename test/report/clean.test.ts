import { describe, expect, it } from "vitest";
import { limits } from "../../src/bytes/limits.ts";
import { clean } from "../../src/report/clean.ts";

describe("clean", () => {
  it.each([
    ["plain", "HTTP/iisserver.contoso.com", "HTTP/iisserver.contoso.com"],
    ["letters of other scripts", "käthe@Контосо 東京", "käthe@Контосо 東京"],
    ["escape sequence", "\u001b[31mred", "\\u{1b}[31mred"],
    ["C1 control sequence introducer", "\u009b31m", "\\u{9b}31m"],
    ["line breaks and tabs", "a\r\nb\tc", "a\\u{d}\\u{a}b\\u{9}c"],
    ["bidi override", "\u202egpj.exe", "\\u{202e}gpj.exe"],
    ["bidi isolate", "\u2066a\u2069", "\\u{2066}a\\u{2069}"],
    ["zero width", "iis\u200bserver\u00ad", "iis\\u{200b}server\\u{ad}"],
    ["tag characters", "a\u{e0041}", "a\\u{e0041}"],
    ["letters drawn as nothing", "a\u3164b", "a\\u{3164}b"],
    ["other blanks", "a\u00a0b\u2003c", "a\\u{a0}b\\u{2003}c"],
    ["lone surrogate", "a\ud800b", "a\\u{d800}b"],
    ["delete", "a\u007f", "a\\u{7f}"],
  ])("%s", (_name, text, shown) => {
    expect(clean(text)).toBe(shown);
  });

  it("cuts what is longer than the limit, and says so", () => {
    expect(clean("x".repeat(limits.shownCharacters))).toHaveLength(limits.shownCharacters);
    expect(clean("x".repeat(limits.shownCharacters + 7))).toMatch(/x … \(7 more characters\)$/);
  });
});
