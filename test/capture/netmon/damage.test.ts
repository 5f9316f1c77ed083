import { describe, expect, it } from "vitest";
import { limits } from "../../../src/bytes/limits.ts";
import { concat, payload } from "../build.ts";
import { type Reading, readRanges } from "../read.ts";
import { type NetmonVersion, writeNetmon } from "../write-netmon.ts";
import { someFrames } from "../written.ts";

const versions: readonly NetmonVersion[] = ["1.1", "2.0", "2.1", "2.2", "2.3"];
const frames = someFrames(7);
const numbers = ({ frames: seen }: Reading) => seen.map(({ number }) => number);
const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset);
const placeOf = (bytes: Uint8Array, index: number) =>
  view(bytes).getUint32(view(bytes).getUint32(24, true) + 4 * index, true);

/** A file in which something was changed. */
function changed(version: NetmonVersion, change: (file: DataView, bytes: Uint8Array) => void): Uint8Array {
  const bytes = writeNetmon(frames, { version });
  change(view(bytes), bytes);
  return bytes;
}

describe("a header of Network Monitor", () => {
  it.each([0, 3, 255])("of version %i is refused", (major) => {
    const bytes = changed("2.1", (file) => file.setUint8(5, major));
    expect(readRanges(bytes)).toMatchObject({ frames: [], problems: [{ text: expect.stringContaining("not known") }] });
  });

  it("that is cut is told", () => {
    for (const length of [4, 64, 127]) {
      const { problems } = readRanges(writeNetmon(frames).subarray(0, length));
      expect(problems).toMatchObject([{ text: expect.stringContaining("cut short in the middle of its file header") }]);
    }
  });
});

