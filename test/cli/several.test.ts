import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { limits } from "../../src/bytes/limits.ts";
import { pathOf } from "../scenarios.ts";
import { buildProgram, type Program } from "./program.ts";

let program: Program;

beforeAll(() => {
  program = buildProgram();
  for (const name of ["capture.pcap", "web.pcap", "dc.pcap"]) {
    copyFileSync(fileURLToPath(pathOf("three-points", name)), join(program.folder, name));
  }
  mkdirSync(join(program.folder, "ring"));
  for (let at = 0; at <= limits.captures; at++) writeFileSync(join(program.folder, "ring", `${at}.pcap`), "");
}, 60_000);
afterAll(() => program.remove());

const json = async (...args: string[]) => JSON.parse((await program.run(["--format", "json", ...args])).out);

describe("several captures", () => {
  test("are one report, and their frames are named by file", async () => {
    const report = await json("capture.pcap", "web.pcap", "dc.pcap");
    expect(report.verdict).toBe("ok");
    expect(report.captures.map(({ name }: { name: string }) => name)).toEqual(["capture.pcap", "web.pcap", "dc.pcap"]);
    const { out } = await program.run(["messages", "capture.pcap", "web.pcap", "dc.pcap"]);
    expect(out).toMatch(/^ +1:28 .* HTTP/m);
  });
  test("of hosts whose clocks differ are put in order", async () => {
    const bytes = new Uint8Array(readFileSync(join(program.folder, "web.pcap")));
    const view = new DataView(bytes.buffer);
    for (let at = 24; at < bytes.length; at += 16 + view.getUint32(at + 8, true)) {
      view.setUint32(at, view.getUint32(at, true) - 90, true);
    }
    writeFileSync(join(program.folder, "slow.pcap"), bytes);
    const report = await json("capture.pcap", "slow.pcap");
    expect(report.captures[1].clockAhead).toBeCloseTo(-90, 2);
    expect(report.sequences.map(({ kind, verdict }: { kind: string; verdict: string }) => [kind, verdict])).toEqual([
      ["sign-on", "ok"],
      ["http", "ok"],
    ]);
  });
  test("of more points than have clocks of their own are read as they are", async () => {
    const copies = Array.from({ length: limits.clockSampleCaptures }, (_, at) => `copy${at}.pcap`);
    for (const copy of copies) copyFileSync(join(program.folder, "slow.pcap"), join(program.folder, copy));
    const report = await json("capture.pcap", ...copies);
    expect(report.captures.some(({ clockAhead }: { clockAhead?: number }) => clockAhead !== undefined)).toBe(false);
  });
  test("are found by a pattern that the shell left alone", async () => {
    const report = await json("{capture,dc,web}.pcap");
    expect(report.captures.map(({ name }: { name: string }) => name)).toEqual(["capture.pcap", "dc.pcap", "web.pcap"]);
  });
  test("are not more than the limit", async () => {
    const { code, err } = await program.run(["ring/*.pcap"]);
    expect([code, err]).toEqual([2, expect.stringMatching(`more than ${limits.captures} captures`)]);
  });
  test("of which one does not exist are a mistake", async () => {
    const { code, err } = await program.run(["capture.pcap", "nowhere.pcap"]);
    expect([code, err]).toEqual([2, "kflow: nowhere.pcap: there is no such file\n"]);
  });
  test("of which one cannot be read are judged by the others", async () => {
    writeFileSync(join(program.folder, "letter.txt"), "Dear Sir or Madam, this is no capture.");
    const report = await json("capture.pcap", "letter.txt");
    expect([report.verdict, report.problems[0].capture]).toEqual(["ok", 1]);
  });
});

describe("what is read can be narrowed", () => {
  const count = async (...args: string[]) => {
    const { out } = await program.run(["messages", "--format", "ndjson", ...args, "capture.pcap"]);
    return out.split("\n").filter((line) => line !== "").length;
  };
  test("by time", async () => {
    const all = await count();
    const first = await count("--until", "+0.04");
    const rest = await count("--since", "+0.04");
    expect([first > 0, rest > 0, first + rest]).toEqual([true, true, all]);
  });
  test("by addresses and ports", async () => {
    expect(await count("--filter", "port 53")).toBe(4);
    expect(await count("--filter", "host 192.0.2.1")).toBe(0);
  });
  test("but not by what cannot be understood", async () => {
    const run = async (...args: string[]) => (await program.run([...args, "capture.pcap"])).err;
    expect(await run("--since", "soon")).toMatch(/--since takes .*, not "soon"/);
    expect(await run("--filter", "port http")).toMatch(/--filter: the filter needs a port/);
  });
});
