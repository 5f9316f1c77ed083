import { describe, expect, it } from "vitest";
import { limits } from "../../src/bytes/limits.ts";
import { writeValue } from "../../src/report/json-values.ts";
import { Page, stringOf } from "../../src/report/page.ts";

function written(value: unknown): string {
  const page = new Page();
  writeValue(page, value, 0);
  return stringOf(page.take());
}

describe("a value is written as JSON.stringify writes it", () => {
  it.each([
    [[]],
    [{}],
    [[[], {}, [1, [2, "three"]]]],
    [{ a: null, b: true, c: undefined, d: { e: [{}] } }],
    [{ "": 1, 'a "name"': 2, größe: 3, "back\\slash": 4 }],
    [[false, null, -1, 0.25]],
  ])("%j", (value) => {
    expect(written(value)).toBe(JSON.stringify(value, null, 2));
    expect(written(value)).toBe(JSON.stringify(value, null, 2));
  });

  it("when there are more names than are kept", () => {
    const names = Array.from({ length: limits.memberNames * 2 }, (_, i) => [`name ${i}`, i]);
    const value: unknown = Object.fromEntries(names);
    expect(written(value)).toBe(JSON.stringify(value, null, 2));
    expect(written(value)).toBe(JSON.stringify(value, null, 2));
  });

  it("when it is deeper than any report", () => {
    let value: unknown = 1;
    for (let depth = 0; depth < 50; depth++) value = { of: [value] };
    expect(written(value)).toBe(JSON.stringify(value, null, 2));
  });
});
