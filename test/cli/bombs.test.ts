import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { limits } from "../../src/bytes/limits.ts";
import { openInputs } from "../../src/cli/input.ts";
import { concat, pcap } from "../capture/build.ts";
import { tarOf, zipOf } from "../capture/unpack/archives.ts";
import { zstdBlock, zstdFrame } from "../capture/unpack/frames.ts";
import { isInstalled, through } from "../capture/unpack/tools.ts";

const folder = mkdtempSync(join(tmpdir(), "kflow-bombs-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const MEBIBYTE = 1024 * 1024;
const BLOCK = 128 * 1024;
/** More than can be inflated freely, and than two portions of packed bytes may give. */
const LENGTH = 2 * limits.inflatedFreely;
/** The beginning of a capture, then nothing. */
function zeros(): Uint8Array {
  const bytes = new Uint8Array(LENGTH);
  bytes.set(pcap([]));
  return bytes;
}

/** The same in blocks of four bytes that each stand for 128 KiB. */
function zstdBomb(): Uint8Array {
  const head = pcap([]);
  const blocks = Array.from({ length: LENGTH / BLOCK }, () => concat([zstdBlock(1, BLOCK, false), Uint8Array.of(0)]));
  return zstdFrame(7, concat([zstdBlock(0, head.length, false), head]), ...blocks);
}

/** Reads all captures of a file without keeping them; the most memory that buffers took meanwhile. */
async function measured(bytes: Uint8Array) {
  const path = join(folder, "bomb");
  writeFileSync(path, bytes);
  const problems: string[] = [];
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  let length = 0;
  const inputs = await openInputs(path, ({ text }) => problems.push(text));
  for (const input of typeof inputs === "string" ? [] : inputs) {
    const opened = await input.open();
    if (opened.kind === "ranges") throw new Error("not a stream");
    for (let part = await opened.next(); part !== null; part = await opened.next()) {
      length += part.length;
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    }
    opened.close();
  }
  return { problems, length, most, complaint: typeof inputs === "string" ? inputs : null };
}

const bombs: readonly (readonly [name: string, tool: string | null, make: () => Uint8Array])[] = [
  ["gzip", null, () => gzipSync(zeros(), { level: 9 })],
  ["zstd", null, zstdBomb],
  ["zstd of the tool", "zstd", () => through(["zstd", "-19", "-c"], zeros())],
  ["xz", "xz", () => through(["xz", "-c"], zeros())],
  ["bzip2", "bzip2", () => through(["bzip2", "-c"], zeros())],
  ["gzip in gzip", null, () => gzipSync(gzipSync(zeros(), { level: 9 }))],
  ["zstd in gzip", null, () => gzipSync(zstdBomb())],
];

describe("a bomb of", () => {
  it.each(bombs.filter(([, tool]) => tool === null || isInstalled(tool)))(
    "%s is stopped, and takes little memory",
    async (_, _tool, make) => {
      const { problems, length, most } = await measured(make());
      expect(problems).toEqual([expect.stringMatching(/times its size/)]);
      expect(length).toBeGreaterThanOrEqual(limits.inflatedFreely - MEBIBYTE);
      expect(length).toBeLessThan(LENGTH);
      expect(most).toBeLessThan(64 * MEBIBYTE);
    },
    60_000,
  );

  it("an archive in a compression is stopped while it is copied", async () => {
    const { problems, complaint } = await measured(
      gzipSync(
        tarOf([
          { name: "a", content: pcap([]) },
          { name: "b", content: zeros() },
        ]),
        { level: 9 },
      ),
    );
    expect(complaint).toBeNull();
    expect(problems).toEqual(expect.arrayContaining([expect.stringMatching(/times its size/)]));
  });

  it("a compression in an archive is measured by the bytes of the archive", async () => {
    const { problems, length } = await measured(zipOf([{ name: "a.gz", content: gzipSync(zeros(), { level: 9 }) }]));
    expect(problems[0]).toMatch(/times its size/);
    expect(length).toBeLessThan(LENGTH);
  });
});
