import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { openInputs } from "../../src/cli/input.ts";
import { concat, payload, pcap, somePackets } from "../capture/build.ts";
import { tarOf, zipOf } from "../capture/unpack/archives.ts";
import * as fixtures from "../capture/unpack/fixtures.ts";
import { skippableFrame } from "../capture/unpack/frames.ts";
import { compressors, isInstalled, through } from "../capture/unpack/tools.ts";
import { contentsOf } from "./opened.ts";

const folder = mkdtempSync(join(tmpdir(), "kflow-layers-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function file(bytes: Uint8Array): string {
  const path = join(folder, `input-${files++}`);
  writeFileSync(path, bytes);
  return path;
}

const { text } = fixtures;
/** Not read from front to back, as its first letters say; larger than what is handed out in one go. */
const ranged = concat([new TextEncoder().encode("GMBU"), payload(3_000_000)]);
const streamed = pcap(somePackets(300, 400));

async function only(path: string) {
  const contents = await contentsOf(path);
  const [content] = contents;
  if (typeof contents === "string" || typeof content !== "object") throw new Error(`${contents}`);
  expect(contents).toHaveLength(1);
  return content;
}

describe("compressions", () => {
  it.each([
    ["zstd", fixtures.zstd],
    ["lz4", fixtures.lz4],
    ["lz4", fixtures.lz4Legacy],
    ["xz", fixtures.xz],
    ["bzip2", fixtures.bzip2],
    ["gzip+zstd", gzipSync(fixtures.zstd)],
    ["gzip+xz", gzipSync(fixtures.xz)],
    ["zstd", concat([skippableFrame(10), fixtures.zstd])],
    ["lz4", concat([skippableFrame(100_000), skippableFrame(0), fixtures.lz4])],
    ["gzip", concat([skippableFrame(5), gzipSync(text)])],
  ])("%s is undone and named", async (compression, packed) => {
    const { bytes, problems, ...rest } = await only(file(packed));
    expect(bytes).toEqual(text);
    expect({ problems, ...rest }).toMatchObject({ problems: [], compression, kind: "stream" });
  });

  it("a capture that happens to look packed further on is a capture", async () => {
    const odd = pcap(somePackets(10, 200));
    odd.set(new TextEncoder().encode("ustar"), 257);
    expect(await only(file(odd))).toMatchObject({ bytes: odd, compression: null });
  });

  it.each(Object.entries(compressors))("%s of the installed tool", async (name, [command]) => {
    if (!isInstalled(name)) return;
    expect(await only(file(through(command, streamed)))).toMatchObject({
      bytes: streamed,
      compression: name,
      problems: [],
    });
  });
});

describe("a format that is not read from front to back", () => {
  it.each([
    ["null", "ranges", ranged],
    ["gzip", "ranges", gzipSync(ranged)],
    ["zip", "ranges", zipOf([{ name: "a", content: ranged }])],
    ["zip", "ranges", zipOf([{ name: "a", content: ranged, method: 0 }])],
    ["gzip+tar", "ranges", gzipSync(tarOf([{ name: "a", content: ranged }]))],
    ["tar+gzip", "ranges", tarOf([{ name: "a", content: gzipSync(ranged) }])],
  ])("in %s comes as ranges", async (compression, kind, packed) => {
    const content = await only(file(packed));
    expect(`${content.compression}`).toBe(compression);
    expect(content.kind).toBe(kind);
    expect(content.problems).toEqual([]);
    expect(Buffer.compare(content.bytes, ranged)).toBe(0);
  });

  it.skipIf(process.platform === "win32")("may come through a pipe", async () => {
    const path = join(folder, "a-pipe");
    execFileSync("mkfifo", [path]);
    const writer = spawn("sh", ["-c", 'cat "$1" > "$2"', "sh", file(ranged), path], { stdio: "ignore" });
    const { kind, bytes } = await only(path);
    writer.kill();
    expect(kind).toBe("ranges");
    expect(Buffer.compare(bytes, ranged)).toBe(0);
  });

  it("gives any range, and less at the end", async () => {
    for (const packed of [ranged, gzipSync(ranged)]) {
      const inputs = await openInputs(file(packed), () => expect.unreachable());
      const opened = typeof inputs === "string" ? undefined : await inputs[0]?.open();
      if (opened?.kind !== "ranges") throw new Error("no ranges");
      expect(opened.size).toBe(ranged.length);
      for (const [from, length] of [
        [2_000_000, 50],
        [0, 4],
        [ranged.length - 3, 3],
      ] as const) {
        expect(await opened.read({ from, length })).toEqual(ranged.slice(from, from + length));
      }
      expect(await opened.read({ from: ranged.length - 3, length: 10 })).toHaveLength(3);
      opened.close();
      opened.close();
    }
  });
});

it("what was read of an input grows to its size", async () => {
  for (const packed of [
    streamed,
    gzipSync(streamed),
    ranged,
    gzipSync(ranged),
    zipOf([{ name: "a", content: streamed }]),
  ]) {
    const inputs = await openInputs(file(packed), () => expect.unreachable());
    const [input] = inputs;
    if (typeof input !== "object") throw new Error("not opened");
    const opened = await input.open();
    if (opened.kind === "ranges") await opened.read({ from: 0, length: opened.size });
    else while ((await opened.next()) !== null);
    expect(input.consumed).toBe(input.size);
    opened.close();
  }
});

const shared = new URL("../../../shared/captures/formats/success/", import.meta.url);
describe.skipIf(!existsSync(shared))("compressed captures at hand", () => {
  const packed = existsSync(shared) ? readdirSync(shared).filter((name) => /\.(gz|zst|lz4|xz)$/.test(name)) : [];
  const lab = new URL("../../lab/success.pcap", shared);

  it.each(packed)("%s", async (name) => {
    const { bytes, problems } = await only(new URL(name, shared).pathname);
    expect(problems).toEqual([]);
    const plain = name.startsWith("success.pcapng") ? new URL("success.pcapng", shared) : lab;
    if (existsSync(plain) && !name.endsWith("pcapng.gz")) expect(Buffer.compare(bytes, readFileSync(plain))).toBe(0);
  });
});
