import { describe, expect, test } from "vitest";
import { limits } from "../../src/bytes/limits.ts";
import { NumberList } from "../../src/bytes/numbers.ts";

const reading = new NumberList();

function shared(numbers: readonly number[]): readonly number[] {
  reading.clear();
  for (const number of numbers) reading.add(number);
  return reading.shared();
}

describe("lists of numbers", () => {
  test("that are equal are one list, with the same numbers", () => {
    const list = shared([18, 17, 23, -135]);
    expect(list).toEqual([18, 17, 23, -135]);
    expect(shared([18, 17, 23, -135])).toBe(list);
    expect(shared([18, 17, 23])).toEqual([18, 17, 23]);
    expect(shared([])).toBe(shared([]));
  });

  test("are apart from the list they were read into", () => {
    const list = shared([1, 2]);
    reading.add(3);
    expect(list).toEqual([1, 2]);
    expect(reading.shared()).toEqual([1, 2, 3]);
  });

  test("limit sharedLists: more of them are as right as before", () => {
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < limits.sharedLists * 4; i++) expect(shared([i, i * 7, -i])).toEqual([i, i * 7, -i]);
    }
  });

  test("limit sharedListNumbers: longer ones are not kept", () => {
    const longest = Array.from({ length: limits.sharedListNumbers }, (_, i) => i);
    expect(shared(longest)).toBe(shared([...longest]));
    const longer = [...longest, 1];
    expect(shared(longer)).toEqual(longer);
    expect(shared(longer)).not.toBe(shared(longer));
  });
});
