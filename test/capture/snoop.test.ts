import { describe, expect, it } from "vitest";
import { limits } from "../../src/bytes/limits.ts";
import { concat, payload } from "./build.ts";
import { readAll } from "./read.ts";
import { asRow, tsharkIsHere, tsharkOn } from "./tshark.ts";
import { snoopHeader, snoopRecord, writeSnoop } from "./write-snoop.ts";
import { someFrames } from "./written.ts";

const sizes = [1, 7, 16, 4096, 1 << 20];
const frames = someFrames(6);
const whole = writeSnoop(frames);

describe("snoop", () => {
  it("gives the frames that were written, in whatever pieces", () => {
    for (const size of sizes) {
      const reading = readAll(whole, size);
      expect(reading.problems).toEqual([]);
      expect(reading.frames).toEqual(
        frames.map(({ seconds, nanos, bytes }, index) => ({
          number: index + 1,
          seconds,
          nanos,
          wireLength: bytes.length,
          linkType: 1,
          point: -1,
          process: null,
          dropped: null,
          data: bytes,
        })),
      );
      expect(reading.summary).toMatchObject({ format: "snoop", frames: 6, bytes: whole.length, cutFrames: 0 });
      expect(reading.facts).toEqual({});
    }
  });

  it("a header alone is a capture without frames", () => {
    expect(readAll(snoopHeader(2, 4))).toMatchObject({ frames: [], problems: [], summary: { format: "snoop" } });
  });

  it("keeps the length on the wire of frames that were cut", () => {
    const [frame] = readAll(writeSnoop([{ seconds: 1, nanos: 0, bytes: payload(64), wireLength: 1514 }])).frames;
    expect(frame).toMatchObject({ wireLength: 1514, data: payload(64) });
  });

  it.each([
    [0, 1],
    [2, 6],
    [4, 1],
    [8, 10],
    [9, 0],
    [14, 0],
    [16, 122],
    [18, 123],
  ])("network type %i is link type %i", (network, linkType) => {
    expect(readAll(writeSnoop(frames, { network })).summary.linkTypes).toEqual([linkType]);
  });

  it.each([1, 5, 26, 99, 0x80000004])("network type %i is named and not read", (network) => {
    const { problems, summary } = readAll(writeSnoop(frames, { network }), 5);
    expect(problems).toMatchObject([{ text: expect.stringContaining(`network type ${network} (`) }]);
    expect(summary).toMatchObject({ format: "snoop", frames: 0 });
  });

  it("of Surveyor has other network types, and a radio header in front of IEEE 802.11", () => {
    const trailer = payload(18);
    const linkTypes = [10, 12, 19, 11].map(
      (network) => readAll(writeSnoop(frames, { network, trailer, version: 4 })).summary.linkTypes,
    );
    expect(linkTypes).toEqual([[1], [1], [1], [6]]);
    const radio = concat([Uint8Array.of(0, 0, 0, 10), payload(10), Uint8Array.of(8, 2, 0, 0)]);
    const reading = readAll(writeSnoop([{ seconds: 1, nanos: 0, bytes: radio }], { network: 18, trailer }));
    expect(reading.frames).toMatchObject([{ linkType: 105, wireLength: 4, data: Uint8Array.of(8, 2, 0, 0) }]);
    expect(reading.facts.application).toBe("Surveyor");
  });

  it("tells the packets that the capturing machine dropped, from the highest count", () => {
    const { facts, problems } = readAll(writeSnoop(frames, { drops: (index) => [0, 3, 3, 41, 40, 41][index] ?? 0 }), 9);
    expect(facts).toEqual({ lost: 41 });
    expect(problems).toEqual([]);
  });

  it("adds a fraction of a second or more, and tells it once", () => {
    const { frames: seen, problems } = readAll(
      writeSnoop([1, 2].map((seconds) => ({ seconds, nanos: 2_500_000_000, bytes: payload(20) }))),
    );
    expect(seen).toMatchObject([
      { seconds: 3, nanos: 500_000_000 },
      { seconds: 4, nanos: 500_000_000 },
    ]);
    expect(problems).toMatchObject([{ frame: 1, offset: 16 }]);
  });
});

describe("Check Point's fw monitor", () => {
  const ascii = (text: string) => new TextEncoder().encode(text);
  const seenAt = (point: string, name: string, rest = "\0".repeat(10 - name.length)) => ({
    seconds: 1_700_000_000,
    nanos: 0,
    bytes: concat([ascii(`${point}${name}${rest}`), Uint8Array.of(8, 0), payload(40)]),
  });

  it("is known by the interface in place of addresses; each point has its number and name", () => {
    const packets = ["i1", "I7", "o1", "O9"].map((point) => seenAt(point, point < "Z" ? "eth0" : "eth1"));
    const { frames: seen, facts } = readAll(writeSnoop([...packets, ...packets]), 100);
    const points = seen.map(({ point }) => point);
    expect(new Set(points).size).toBe(4);
    expect(points.slice(4)).toEqual(points.slice(0, 4));
    expect(Math.min(...points)).toBeGreaterThanOrEqual(0);
    expect(facts).toMatchObject({
      application: "Check Point fw monitor",
      points: ["i eth1", "I eth0", "o eth1", "O eth0"],
    });
  });

  it("is one point in spite of the connection's number beside it, of which the first is 0", () => {
    const packets = ["\0\0\0\0", "\u0001\u0002\u0003\u0004", "\u0005\u0002\u0003\u0004"].map((number) =>
      seenAt("i1", "eth0", `\0\0${number}`),
    );
    const { frames: seen, facts } = readAll(writeSnoop(packets));
    expect(new Set(seen.map(({ point }) => point)).size).toBe(1);
    expect(facts.points).toEqual(["i eth0"]);
  });

  it("is not seen in addresses", () => {
    const address = { seconds: 1, nanos: 0, bytes: concat([ascii("i1"), payload(60)]) };
    const reading = readAll(writeSnoop([address]));
    expect(reading.frames).toMatchObject([{ point: -1 }]);
    expect(reading.facts.points).toBeUndefined();
  });

  it("with more points than are named still tells them apart", () => {
    const count = limits.namedPoints + 9;
    const packets = Array.from({ length: count }, (_, index) => seenAt("i1", `eth${index}`));
    const { frames: seen, facts } = readAll(writeSnoop(packets));
    expect(new Set(seen.map(({ point }) => point)).size).toBe(count);
    expect(facts.points?.length).toBe(limits.namedPoints);
  });
});

