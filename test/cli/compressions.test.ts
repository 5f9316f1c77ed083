import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { etl } from "../capture/etl/write-etl.ts";
import { readAll } from "../capture/read.ts";
import { cabinetOf, tarOf, zipOf } from "../capture/unpack/archives.ts";
import { isInstalled } from "../capture/unpack/tools.ts";
import { writeNetmon } from "../capture/write-netmon.ts";
import type { WrittenFrame } from "../capture/written.ts";
import { captureOf } from "../scenarios.ts";
import { allSamples } from "../whole/samples.ts";
import { type Content, contentsOf } from "./opened.ts";
import { buildProgram, type Program } from "./program.ts";

/** What a capture shows does not depend on how it is compressed. */

const folder = mkdtempSync(join(tmpdir(), "kflow-compressions-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Tools that compress many files at once, each into a file of its own beside it. */
const tools = [
  { name: "gzip", words: ["-k"], ending: ".gz" },
  { name: "zstd", words: ["-q", "-k"], ending: ".zst" },
  { name: "lz4", words: ["-q", "-m", "-k"], ending: ".lz4" },
  { name: "xz", words: ["-1", "-k"], ending: ".xz" },
  { name: "bzip2", words: ["-k"], ending: ".bz2" },
] as const;

const archives = [
  { name: "zip", pack: (content: Uint8Array) => zipOf([{ name: "inner", content }]) },
  { name: "tar", pack: (content: Uint8Array) => tarOf([{ name: "inner", content }]) },
  { name: "cab", pack: (content: Uint8Array) => cabinetOf([{ name: "inner", content }]) },
] as const;

describe("every sample comes out of every compression as it went in", () => {
  const samples = allSamples();
  const pathOf = (index: number) => join(folder, `${index}`);
  beforeAll(() => {
    for (const [index, { bytes }] of samples.entries()) writeFileSync(pathOf(index), bytes);
  });

  async function expectAll(compression: string, pathOfPacked: (index: number) => string): Promise<void> {
    for (const [index, { name, bytes }] of samples.entries()) {
      const contents = await contentsOf(pathOfPacked(index));
      expect({ name, ...only(contents) }).toEqual({ name, compression, problems: [], length: bytes.length });
      expect(typeof contents === "object" && Buffer.compare(contents[0]?.bytes ?? bytes, bytes)).toBe(0);
    }
  }

  function only(contents: readonly Content[] | string) {
    const [content] = contents;
    if (typeof content !== "object" || contents.length !== 1) throw new Error(`${contents}`);
    const { compression, problems, bytes } = content;
    return { compression, problems, length: bytes.length };
  }

  it.each(tools)("$name", { timeout: 60_000 }, async ({ name, words, ending }) => {
    if (!isInstalled(name)) return;
    execFileSync(name, [...words, ...samples.map((_, index) => `${index}`)], { cwd: folder, stdio: "pipe" });
    await expectAll(name, (index) => pathOf(index) + ending);
  });

  it.each(archives)("$name", { timeout: 60_000 }, async ({ name, pack }) => {
    for (const [index, { bytes }] of samples.entries()) writeFileSync(`${pathOf(index)}.${name}`, pack(bytes));
    await expectAll(name, (index) => `${pathOf(index)}.${name}`);
  });
});

describe("the program gives the same report from every container in every compression", () => {
  let program: Program;
  beforeAll(() => {
    program = buildProgram();
  }, 60_000);
  afterAll(() => program.remove());

  async function reportOn(path: string): Promise<object> {
    const { out, err, code } = await program.run(["--format", "json", path]);
    expect(err).toBe("");
    const { captures, findings, ...report } = JSON.parse(out);
    expect([captures.length, report.problems]).toEqual([1, []]);
    return { ...report, code, rules: findings.map(({ rule }: { readonly rule: string }) => rule) };
  }

  const containers = [
    ["success", "pcap", (_: readonly WrittenFrame[], bytes: Uint8Array) => bytes],
    ["dns-nxdomain", "cap", (frames: readonly WrittenFrame[]) => writeNetmon(frames, { version: "2.1" })],
    ["spn-missing", "etl", (frames: readonly WrittenFrame[]) => etl(frames, { processors: 2, order: "processors" })],
  ] as const;

  it.each(containers)("%s as %s", { timeout: 60_000 }, async (scenario, ending, write) => {
    const { bytes } = captureOf(scenario);
    const frames = readAll(bytes).frames.map(({ process: _, data, ...frame }) => ({ ...frame, bytes: data }));
    const plain = join(folder, scenario);
    writeFileSync(plain, bytes);
    const wanted = await reportOn(plain);
    const content = write(frames, bytes);
    const path = join(folder, `a.${ending}`);
    writeFileSync(path, content);
    const packed = tools.filter(({ name }) => isInstalled(name)).map((tool) => packWith(tool, path));
    for (const { name, pack } of archives) {
      writeFileSync(`${path}.${name}`, pack(content));
      packed.push(`${path}.${name}`);
    }
    for (const one of [path, ...packed]) expect({ one, ...(await reportOn(one)) }).toEqual({ one, ...wanted });
  });

  function packWith({ name, words, ending }: (typeof tools)[number], path: string): string {
    execFileSync(name, [...words, path], { stdio: "pipe" });
    return path + ending;
  }
});