describe("a table of frames", () => {
  it("whose length is no multiple of four is read as far as it goes", () => {
    const bytes = changed("2.1", (file) => file.setUint32(28, 27, true));
    const reading = readRanges(bytes);
    expect(numbers(reading)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(reading.problems).toMatchObject([{ text: expect.stringContaining("multiple of four") }]);
  });

  it.each([0, 127, 0xffffffff])("with an entry of %i loses that frame and no other", (place) => {
    for (const version of versions) {
      const bytes = changed(version, (file) => file.setUint32(file.getUint32(24, true) + 8, place, true));
      const reading = readRanges(bytes);
      expect(numbers(reading)).toEqual([1, 2, 4, 5, 6, 7]);
      expect(reading.problems).toMatchObject([{ frame: 3, text: expect.stringContaining("outside the file") }]);
    }
  });

  it("that names a frame twice gives it once", () => {
    for (const version of versions) {
      const bytes = changed(version, (file, all) =>
        file.setUint32(file.getUint32(24, true) + 16, placeOf(all, 1), true),
      );
      const reading = readRanges(bytes);
      expect(numbers(reading)).toEqual([1, 2, 3, 4, 6, 7]);
      expect(reading.problems).toMatchObject([{ frame: 5, text: expect.stringContaining("twice") }]);
    }
  });

  it("whose frames lie over one another ends where they take more room than the file has", () => {
    const large = payload(60_000);
    const bytes = writeNetmon([...someFrames(6_000, 1), { seconds: 1_700_000_000, nanos: 0, bytes: large }], {
      version: "2.0",
    });
    const table = view(bytes).getUint32(24, true);
    const last = placeOf(bytes, 6_000);
    // Inside the large frame there are headers of frames that reach to its end.
    for (let index = 0; index < 3_000; index++) {
      const at = last + 16 + 16 * index;
      view(bytes).setUint32(at + 8, 9_000, true);
      view(bytes).setUint32(at + 12, 9_000, true);
      view(bytes).setUint32(table + 4 * index, at, true);
    }
    const reading = readRanges(bytes);
    expect(reading.frames.reduce((sum, { data }) => sum + data.length, 0)).toBeLessThan(bytes.length + 9_000);
    expect(reading.problems.at(-1)?.text).toContain("lie over one another");
  });
});

describe("a frame of Network Monitor", () => {
  it("above the limit is left out, one at it is read", () => {
    const bytes = writeNetmon(
      [frames[0], { seconds: 1_700_000_001, nanos: 0, bytes: payload(limits.frameBytes) }, frames[2]].flatMap(
        (frame) => frame ?? [],
      ),
      { version: "2.0" },
    );
    expect(numbers(readRanges(bytes))).toEqual([1, 2, 3]);
    view(bytes).setUint32(placeOf(bytes, 1) + 12, limits.frameBytes + 1, true);
    const reading = readRanges(bytes);
    expect(numbers(reading)).toEqual([1, 3]);
    expect(reading.problems).toMatchObject([{ frame: 2, offset: placeOf(bytes, 1) }]);
  });

  it("cut by the end of the file is left out", () => {
    const order = [0, 1, 2, 4, 5, 6, 3];
    for (const version of versions) {
      const whole = writeNetmon(frames, { version, onDisk: order });
      // The table in front of the last frame: its bytes are moved behind the header.
      const bytes = tableFirst(whole);
      const reading = readRanges(bytes.subarray(0, bytes.length - 25));
      expect(numbers(reading)).toEqual([1, 2, 3, 5, 6, 7]);
      expect(reading.problems).toMatchObject([{ frame: 4, text: expect.stringContaining("cut by the end") }]);
    }
  });

  it("without the trailer of its version is of the header's media type, told once", () => {
    const older = writeNetmon(frames, { version: "2.0" });
    for (const minor of [1, 2, 3]) {
      const bytes = older.slice();
      bytes[4] = minor;
      const reading = readRanges(bytes);
      expect(reading.frames.map(({ data, linkType }) => [data, linkType])).toEqual(
        frames.map((frame) => [frame.bytes, 1]),
      );
      expect(reading.problems).toMatchObject([{ frame: 1, text: expect.stringContaining("version") }]);
    }
  });

  it("with the trailer of an earlier version is read with it", () => {
    const bytes = writeNetmon(
      frames.map((frame) => ({ ...frame, linkType: 101 })),
      { version: "2.1" },
    );
    bytes[4] = 3;
    const reading = readRanges(bytes);
    expect(reading.summary.linkTypes).toEqual([101]);
    expect(reading.frames.length).toBe(7);
  });
});

/** The same file with its table directly behind the header. */
function tableFirst(whole: Uint8Array): Uint8Array {
  const at = view(whole).getUint32(24, true);
  const length = view(whole).getUint32(28, true);
  const bytes = concat([whole.subarray(0, 128), whole.subarray(at, at + length), whole.subarray(128, at)]);
  view(bytes).setUint32(24, 128, true);
  for (let entry = 0; entry < length / 4; entry++) {
    view(bytes).setUint32(128 + 4 * entry, view(whole).getUint32(at + 4 * entry, true) + length, true);
  }
  return bytes;
}

describe("a lost table", () => {
  const lost = /table of the frames is lost/;
  const ways: [string, (file: DataView, bytes: Uint8Array) => void][] = [
    ["of no place and no length", (file) => file.setBigUint64(24, 0n, true)],
    ["beyond the file", (file) => file.setUint32(24, 0x7fffffff, true)],
    ["longer than there can be frames", (file) => file.setUint32(28, 0xfffffffc, true)],
  ];

  it.each(ways)("%s: the frames are found as they lie", (_, change) => {
    for (const version of versions) {
      const reading = readRanges(changed(version, change));
      expect(reading.frames.map(({ data }) => data)).toEqual(frames.map(({ bytes }) => bytes));
      expect(reading.problems).toMatchObject([{ text: expect.stringMatching(lost) }]);
      expect(reading.facts.unfinished).toBe(true);
    }
  });

  it("cut off with the end of the file: whole frames are found", () => {
    for (const version of versions) {
      const whole = writeNetmon(frames, { version });
      const reading = readRanges(whole.subarray(0, placeOf(whole, 5) + 9));
      expect(numbers(reading)).toEqual([1, 2, 3, 4, 5]);
      expect(reading.problems).toMatchObject([{ text: expect.stringMatching(lost) }]);
    }
  });

  it("bytes between the frames are passed over and told, however many", () => {
    for (const version of versions) {
      const whole = writeNetmon(frames, { version });
      const at = placeOf(whole, 3);
      const noise = new Uint8Array(1_500_000).fill(0xfe);
      const bytes = concat([whole.subarray(0, at), noise, whole.subarray(at, view(whole).getUint32(24, true))]);
      view(bytes).setUint32(24, 0, true);
      const reading = readRanges(bytes);
      expect(reading.frames.map(({ data }) => data)).toEqual(frames.map((frame) => frame.bytes));
      expect(reading.problems).toMatchObject([
        { text: expect.stringMatching(lost) },
        { text: "1500000 bytes between frames could not be read", offset: at },
      ]);
    }
  });

  it("of which a part is there: its frames first, then those that it does not name", () => {
    for (const version of versions) {
      const whole = writeNetmon(frames, { version, onDisk: [1, 0, 2, 3, 4, 5, 6] });
      const reading = readRanges(whole.subarray(0, view(whole).getUint32(24, true) + 9));
      expect(reading.frames.map(({ data }) => data)).toEqual(frames.map(({ bytes }) => bytes));
      expect(reading.problems).toMatchObject([{ text: expect.stringContaining("is cut") }]);
    }
  });

  it("in a file without frames is an empty capture", () => {
    const bytes = writeNetmon([]);
    view(bytes).setUint32(24, 0, true);
    expect(readRanges(bytes)).toMatchObject({ frames: [], problems: [] });
  });
});

it("a file shorter than was said is read as far as it goes", () => {
  for (const version of versions) {
    const whole = writeNetmon(frames, { version });
    for (const length of [0, 50, 128, 200, whole.length - 5]) {
      const reading = readRanges(whole.subarray(0, length), whole.length);
      expect(reading.problems.length).toBeGreaterThan(0);
      expect(reading.frames.length).toBeLessThanOrEqual(7);
    }
  }
});
