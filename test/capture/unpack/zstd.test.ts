import { describe, expect, it } from "vitest";
import { limits } from "../../../src/bytes/limits.ts";
import { unpackerOf } from "../../../src/capture/unpack/unpacker.ts";
import { Xxh64 } from "../../../src/capture/unpack/xxh64.ts";
import { zstd } from "../../../src/capture/unpack/zstd/frames.ts";
import { concat, payload } from "../build.ts";
import * as fixtures from "./fixtures.ts";
import { skippableFrame, zstdBlock, zstdFrame } from "./frames.ts";
import { unpacked } from "./read.ts";

const { text } = fixtures;
const stored = (bytes: Uint8Array) => zstdFrame(10, concat([zstdBlock(0, bytes.length, true), bytes]));

describe("zstd", () => {
  it("passes over skippable frames anywhere", () => {
    const packed = concat([
      skippableFrame(10),
      fixtures.zstd,
      skippableFrame(70_000, 15),
      skippableFrame(0),
      fixtures.zstd,
    ]);
    for (const size of [1, 1000, 100_000]) {
      expect(unpacked(zstd, packed, size)).toEqual({ bytes: concat([text, text]), problems: [], done: true });
    }
  });

  it("cut in a skippable frame is cut short", () => {
    const { bytes, problems } = unpacked(zstd, concat([fixtures.zstd, skippableFrame(100).subarray(0, 60)]));
    expect(bytes).toEqual(text);
    expect(problems).toEqual([expect.stringMatching(/cut short/)]);
  });

  it("reads blocks that are stored or repeated", () => {
    const bytes = payload(1000);
    const repeated = concat([zstdBlock(1, 500, false), Uint8Array.of(7)]);
    const packed = zstdFrame(0, repeated, concat([zstdBlock(0, 1000, true), bytes]));
    expect(unpacked(zstd, packed).bytes).toEqual(concat([new Uint8Array(500).fill(7), bytes]));
  });

  it("tells a wrong checksum and a wrong length, and keeps the data", () => {
    const checksum = fixtures.zstd.slice();
    checksum[checksum.length - 1] = (checksum[checksum.length - 1] ?? 0) ^ 1;
    const { bytes, problems } = unpacked(zstd, checksum);
    expect(bytes).toEqual(text);
    expect(problems).toEqual([expect.stringMatching(/zstd checksum is wrong/)]);
    const single = concat([Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x20, 9), zstdBlock(0, 5, true), payload(5)]);
    expect(unpacked(zstd, single)).toMatchObject({
      bytes: payload(5),
      problems: [expect.stringMatching(/checksum is wrong/)],
    });
  });

  it.each([
    ["a reserved bit", [8, 0]],
    ["a block of an unknown kind", [0, 0, 7, 0, 0]],
    ["a block larger than its window", [0, 0, 0xff, 0xff, 0xff]],
    ["an empty compressed block", [0, 0, 5, 0, 0]],
  ])("with %s is damaged", (_, bytes) => {
    const packed = concat([stored(payload(10)), Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, ...bytes)]);
    const read = unpacked(zstd, packed);
    expect(read.bytes).toEqual(payload(10));
    expect(read.problems).toEqual([expect.stringMatching(/is damaged before byte \d+/)]);
  });

  it("that needs a dictionary or too large a window says so", () => {
    const dictionary = concat([Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 1, 0, 77), zstdBlock(0, 1, true), payload(1)]);
    expect(unpacked(zstd, dictionary).problems).toEqual([expect.stringMatching(/needs a dictionary/)]);
    const exponent = Math.log2(limits.windowBytes) - 10;
    const block = concat([zstdBlock(0, 5, true), payload(5)]);
    expect(unpacked(zstd, zstdFrame(exponent, block))).toMatchObject({ bytes: payload(5), problems: [] });
    for (const larger of [exponent + 1, 31]) {
      expect(unpacked(zstd, zstdFrame(larger, block)).problems).toEqual([
        expect.stringMatching(/window of \d+ bytes.*--long/),
      ]);
    }
  });

  it("that claims the largest window takes memory for what comes out only", () => {
    const before = process.memoryUsage().arrayBuffers;
    const exponent = Math.log2(limits.windowBytes) - 10;
    const frame = zstdFrame(exponent, concat([zstdBlock(0, 100, true), payload(100)]));
    const unpacker = unpackerOf(zstd, () => expect.unreachable());
    unpacker.feed(concat(new Array<Uint8Array>(2_000).fill(frame)));
    let frames = 0;
    for (let out = unpacker.next(); out !== null; out = unpacker.next()) frames++;
    expect(frames).toBe(2_000);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 1024 * 1024);
  });

  it("whose sequences say more than a block may hold is stopped at once", () => {
    // One literal, then 98 047 sequences of 34 bytes each, all told by codes that are repeated without a bit.
    const body = Uint8Array.of((1 << 3) | 1, 0x41, 255, 0xff, 0xff, 0b01_01_01_00, 0, 0, 31, 1);
    const first = concat([zstdBlock(0, 10, false), payload(10)]);
    const { bytes, problems } = unpacked(zstd, zstdFrame(10, first, concat([zstdBlock(2, body.length, true), body])));
    expect(bytes).toEqual(payload(10));
    expect(problems).toEqual([expect.stringMatching(/more bytes than a block may hold/)]);
  });
});

describe("XXH64", () => {
  // The low halves of the values that the reference implementation gives.
  it.each([
    ["", 0x51d8e999],
    ["a", 0xa98c6e5b],
    ["abc", 0xad770999],
    ["The quick brown fox jumps over the lazy dog", 0x1fda71bc],
  ])("%j", (words, wanted) => {
    const hash = new Xxh64();
    hash.update(new TextEncoder().encode(words));
    expect(hash.digest()).toBe(wanted);
  });
});
