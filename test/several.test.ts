import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import schema from "../report.schema.json" with { type: "json" };
import { nodePlatform } from "../src/cli/platform.ts";
import { analyze, type NamedCapture } from "../src/index.ts";
import type { FramePlace, Reporter, Sequence, Text } from "../src/model/report.ts";
import { createReporter as jsonReporter } from "../src/report/json.ts";
import { stringOf } from "../src/report/page.ts";
import { unpainted } from "../src/report/paint.ts";
import { createReporter as textReporter } from "../src/report/text.ts";
import { pathOf } from "./scenarios.ts";

/** Captures of the same minutes, read together. */

const validate = new Ajv({ allErrors: true, strictTuples: false, strictRequired: false, strictTypes: false }).compile(
  schema,
);
const points = ["capture.pcap", "web.pcap", "dc.pcap"] as const;
type Point = (typeof points)[number];
const bytesOf = (point: Point) => new Uint8Array(readFileSync(pathOf("three-points", point)));

interface Way {
  readonly chunk?: number;
  readonly seed?: number;
  readonly edit?: (bytes: Uint8Array, point: Point) => Uint8Array;
}

function together(
  reporter: Reporter<Text>,
  names: readonly Point[],
  { chunk = 1 << 20, seed = 1, edit }: Way = {},
): string {
  const files = names.map((name) => (edit ? edit(bytesOf(name), name) : bytesOf(name)));
  const captures: NamedCapture[] = names.map((name) => ({
    name: `samples/three-points/${name}`,
    compression: null,
    size: null,
  }));
  const text: string[] = [];
  const analysis = analyze(reporter, (piece) => text.push(stringOf(piece)), {
    captures,
    hosts: [],
    platform: { ...nodePlatform, seed: () => seed },
  });
  const at = files.map(() => 0);
  for (let need = analysis.wants(); need !== null; need = analysis.wants()) {
    const from = at[need.capture] ?? 0;
    const piece = files[need.capture]?.slice(from, from + chunk) ?? new Uint8Array(0);
    at[need.capture] = from + piece.length;
    if (piece.length === 0) analysis.finish(need.capture);
    else analysis.feed(piece, need.capture);
  }
  analysis.end();
  return text.join("");
}

interface Report {
  readonly verdict: string;
  readonly sequences: readonly Sequence[];
  readonly captures: readonly { readonly repeatedFrames?: number }[];
}
const reported = (names: readonly Point[], way?: Way): Report => JSON.parse(together(jsonReporter(), names, way));
const loginOf = ({ sequences }: Report) => sequences.find(({ kind }) => kind === "http");
const placesOf = (sequence: Sequence | undefined) =>
  (sequence?.steps ?? []).flatMap(({ frames }) =>
    frames.filter((frame): frame is FramePlace => typeof frame !== "number"),
  );
const expected = (file: string) => fileURLToPath(pathOf("three-points", file));

describe("client, web server and domain controller together", () => {
  const report = reported(points);

  test("give together.txt and together.json", async () => {
    const text = together(textReporter({ width: 100, paint: unpainted, quiet: false }), points);
    await expect(text).toMatchFileSnapshot(expected("together.txt"));
    const json = together(jsonReporter(), points);
    await expect(json).toMatchFileSnapshot(expected("together.json"));
    validate(JSON.parse(json));
    expect(validate.errors ?? []).toEqual([]);
  });
  test("give one login with frames of each", () => {
    expect(report.sequences.map(({ kind, verdict }) => [kind, verdict])).toEqual([
      ["sign-on", "ok"],
      ["http", "ok"],
    ]);
    expect(new Set(placesOf(loginOf(report)).map(({ capture }) => capture))).toEqual(new Set([0, 1, 2]));
  });
  test("count the packets that several of them show once", () => {
    const repeated = report.captures.map(({ repeatedFrames = 0 }) => repeatedFrames);
    expect(repeated.reduce((sum, count) => sum + count, 0)).toBe(54);
  });
  test.each([1, 777])("are read the same in pieces of %i bytes, and with another seed", (chunk) => {
    expect(together(jsonReporter(), points, { chunk, seed: 99 })).toBe(together(jsonReporter(), points));
  });
  test("tell the same whichever comes first", () => {
    const other = reported(["dc.pcap", "capture.pcap", "web.pcap"]);
    const steps = (one: Report) => loginOf(one)?.steps.map(({ step, state, summary }) => ({ step, state, summary }));
    expect(steps(other)).toEqual(steps(report));
  });
});

describe("alone", () => {
  test("the web server's shows a login with a ticket from elsewhere", () => {
    const login = loginOf(reported(["web.pcap"]));
    expect([login?.verdict, login?.outcome]).toEqual(["ok", "kerberos"]);
    expect(login?.steps.filter(({ state }) => state === "observed").map(({ step }) => step)).toEqual([3, 4, 7, 8]);
  });
  test("the domain controller's shows a ticket whose use is not seen", () => {
    const { verdict, sequences } = reported(["dc.pcap"]);
    expect([verdict, ...sequences.map(({ kind }) => kind)]).toEqual(["ok", "sign-on", "ticket"]);
  });
});

test("what the client's capture misses, the web server's holds", () => {
  const withoutWeb = reported(["capture.pcap"], { edit: (bytes) => bytes.subarray(0, bytes.length - 2500) });
  expect(loginOf(withoutWeb)?.verdict).toBe("incomplete");
  const both = reported(["capture.pcap", "web.pcap"], {
    edit: (bytes, point) => (point === "web.pcap" ? bytes : bytes.subarray(0, bytes.length - 2500)),
  });
  expect(loginOf(both)?.verdict).toBe("ok");
});
