import { describe, expect, it } from "vitest";
import { lz4 } from "../../../src/capture/unpack/lz4/frames.ts";
import { Xxh32 } from "../../../src/capture/unpack/xxh32.ts";
import { Bytes, concat, payload } from "../build.ts";
import * as fixtures from "./fixtures.ts";
import { skippableFrame } from "./frames.ts";
import { unpacked } from "./read.ts";

const { text } = fixtures;

function digest(bytes: Uint8Array): number {
  const hash = new Xxh32();
  hash.update(bytes);
  return hash.digest();
}

/** A frame of ready blocks: version 1, the largest 64 KiB, without checksums. */
function frame(blocks: readonly Uint8Array[], flags = 0x60, more: readonly number[] = []): Uint8Array {
  const descriptor = Uint8Array.of(flags, 0x40, ...more);
  const bytes = new Bytes()
    .u32(0x184d2204)
    .raw(descriptor)
    .raw([(digest(descriptor) >>> 8) & 0xff]);
  for (const block of blocks) bytes.u32(block.length).raw(block);
  return bytes.u32(0).done();
}

describe("lz4", () => {
  it("passes over skippable frames, and mixes legacy frames with others", () => {
    const packed = concat([
      skippableFrame(7),
      fixtures.lz4Legacy,
      fixtures.lz4,
      skippableFrame(100_000, 3),
      fixtures.lz4,
    ]);
    for (const size of [1, 1000, 1_000_000]) {
      expect(unpacked(lz4, packed, size)).toEqual({ bytes: concat([text, text, text]), problems: [], done: true });
    }
  });

  it("tells wrong checksums and keeps the data", () => {
    for (const place of [1, 9]) {
      const packed = fixtures.lz4.slice();
      packed[packed.length - place] = (packed[packed.length - place] ?? 0) ^ 1;
      const { bytes, problems } = unpacked(lz4, packed);
      expect(bytes).toEqual(text);
      expect(problems).toEqual([expect.stringMatching(/lz4 checksum is wrong/)]);
    }
  });

  it("reaches back into the block before where blocks are linked, and nowhere else", () => {
    const first = Uint8Array.of(0x40, 1, 2, 3, 4);
    const second = Uint8Array.of(0x10, 9, 5, 0, 0x10, 8);
    const linked = unpacked(lz4, frame([first, second], 0x40));
    expect(linked).toEqual({ bytes: Uint8Array.of(1, 2, 3, 4, 9, 1, 2, 3, 4, 8), problems: [], done: true });
    const apart = unpacked(lz4, frame([first, second]));
    expect(apart.bytes).toEqual(Uint8Array.of(1, 2, 3, 4, 9));
    expect(apart.problems).toEqual([expect.stringMatching(/a block that is none/)]);
  });

  it.each([
    ["an offset of 0", [0x10, 9, 0, 0, 0x10, 8]],
    ["more than a block may hold", [0x1f, 9, 1, 0, ...new Array<number>(300).fill(255), 0]],
    ["literals beyond the block", [0xf0, 255, 1]],
  ])("with %s is damaged", (_, block) => {
    const { bytes, problems } = unpacked(lz4, frame([Uint8Array.of(0x20, 5, 6), Uint8Array.from(block)]));
    expect([...bytes.subarray(0, 2)]).toEqual([5, 6]);
    expect(bytes.length).toBeLessThan(65_536);
    expect(problems).toEqual([expect.stringMatching(/a block that is none/)]);
  });

  it.each([
    ["another version", frame([], 0xa0), /unknown version/],
    ["a dictionary", frame([], 0x61, [1, 2, 3, 4]), /needs a dictionary/],
    [
      "a block above its largest",
      concat([frame([]).subarray(0, 7), new Bytes().u32(65_537).raw(payload(10)).done()]),
      /larger/,
    ],
    ["a wrong header checksum", frame([]).with(6, (frame([])[6] ?? 0) ^ 1), /header with a wrong checksum/],
  ])("with %s is told", (_, packed, sentence) => {
    expect(unpacked(lz4, packed)).toMatchObject({ bytes: payload(0), problems: [expect.stringMatching(sentence)] });
  });

  it("cut in the middle of a block gives what the block says until there", () => {
    const { bytes, problems } = unpacked(lz4, fixtures.lz4.subarray(0, fixtures.lz4.length - 60));
    expect(bytes.length).toBeGreaterThan(1_500);
    expect(bytes).toEqual(text.subarray(0, bytes.length));
    expect(problems).toEqual([expect.stringMatching(/cut short/)]);
  });
});

describe("XXH32", () => {
  it.each([
    ["", 0x02cc5d05],
    ["a", 0x550d7456],
    ["abc", 0x32d153ff],
    ["The quick brown fox jumps over the lazy dog", 0xe85ea4de],
  ])("%j", (words, wanted) => {
    expect(digest(new TextEncoder().encode(words))).toBe(wanted);
  });
});
