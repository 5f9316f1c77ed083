import { describe, expect, it } from "vitest";
import { Slots } from "../../src/bytes/slots.ts";

const MANY = Array.from({ length: 1000 }, (_, at) => at);

describe("slots", () => {
  it("make what belongs to a number, and keep it", () => {
    let made = 0;
    const slots = new Slots((number) => {
      made++;
      return [number];
    });
    expect(slots.of(18)).toEqual([18]);
    expect(slots.of(18)).toBe(slots.of(18));
    expect(made).toBe(1);
  });
  it("answer rightly however many numbers share a slot", () => {
    const slots = new Slots((number) => `0x${number.toString(16)}`);
    const all = [
      ...MANY,
      ...MANY.map((number) => -number),
      ...MANY.map((number) => number * 2 ** 22),
      2 ** 32 - 1,
      0.5,
    ];
    for (const number of [...all, ...all]) expect(slots.of(number)).toBe(`0x${number.toString(16)}`);
  });
});