describe("damaged snoop", () => {
  const records = frames.map((frame) => snoopRecord(frame));
  const header = snoopHeader(2, 4);
  const offsetOf = (index: number) => concat([header, ...records.slice(0, index)]).length;

  it.each([0, 1, 6])("version %i is refused", (version) => {
    expect(readAll(writeSnoop(frames, { version }))).toMatchObject({
      frames: [],
      problems: [{ text: `version ${version} of snoop files is not known` }],
    });
  });

  it("every cut gives the frames before it and one problem, or none at a boundary", () => {
    const ends = records.map((_, index) => offsetOf(index + 1));
    const complete = frames.map(({ bytes }, index) => offsetOf(index) + 24 + bytes.length);
    for (let cut = 16; cut <= whole.length; cut++) {
      for (const size of [1, 16, 4096]) {
        const reading = readAll(whole.subarray(0, cut), size);
        expect(reading.frames.length).toBe(complete.filter((end) => end <= cut).length);
        expect(reading.problems.length).toBe(cut === 16 || ends.includes(cut) ? 0 : 1);
      }
    }
  });

  it.each([
    ["captured bytes beyond the limit", 4, limits.frameBytes + 1],
    ["more captured bytes than the record has", 4, 5000],
    ["a record shorter than its header", 8, 20],
    ["a record that goes on and on", 8, 0x7fffffff],
  ])("%s: reading goes on with the next record", (_, field, value) => {
    const bytes = whole.slice();
    new DataView(bytes.buffer).setUint32(offsetOf(2) + field, value);
    for (const size of sizes) {
      const reading = readAll(bytes, size);
      expect(reading.frames.map(({ data }) => data)).toEqual(
        frames.filter((_, index) => index !== 2).map((frame) => frame.bytes),
      );
      expect(reading.problems).toMatchObject([{ frame: 3, offset: offsetOf(2) }]);
      expect(reading.problems[0]?.text).toContain(`${records[2]?.length} bytes could not be read`);
    }
  });

  it("bytes that are no records are passed over, however many, up to the end", () => {
    const noise = new Uint8Array(2_000_000).fill(0xff);
    const mixed = concat([header, ...records.slice(0, 3), noise, ...records.slice(3)]);
    const ending = concat([whole, noise]);
    for (const size of [1 << 16, mixed.length]) {
      const reading = readAll(mixed, size);
      expect(reading.frames.length).toBe(6);
      expect(reading.problems).toMatchObject([{ frame: 4, text: expect.stringContaining("2000000 bytes could not") }]);
      const tail = readAll(ending, size);
      expect(tail.frames.length).toBe(6);
      expect(tail.problems).toMatchObject([{ frame: 7, text: expect.stringContaining("rest of the file was not") }]);
    }
  });

  it("records of another day, or of no bytes, do not count as the next ones", () => {
    const other = someFrames(4).map((frame) => ({ ...frame, seconds: frame.seconds + 200_000 }));
    const empty = someFrames(4).map((frame) => ({ ...frame, bytes: payload(0) }));
    const noise = new Uint8Array(40).fill(0xff);
    for (const others of [other, empty]) {
      const bytes = concat([whole, noise, ...others.map((frame) => snoopRecord(frame))]);
      expect(readAll(bytes).frames.length).toBe(6);
    }
  });

  it("nothing is guessed where the first record is damaged", () => {
    const bytes = concat([header, new Uint8Array(50).fill(0xff), ...records]);
    const { frames: seen, problems } = readAll(bytes, 64);
    expect(seen).toEqual([]);
    expect(problems).toMatchObject([{ offset: 16, text: expect.stringContaining("damaged") }]);
  });
});

describe.skipIf(!tsharkIsHere)("tshark reads the same frames", () => {
  const ethernet = someFrames(8, 300).map((frame) => ({
    ...frame,
    nanos: frame.nanos + 123_000,
    wireLength: frame.bytes.length + 7,
  }));
  it.each([
    ["snoop", writeSnoop(ethernet)],
    ["Surveyor", writeSnoop(ethernet, { network: 12, version: 5, trailer: payload(17) })],
    [
      "Surveyor's IEEE 802.11",
      writeSnoop(
        ethernet.map((frame) => ({ ...frame, bytes: concat([Uint8Array.of(0, 0, 0, 9), frame.bytes]) })),
        { network: 18, trailer: payload(16) },
      ),
    ],
  ])("of %s", (_, bytes) => {
    expect(readAll(bytes).frames.map(asRow)).toEqual(tsharkOn(bytes));
  });
});
