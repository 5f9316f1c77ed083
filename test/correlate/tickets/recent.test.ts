import { expect, test } from "vitest";
import { fingerprintOf, highOf, type Layout, lowOf, Recent } from "../../../src/correlate/tickets/recent.ts";
import { Random } from "../../whole/random.ts";

interface Value {
  readonly number: number;
  readonly text: string | null;
}

const layout: Layout<Value> = {
  numbers: 1,
  texts: 1,
  write({ number, text }, rows, at, textAt) {
    rows.numbers[at] = number;
    rows.texts[textAt] = text;
  },
  read: ({ numbers, texts }, at, textAt) => ({ number: numbers[at] ?? 0, text: texts[textAt] ?? null }),
};

const print = (n: number) => fingerprintOf(Math.imul(n, 0x9e3779b1), n);
const value = (n: number): Value => ({ number: n - 0.5, text: n % 3 === 0 ? null : `text ${n}` });

test("a fingerprint is its two halves", () => {
  for (const text of ["0123456789abcdef", "fedcba9876543210", "0000000000000000", "ffffffff80000000"]) {
    expect(fingerprintOf(highOf(text), lowOf(text))).toBe(text);
  }
});

test("gives back what was kept, drops what was used longest ago, and says so", () => {
  const recent = new Recent(8, layout, 1);
  for (let n = 0; n < 4; n++) recent.set(print(n), value(n));
  for (let n = 0; n < 4; n++) expect(recent.get(print(n))).toEqual(value(n));
  expect(recent.get(print(4))).toBeUndefined();
  for (let n = 4; n < 12; n++) {
    recent.get(print(2));
    recent.set(print(n), value(n));
  }
  expect(recent.forgets).toBe(true);
  expect(recent.get(print(2))).toEqual(value(2));
  expect(recent.get(print(0))).toBeUndefined();
});

/** Two maps that take turns: what the rows stand for. */
class Maps {
  forgets = false;
  private young = new Map<string, Value>();
  private old = new Map<string, Value>();

  private readonly half: number;

  constructor(half: number) {
    this.half = half;
  }

  get(key: string): Value | undefined {
    const value = this.young.get(key);
    if (value !== undefined) return value;
    const kept = this.old.get(key);
    if (kept !== undefined && this.old.delete(key)) this.set(key, kept);
    return kept;
  }

  set(key: string, value: Value): void {
    this.young.set(key, value);
    if (this.young.size < this.half) return;
    this.forgets ||= this.old.size > 0;
    this.old = this.young;
    this.young = new Map();
  }
}

test.each([1, 2, 3])("is two maps that take turns (seed %i)", (seed) => {
  const random = new Random(seed);
  const [recent, maps] = [new Recent(32, layout, seed), new Maps(16)];
  for (let step = 0; step < 3_000; step++) {
    const n = Math.floor((step / 100 + random.below(60)) % 1_000);
    const known = maps.get(print(n));
    expect(recent.get(print(n))).toEqual(known);
    if (known === undefined) {
      maps.set(print(n), value(n));
      recent.set(print(n), value(n));
    }
    expect(recent.forgets).toBe(maps.forgets);
  }
});
