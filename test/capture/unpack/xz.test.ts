import { describe, expect, it } from "vitest";
import { limits } from "../../../src/bytes/limits.ts";
import { Crc32 } from "../../../src/capture/unpack/xz/checks.ts";
import { xz } from "../../../src/capture/unpack/xz/streams.ts";
import { Bytes, concat, payload } from "../build.ts";
import * as fixtures from "./fixtures.ts";
import { unpacked } from "./read.ts";
import { isInstalled, through } from "./tools.ts";

const { text } = fixtures;
const HEADER = 12;

function withCrc(bytes: Uint8Array): Uint8Array {
  const sum = new Crc32();
  sum.update(bytes);
  return concat([bytes, sum.digest()]);
}

/** A stream of one block without check; `filters` are the flags of its filters and the dictionary size. */
function stream(chunks: Uint8Array, filters: readonly number[] = [0x21, 1, 22]): Uint8Array {
  const fields = [2, 0, ...filters];
  const header = withCrc(Uint8Array.of(...fields, ...new Array<number>(8 - fields.length).fill(0)));
  const flags = withCrc(Uint8Array.of(0, 0));
  const body = new Uint8Array(Math.ceil(chunks.length / 4) * 4);
  body.set(chunks);
  const index = withCrc(Uint8Array.of(0, 0, 0, 0));
  return new Bytes()
    .raw([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0])
    .raw(flags)
    .raw(header)
    .raw(body)
    .raw(index)
    .raw(payload(12))
    .done();
}

describe("xz", () => {
  it("reads chunks that are stored", () => {
    const stored = Uint8Array.of(1, 0, 4, 1, 2, 3, 4, 5, 2, 0, 1, 6, 7, 0);
    const wanted = { bytes: Uint8Array.of(1, 2, 3, 4, 5, 6, 7), problems: [], done: true };
    for (const size of [1, 100]) expect(unpacked(xz, stream(stored), size)).toEqual(wanted);
  });

  it("tells a wrong checksum and keeps the data", () => {
    for (const [packed, bytesOfCheck] of [
      [fixtures.xz, 8],
      [fixtures.xzCrc32, 4],
    ] as const) {
      const bad = packed.slice();
      // Behind the check stand the index, 12 bytes or more of it, and the footer.
      const footer = bad.length - 12;
      const backward = new DataView(bad.buffer).getUint32(footer + 4, true);
      const check = footer - (backward + 1) * 4 - bytesOfCheck;
      bad[check] = (bad[check] ?? 0) ^ 1;
      const { bytes, problems } = unpacked(xz, bad);
      expect(bytes).toEqual(text);
      expect(problems).toEqual([expect.stringMatching(/xz checksum is wrong/)]);
    }
  });

  it.each([
    ["a stream header that was changed", fixtures.xz.with(7, 3), /header with a wrong checksum/],
    ["a block header that was changed", fixtures.xz.with(HEADER + 2, 0x22), /header with a wrong checksum/],
    ["a filter for machine code", stream(Uint8Array.of(0), [4, 0]), /filter that is not known/],
    ["a chunk of an unknown kind", stream(Uint8Array.of(3, 0, 0, 0)), /chunk of an unknown kind/],
    ["a chunk before any dictionary", stream(Uint8Array.of(2, 0, 0, 9, 0)), /without dictionary/],
    [
      "a first chunk without properties",
      stream(Uint8Array.of(1, 0, 0, 9, 0x80, 0, 0, 0, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 0)),
      /without its properties/,
    ],
    ["properties out of bounds", stream(Uint8Array.of(0xe0, 0, 0, 0, 9, 255)), /out of bounds/],
    [
      "a chunk that is no LZMA",
      stream(Uint8Array.of(0xe0, 0, 0, 0, 5, 93, 1, 2, 3, 4, 5, 6)),
      /does not end where it should/,
    ],
  ])("with %s is told", (_, packed, sentence) => {
    expect(unpacked(xz, packed).problems).toEqual([expect.stringMatching(sentence)]);
    expect(unpacked(xz, packed, 1)).toEqual(unpacked(xz, packed));
  });

  it("with a dictionary beyond the limit says so", () => {
    const stored = Uint8Array.of(1, 0, 0, 9, 0);
    const largest = 2 * (Math.log2(limits.windowBytes) - 12);
    expect(unpacked(xz, stream(stored, [0x21, 1, largest]))).toMatchObject({ bytes: Uint8Array.of(9), problems: [] });
    for (const larger of [largest + 1, 40]) {
      const { problems } = unpacked(xz, stream(stored, [0x21, 1, larger]));
      expect(problems).toEqual([expect.stringMatching(/window of \d+ bytes.*xz -d/)]);
    }
  });

  it("cut in the middle of a chunk gives what the chunk says until there", () => {
    const { bytes, problems } = unpacked(xz, fixtures.xz.subarray(0, 300));
    expect(bytes.length).toBeGreaterThan(1_000);
    expect(bytes).toEqual(text.subarray(0, bytes.length));
    expect(problems).toEqual([expect.stringMatching(/cut short/)]);
  });

  it.skipIf(!isInstalled("xz"))("of other filters says so", () => {
    const packed = through(["xz", "--x86", "--lzma2", "-c"], text);
    expect(unpacked(xz, packed)).toMatchObject({ bytes: payload(0), problems: [expect.stringMatching(/filter/)] });
  });
});
