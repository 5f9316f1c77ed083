import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import schema from "../../report.schema.json" with { type: "json" };
import type { CaptureFacts, InterfaceFacts } from "../../src/model/capture-facts.ts";
import { createReporter } from "../../src/report/json.ts";
import { stringOf } from "../../src/report/page.ts";
import { unreadReport } from "../../src/report/unread.ts";
import {
  capture,
  divergedAt,
  finding,
  hostile,
  many,
  type Report,
  render,
  reports,
  sequence,
  step,
  tail,
} from "./fixtures.ts";

const validate = new Ajv({
  strict: true,
  strictTuples: false,
  strictRequired: false,
  strictTypes: false,
  allErrors: true,
}).compile(schema);

const wholeInterface: Required<InterfaceFacts> = {
  name: "eth0",
  description: "a card",
  linkType: 1,
  snapLength: null,
  filter: "port 88",
  addresses: ["10.0.0.1"],
  dnsServers: ["10.0.0.2"],
  received: 9,
  dropped: 0,
};
const everything: Required<CaptureFacts> = {
  application: "dumpcap",
  os: "Windows",
  hardware: "a machine",
  computer: "CLIENT",
  comments: ["it failed at nine"],
  interfaces: [wholeInterface],
  captureFilter: "port 88",
  lost: 1,
  lostBuffers: 1,
  discarded: [{ reason: "INET: inspection drop", count: 2, frames: [3, 9] }],
  names: [{ address: "10.0.0.1", name: "client" }],
  secrets: [{ kind: "TLS key log", count: 1 }],
  zoneAssumed: true,
  unfinished: true,
  overwritten: true,
  points: ["interface 7"],
};

function complaints(document: string): string[] {
  validate(JSON.parse(document));
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

const json = (report: Report) => render(createReporter(), report);

describe("the JSON report", () => {
  it.each(Object.entries(reports))("%s is a valid document that holds what was reported", (name, report) => {
    const document = json(report);
    const { sequences, findings, problems, captures, clocks, verdict } = JSON.parse(document);
    expect({ sequences, ...{ findings, problems, captures, clocks, verdict } }).toEqual({
      sequences: report.sequences,
      ...report.tail,
    });
    expect(complaints(document).filter(() => name !== "hostile")).toEqual([]);
  });

  it("may say of a capture all that its file says, which the schema describes", () => {
    const tailOf = (about: object) => ({ ...tail("ok"), captures: [{ ...capture, about }] });
    expect(complaints(json({ sequences: [], tail: tailOf(everything) }))).toEqual([]);
    const { about, interface: one, discard } = schema.definitions;
    expect(Object.keys(everything)).toEqual(Object.keys(about.properties));
    expect(Object.keys(wholeInterface)).toEqual(Object.keys(one.properties));
    expect(Object.keys(everything.discarded[0] ?? {})).toEqual(Object.keys(discard.properties));
    for (const key of Object.keys(everything)) {
      expect(complaints(json({ sequences: [], tail: tailOf({ [key]: null }) }))).not.toEqual([]);
    }
  });

  it("is indented as JSON.stringify would", () => {
    const document = json(reports.several);
    expect(document).toBe(`${JSON.stringify(JSON.parse(document), null, 2)}\n`);
    const empty = json(reports.unreadable);
    expect(empty).toBe(`${JSON.stringify(JSON.parse(empty), null, 2)}\n`);
  });

  it("has the keys in the order of the contract, whatever order they came in", () => {
    const { findings, steps, id, ...rest } = divergedAt(3);
    const shuffled = { findings, ...rest, steps, id };
    const document = json({ sequences: [shuffled], tail: tail("diverged") });
    expect(document).toBe(json({ sequences: [divergedAt(3)], tail: tail("diverged") }));
    expect(Object.keys(JSON.parse(document))).toEqual([
      "schema",
      "tool",
      "sequences",
      "findings",
      "problems",
      "captures",
      "clocks",
      "verdict",
    ]);
  });

  it.each([
    ["another number", { step: 5 }],
    ["another id", { id: "tgs-rep" }],
    ["another title", { title: 'a "title" nobody knows' }],
  ] as const)("writes a step with %s than the documented one", (_what, more) => {
    const steps = [step("http", 4), step("http", 4, "observed", more), step("http", 4, "encrypted")];
    const document = json({ sequences: [sequence({ steps })], tail: tail("ok") });
    expect(JSON.parse(document).sequences[0].steps).toEqual(steps);
    expect(document).toBe(`${JSON.stringify(JSON.parse(document), null, 2)}\n`);
  });

  it("escapes what a terminal would obey", () => {
    const document = json(reports.hostile);
    expect(document).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
    expect(JSON.parse(document).sequences[0].client.user).toBe(hostile);
  });

  it("streams: the pieces are written as they come", () => {
    const reporter = createReporter();
    const [first, second] = many(2).sequences.map((one) => stringOf(reporter.sequence(one)));
    expect(first).toMatch(/^\n {4}\{/);
    expect(second).toMatch(/^,\n {4}\{/);
  });

  it("stands also where nothing could be read", () => {
    const missing = unreadReport(createReporter(), "1.2.3", ["nowhere.pcap"], "no such file");
    expect(complaints(missing)).toEqual([]);
    expect(JSON.parse(missing)).toMatchObject({ verdict: "none", problems: [{ text: "no such file", capture: 0 }] });
    expect(complaints(unreadReport(createReporter(), "1.2.3", [], "unknown option"))).toEqual([]);
  });
});

describe("the schema refuses", () => {
  const wrong: readonly (readonly [string, Report])[] = [
    ["a diverged sequence without an error", { sequences: [divergedAt(6, { findings: [] })], tail: tail("diverged") }],
    ["two errors", { sequences: [divergedAt(6, { findings: [finding(), finding()] })], tail: tail("diverged") }],
    [
      "an error that is not the first",
      { sequences: [divergedAt(6, { findings: [finding({ severity: "info" }), finding()] })], tail: tail("diverged") },
    ],
    ["an error where nothing diverged", { sequences: [sequence({ findings: [finding()] })], tail: tail("ok") }],
    ["a missing step", { sequences: [sequence({ steps: sequence().steps.slice(1) })], tail: tail("ok") }],
    [
      "a diverged sequence without a step",
      { sequences: [divergedAt(6, { divergedAt: null })], tail: tail("diverged") },
    ],
    [
      "a rule in capitals",
      { sequences: [divergedAt(6, { findings: [finding({ rule: "TGS" })] })], tail: tail("diverged") },
    ],
    [
      "a time without nine decimals",
      { sequences: [], tail: tail("none", { captures: [{ ...capture, firstTime: "2022-11-28" }] }) },
    ],
  ];
  it.each(wrong)("%s", (_name, report) => {
    expect(complaints(json(report))).not.toEqual([]);
  });
});
