import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { limits } from "../../src/bytes/limits.ts";
import type { Ranges } from "../../src/cli/ranges.ts";
import type { Source } from "../../src/cli/source.ts";
import { spool } from "../../src/cli/spool.ts";
import { concat, payload } from "../capture/build.ts";

const before = process.env["TMPDIR"];
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kflow-spool-"));
  process.env["TMPDIR"] = folder;
});
afterEach(() => {
  if (before === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = before;
  rmSync(folder, { recursive: true, force: true });
});

/** `count` pieces of 1000 bytes, all in one buffer that is overwritten. */
function pieces(count: number): Source & { closed: boolean } {
  const buffer = new Uint8Array(1000);
  let given = 0;
  return {
    closed: false,
    next: async () => (given === count ? null : buffer.fill(given++)),
    close() {
      this.closed = true;
    },
  };
}

const expected = (count: number) => concat(Array.from({ length: count }, (_, at) => new Uint8Array(1000).fill(at)));

async function part(ranges: Ranges, from: number, length: number): Promise<Uint8Array> {
  const into = new Uint8Array(length);
  return into.subarray(0, await ranges.read(from, into));
}

async function spooled(count: number, bounds: { spooledBytes?: number; spooledInMemory?: number } = {}) {
  const problems: string[] = [];
  const source = pieces(count);
  const report = ({ text }: { text: string }) => problems.push(text);
  const ranges = await spool(source, { report, bounds: { ...limits, ...bounds } });
  expect(source.closed).toBe(true);
  return { ranges, problems };
}

describe.each([
  ["in memory", {}],
  ["in a file", { spooledInMemory: 2_500 }],
])("a copy %s", (_, bounds) => {
  it("gives any range", async () => {
    const { ranges, problems } = await spooled(9, bounds);
    expect(ranges.size).toBe(9_000);
    const all = expected(9);
    for (const [from, length] of [
      [0, 9_000],
      [8_990, 10],
      [1_500, 3_000],
      [0, 1],
      [8_990, 11],
      [9_000, 5],
    ] as const) {
      expect(await part(ranges, from, length)).toEqual(all.slice(from, from + length));
    }
    expect(problems).toEqual([]);
    ranges.close();
    ranges.close();
    expect(await part(ranges, 0, 10)).toEqual(payload(0));
  });

  it("ends at the limit", async () => {
    const { ranges, problems } = await spooled(9, { ...bounds, spooledBytes: 4_500 });
    expect(await part(ranges, 0, 9_000)).toEqual(expected(4));
    expect(problems).toEqual([expect.stringMatching(/larger than 4500 bytes/)]);
    ranges.close();
  });

  it("of nothing is empty", async () => {
    expect((await spooled(0, bounds)).ranges.size).toBe(0);
  });
});

it.skipIf(!existsSync("/proc/self/fd"))("the file has no name, and goes when it is closed", async () => {
  const descriptors = () => readdirSync("/proc/self/fd").length;
  const open = descriptors();
  const { ranges } = await spooled(9, { spooledInMemory: 0 });
  expect(readdirSync(folder)).toEqual([]);
  expect(descriptors()).toBe(open + 1);
  ranges.close();
  expect(descriptors()).toBe(open);
});

it("a folder that takes no file leaves what fitted into memory, and a problem", async () => {
  rmSync(folder, { recursive: true });
  const { ranges, problems } = await spooled(9, { spooledInMemory: 2_500 });
  expect(await part(ranges, 0, 9_000)).toEqual(expected(2));
  expect(problems).toEqual([expect.stringMatching(/temporary copy.*no such/)]);
});
