import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import schema from "../report.schema.json" with { type: "json" };
import type { Finding, OverallVerdict, Sequence } from "../src/model/report.ts";
import { stepsOf } from "../src/model/steps.ts";
import { asJson, asText, captureOf, has, pathOf, scenarios, textOf, type Values, valuesOf } from "./scenarios.ts";

/** Small enough to read in Wireshark, and for a repository that holds many. */
const MOST_BYTES = 64 * 1024;

const validate = new Ajv({ allErrors: true, strictTuples: false, strictRequired: false, strictTypes: false }).compile(
  schema,
);
const expected = (scenario: string, ext: string) => fileURLToPath(pathOf(scenario, `expected.${ext}`));

const errorsOf = (sequence: Sequence): readonly Finding[] => sequence.findings.filter((f) => f.severity === "error");

/** The verdict on a whole capture, as the contract defines it. */
function overall(sequences: readonly Sequence[]): OverallVerdict {
  const issued = (s: Sequence) => s.kind === "ticket" && s.verdict === "incomplete" && s.outcome === "kerberos";
  if (sequences.some((s) => s.verdict === "diverged")) return "diverged";
  if (sequences.length === 0) return "none";
  const good = sequences.some((s) => s.verdict === "ok") && sequences.every((s) => s.verdict === "ok" || issued(s));
  return good ? "ok" : "incomplete";
}

/** What every sequence of every report owes its reader. */
function checkSequence(sequence: Sequence): void {
  const { divergedAt, findings, kind, steps, verdict } = sequence;
  const wanted: readonly { readonly step: number; readonly id: string }[] = stepsOf[kind];
  expect(steps.map(({ step, id }) => ({ step, id }))).toEqual(wanted.map(({ step, id }) => ({ step, id })));
  expect(divergedAt === null).toBe(verdict !== "diverged");
  expect(steps.filter((s) => s.state === "diverged").map((s) => s.step)).toEqual(
    divergedAt === null ? [] : [divergedAt],
  );
  expect(errorsOf(sequence)).toHaveLength(divergedAt === null ? 0 : 1);
  if (divergedAt === null) return;
  expect(findings[0]?.severity).toBe("error");
  expect(findings[0]?.step).toBe(divergedAt);
  expect(findings[0]?.frames).not.toEqual([]);
}

function checkValues({ sequences, tails }: Values, frames: number): void {
  for (const sequence of sequences) checkSequence(sequence);
  const ids = sequences.map((s) => s.id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(tails.map((tail) => tail.verdict)).toEqual([overall(sequences)]);
  const cited = sequences.flatMap((s) => [...s.steps, ...s.findings]).flatMap((item) => item.frames);
  expect(
    cited.filter((frame) => typeof frame !== "number" || !Number.isInteger(frame) || frame < 1 || frame > frames),
  ).toEqual([]);
}

/** The numbers in phrases such as "frame 12", "frames 3–7 and 9". */
const framesNamedIn = (readme: string): readonly number[] =>
  [...readme.matchAll(/\bframes? (\d+(?:(?:–|, | and | to )\d+)*)/gi)].flatMap(([, run]) =>
    [...(run ?? "").matchAll(/\d+/g)].map(Number),
  );

describe.each(scenarios)("samples/%s", (scenario) => {
  const capture = captureOf(scenario);
  const json = asJson(capture);

  it("is a small capture", () => {
    expect(capture.stored).toBeLessThanOrEqual(MOST_BYTES);
  });

  it("gives expected.txt and expected.json", async () => {
    await expect(asText(capture)).toMatchFileSnapshot(expected(scenario, "txt"));
    await expect(json).toMatchFileSnapshot(expected(scenario, "json"));
  });

  it("has a report that fits the schema", () => {
    validate(JSON.parse(json));
    expect(validate.errors ?? []).toEqual([]);
  });

  it("keeps the promises of the contract", () => {
    const values = valuesOf(capture);
    checkValues(values, values.tails[0]?.captures[0]?.frames ?? 0);
  });

  it.each([1, 997])("is read the same in chunks of %i bytes", (chunk) => {
    expect(asJson(capture, { chunk })).toBe(json);
  });

  it("is read the same with another hash seed", () => {
    expect(asJson(capture, { seed: 0x9e3779b9 })).toBe(json);
  });

  it("has a README that leads to its frames", () => {
    const readme = has(scenario, "README.md") ? textOf(scenario, "README.md") : "";
    expect(readme).toMatch(/^# \S/);
    const frames = valuesOf(capture).tails[0]?.captures[0]?.frames ?? 0;
    const named = framesNamedIn(readme);
    expect(named).not.toEqual([]);
    expect(named.filter((frame) => frame < 1 || frame > frames)).toEqual([]);
  });
});

describe("samples/README.md", () => {
  const rows = [...textOf("README.md").matchAll(/^\| \[([\w-]+)\]\(([\w-]+)\/\) \| ([^|]+?) \|/gm)].map(
    ([, name, folder, verdict]) => ({ name, folder, verdict }),
  );

  it("lists every scenario once, and nothing else", () => {
    expect(rows.map((row) => row.name).sort()).toEqual(scenarios);
    expect(rows.filter((row) => row.name !== row.folder)).toEqual([]);
  });

  it.each(rows)("says of $name what kflow says: $verdict", ({ name, verdict }) => {
    const { sequences, tails } = valuesOf(captureOf(name ?? ""));
    const steps = new Set(sequences.flatMap((s) => s.divergedAt ?? []));
    const at = steps.size === 0 ? "" : ` at ${[...steps].sort().join(" and ")}`;
    expect(verdict).toBe(`${tails[0]?.verdict}${at}`);
  });

  it("has READMEs of which no two read the same", () => {
    const bodies = scenarios.map((scenario) => textOf(scenario, "README.md").replace(/^#.*$/m, "").trim());
    expect(new Set(bodies).size).toBe(scenarios.length);
  });
});
