import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { Turnover } from "../../src/bytes/turnover.ts";

describe("values that come and go", () => {
  it("are found by their keys while they are there", () => {
    const values = new Turnover<string, string>();
    for (const key of ["a", "b", "c"]) values.add(key, `value of ${key}`);
    values.delete("b");
    values.delete("never there");
    values.add("d", "value of d");
    expect(["a", "b", "c", "d"].map((key) => values.get(key))).toEqual([
      "value of a",
      undefined,
      "value of c",
      "value of d",
    ]);
    expect(values.size).toBe(3);
  });

  it("die young: what went through is not moved to the old objects", () => {
    setFlagsFromString("--expose-gc");
    const collect: (kind: { type: "minor" | "major" }) => void = runInNewContext("gc");
    const values = new Turnover<string, number[]>();
    let moved = 0;
    let before = 0;
    for (let number = 0; number < 200_000; number++) {
      values.add(`${number}`, new Array<number>(100).fill(number));
      values.delete(`${number - 400}`);
      if (number % 500 !== 0) continue;
      // What is old for any reason is what keeps the young.
      collect({ type: number === 20_000 ? "major" : "minor" });
      const now = oldBytes();
      if (number > 20_000) moved += Math.max(0, now - before);
      before = now;
    }
    // Of 150 MB, where a `Map` moves a hundred.
    expect(moved).toBeLessThan(40_000_000);
  });
});

function oldBytes(): number {
  return getHeapSpaceStatistics().find((space) => space.space_name === "old_space")?.space_used_size ?? 0;
}
