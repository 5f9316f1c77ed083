import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { limits } from "../src/bytes/limits.ts";
import { textOf } from "../src/bytes/text.ts";
import { Gather, Waiting } from "../src/dispatch/framing/gather.ts";
import { ProblemList } from "../src/problems.ts";
import { addressOf, Bench } from "./correlate/observations.ts";

/** Each bound of the program is reached by some test: a new row without one fails here. */

const folder = fileURLToPath(new URL(".", import.meta.url));
const self = "limits.test.ts";
type Limit = keyof typeof limits;
const sources = new Map(
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => [path.replaceAll("\\", "/"), readFileSync(join(folder, path), "utf8")]),
);

/** Limits that their tests reach without calling them by name, and the words of the test that does. */
const reachedUnnamed: { readonly [name in Limit]?: { readonly file: string; readonly test: string } } = {
  inflationRatio: { file: "cli/input.test.ts", test: "that inflates beyond any capture is stopped" },
  captureChanges: { file: "capture/capture-set.test.ts", test: "captures that alternate more often" },
  encapsulation: { file: "net/ip.test.ts", test: "more extension headers than the limit" },
  idleTcpSeconds: { file: "net/connections.test.ts", test: "or idle for 300" },
  closedTcpSeconds: { file: "net/connections.test.ts", test: "finished five seconds after the close" },
  idleSynSeconds: { file: "net/connections.test.ts", test: "unanswered for 75 seconds" },
  fragmentSeconds: { file: "net/fragments.test.ts", test: "incomplete after 30 seconds" },
  neighbourSeconds: { file: "net/neighbours.test.ts", test: "no answer for five seconds" },
  framesPerStep: { file: "correlate/limits.test.ts", test: "retransmissions of one request" },
  problems: { file: self, test: "problems beyond the limit are counted" },
  spareBytes: { file: self, test: "spare buffers beyond the limit are let go" },
  sharedTexts: { file: self, test: "more texts than are shared" },
  sharedTextBytes: { file: self, test: "more texts than are shared" },
};

/** Limits that no test reaches yet. Only ever shorter. */
const unreached: readonly string[] = [];

function isReached(name: string): boolean {
  const row = Object.entries(reachedUnnamed).find(([limit]) => limit === name)?.[1];
  if (row !== undefined) return tests(row.file).includes(row.test);
  const named = new RegExp(`\\blimits\\.${name}\\b|\\b${name}: \\d`);
  return [...sources.keys()].some((file) => file !== self && named.test(tests(file)));
}

const tests = (file: string) => sources.get(file) ?? "";

describe("a test reaches", () => {
  it.each(Object.keys(limits).filter((name) => !unreached.includes(name)))("%s", (name) => {
    expect(isReached(name)).toBe(true);
  });
});

it("the list of limits without a test is up to date", () => {
  expect(unreached.filter((name) => isReached(name) || !Object.hasOwn(limits, name))).toEqual([]);
});

it("problems beyond the limit are counted", () => {
  const list = new ProblemList();
  for (let count = 0; count < limits.problems + 7; count++) list.add({ text: `${count}` });
  expect(list.list()).toHaveLength(limits.problems + 1);
  expect(list.list().at(-1)?.text).toMatch(/^7 more/);
});

it("spare buffers beyond the limit are let go, and those used again do not mix", () => {
  const waiting = new Waiting(() => {});
  const size = 65_536;
  const gathers = Array.from({ length: (limits.spareBytes / size) * 2 }, () => new Gather(waiting));
  const piece = (fill: number) => new Uint8Array(size).fill(fill);
  for (const [fill, gather] of gathers.entries()) gather.keep(piece(fill), 0, size);
  for (const gather of gathers) gather.clear();
  for (const [fill, gather] of gathers.entries()) gather.keep(piece(fill + 100), 0, size - 1);
  const mixed = gathers.filter((gather, fill) => gather.view().some((byte) => byte !== fill + 100));
  expect(mixed).toEqual([]);
});

it("more texts than are shared, longer ones and equal ones among them, are read as they stand", () => {
  const texts = Array.from({ length: limits.sharedTexts * 2 }, (_, count) => `user${count % 30_000}@EXAMPLE.COM`);
  texts.push("x".repeat(limits.sharedTextBytes), "y".repeat(limits.sharedTextBytes + 1));
  const odd = [...texts, ...texts].filter((text) => {
    const bytes = new TextEncoder().encode(`<${text}>`);
    return textOf(bytes, 1, bytes.length - 1) !== text;
  });
  expect(odd).toEqual([]);
});

it("refused clients leave without a word", () => {
  const bench = new Bench();
  const C_PRINCIPAL_UNKNOWN = 6;
  for (let count = 0; count < limits.openClients + 20; count++) {
    bench.asks(addressOf(count));
    bench.isAnswered(addressOf(count), C_PRINCIPAL_UNKNOWN);
  }
  bench.end();
  expect(bench.problems).toEqual([]);
  expect(bench.stories).toHaveLength(limits.openClients + 20);
});
