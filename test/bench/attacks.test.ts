import { join } from "node:path";
import { createGzip, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildProgram, type Program } from "../cli/program.ts";
import { attacks, brokenFiles } from "./attacks.ts";
import { forgeries } from "./forgeries.ts";
import { endOf, type Measured, Workshop } from "./measure.ts";

/** Attacks on memory and time, through the command as it ships. `KFLOW_LONG=1`: in their full size. */

const long = process.env["KFLOW_LONG"] === "1";
const HOUR = 3_600_000;
const KIB_PER_MIB = 1_024;
/** Peak resident memory in MiB that the command may take, whatever it is given. */
const BUDGET = 192;

interface Row {
  readonly small: number;
  readonly full: number;
  /** What the full size must be told of. */
  readonly problem?: RegExp;
  /** Less than `BUDGET`, in MiB. */
  readonly budget?: number;
}

const rows = {
  "half-open Kerberos streams": { small: 5_000, full: 100_000, problem: /unfinished messages/, budget: 128 },
  "half-open Kerberos streams, much in each": { small: 500, full: 10_000, problem: /unfinished messages/ },
  "unfinished fragments": { small: 5_000, full: 100_000, problem: /incomplete datagrams/, budget: 128 },
  "fragments in tiny pieces with holes": { small: 20_000, full: 1_000_000, problem: /incomplete/ },
  "Kerberos messages of 700 empty elements": { small: 500, full: 20_000, problem: /too many elements/, budget: 128 },
  "lengths of 4 GB": { small: 2_000, full: 50_000, problem: /length/, budget: 128 },
  SYNs: { small: 20_000, full: 1_000_000, problem: /addresses/ },
  "SYNs of one client": { small: 20_000, full: 1_000_000 },
  "one endless HTTP header": { small: 2_000, full: 50_000, problem: /header block/ },
  "one endless pipelined stream": { small: 10_000, full: 500_000, problem: /without a response/ },
  "one endless stream of challenges": { small: 5_000, full: 100_000 },
  "one endless chunked body": { small: 10_000, full: 500_000 },
  "segments behind a hole": { small: 10_000, full: 500_000, problem: /wait/, budget: 128 },
  "names that nobody answers": { small: 10_000, full: 1_000_000, budget: 128 },
  "sign-ons without an answer": { small: 2_000, full: 100_000, problem: /clients/ },
  "sign-ons with very long names": { small: 100, full: 2_000, problem: /messages hold more/, budget: 128 },
  "requests with very long headers": { small: 500, full: 20_000, problem: /messages hold more/, budget: 128 },
  "clients that come and go": { small: 1_000, full: 50_000, problem: /clients/ },
  "frames of noise": { small: 20_000, full: 500_000, problem: /at offset/ },
} as const satisfies Readonly<Record<keyof typeof attacks, Row>>;

const forgedRows = {
  "thousands of WWW-Authenticate fields": { small: 50, full: 2_000, problem: /challenges or more/, budget: 128 },
  "a WWW-Authenticate of thousands of schemes": { small: 50, full: 2_000, problem: /challenges or more/, budget: 128 },
  "DNS answers of 2 000 records": { small: 50, full: 1_500 },
  "tickets of 64 KB": { small: 50, full: 1_500, budget: 128 },
  "errors with very long texts": { small: 50, full: 2_000 },
  "requests with 400 encryption types": { small: 500, full: 50_000, problem: /clients/, budget: 128 },
  "anonymous requests with long paths": { small: 500, full: 40_000, problem: /messages hold more/ },
  "clients of one service each": { small: 500, full: 30_000, problem: /tickets for more/, budget: 128 },
  "one client with services without end": { small: 2_500, full: 100_000, budget: 128 },
  "names that nobody answers one client": { small: 5_000, full: 500_000, budget: 128 },
  "one SYN again and again": { small: 20_000, full: 1_000_000, budget: 128 },
  "SYNs that are refused": { small: 20_000, full: 500_000, problem: /addresses/ },
  "time that runs backwards": { small: 2_000, full: 100_000, budget: 128 },
} as const satisfies Readonly<Record<keyof typeof forgeries, Row>>;

const all = { ...attacks, ...forgeries };
const allRows = { ...rows, ...forgedRows };

let program: Program;
let workshop: Workshop;
beforeAll(() => {
  program = buildProgram();
  workshop = new Workshop();
});
afterAll(() => {
  program.remove();
  workshop.remove();
});

function kflow(...args: string[]): Promise<Measured> {
  return workshop.measure(join(program.folder, "dist", "kflow.cjs"), ["--format", "json", ...args]);
}

const codes: Readonly<Record<string, number>> = { ok: 0, diverged: 1, incomplete: 3, none: 3 };
const attackNames = Object.keys(all).filter((name): name is keyof typeof all => Object.hasOwn(all, name));

describe("the command under attack", () => {
  it.each(attackNames)("%s", { timeout: HOUR }, async (name) => {
    const row: Row = allRows[name];
    const path = workshop.file("attack.pcap", (sink) => all[name](sink, long ? row.full : row.small));
    const ran = await kflow(path);
    const { verdict, problems, captures } = endOf(ran.tail);
    expect(ran.err).toBe("");
    expect(ran.code).toBe(codes[verdict]);
    expect(captures[0]?.frames).toBeGreaterThan(0);
    if (long && row.problem) expect(problems.map(({ text }) => text).join("\n")).toMatch(row.problem);
    expect(ran.peak).toBeLessThan((row.budget ?? BUDGET) * KIB_PER_MIB);
  });
});

describe("a broken file", () => {
  it.each(Object.entries(brokenFiles))("%s ends with a problem", { timeout: HOUR }, async (_name, bytes) => {
    const ran = await kflow(workshop.file("broken", (sink) => sink(bytes)));
    expect(endOf(ran.tail).problems).not.toEqual([]);
    expect([2, 3]).toContain(ran.code);
    expect(ran.peak).toBeLessThan(BUDGET * KIB_PER_MIB);
  });
});

describe("a gzip bomb", () => {
  const MEBIBYTE = 1_048_576;

  /** A pcap header, and zeros behind it. */
  async function bomb(mebibytes: number): Promise<Uint8Array> {
    const zip = createGzip();
    const pieces: Uint8Array[] = [];
    zip.on("data", (piece: Uint8Array) => pieces.push(piece));
    const header = new Uint8Array(24);
    header.set([0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 1]);
    zip.write(header);
    const zeros = new Uint8Array(MEBIBYTE);
    for (let count = 0; count < mebibytes; count++) {
      if (!zip.write(zeros)) await new Promise((resolve) => zip.once("drain", resolve));
    }
    zip.end();
    await new Promise((resolve) => zip.once("end", resolve));
    return Buffer.concat(pieces);
  }

  it("alone, or inside another", { timeout: HOUR }, async () => {
    const packed = await bomb(long ? 1_024 : 80);
    for (const bytes of [packed, gzipSync(packed), gzipSync(gzipSync(packed))]) {
      const ran = await kflow(workshop.file("bomb.gz", (sink) => sink(bytes)));
      expect(endOf(ran.tail).problems).not.toEqual([]);
      expect([2, 3]).toContain(ran.code);
      expect(ran.peak).toBeLessThan(BUDGET * KIB_PER_MIB);
    }
  });
});
