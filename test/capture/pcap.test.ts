import { describe, expect, it } from "vitest";
import { limits } from "../../src/bytes/limits.ts";
import { concat, type PcapOptions, payload, pcap, pcapHeader, pcapRecord, somePackets } from "./build.ts";
import { readAll } from "./read.ts";

const packets = somePackets(5);
const sizes = [1, 7, 16, 4096, 1 << 20];

/** What every variant must give for `packets`. */
function expectPackets(bytes: Uint8Array, unit = 1000): void {
  for (const size of sizes) {
    const { frames, problems } = readAll(bytes, size);
    expect(problems).toEqual([]);
    expect(frames.map(({ number, seconds, nanos, data }) => ({ number, seconds, nanos, data }))).toEqual(
      packets.map(({ seconds, fraction, data }, index) => ({
        number: index + 1,
        seconds,
        nanos: fraction * unit,
        data,
      })),
    );
  }
}

const linuxExtra = [3, 0, 0, 0, 0x08, 0x00, 4, 0];
const variants: [name: string, options: PcapOptions, unit?: number][] = [
  ["little-endian microseconds", {}],
  ["big-endian microseconds", { order: "big" }],
  ["little-endian nanoseconds", { magic: 0xa1b23c4d }, 1],
  ["big-endian nanoseconds", { magic: 0xa1b23c4d, order: "big" }, 1],
  ["the modified format", { magic: 0xa1b2cd34, recordExtra: linuxExtra }],
  ["the modified format of SuSE 6.3", { magic: 0xa1b2cd34, recordExtra: [...linuxExtra, 0, 0, 0, 0] }],
  ["the modified format under the usual magic", { recordExtra: linuxExtra }],
  ["Nokia's four unknown bytes", { recordExtra: [0xde, 0xad, 0xbe, 0xef] }],
  ["Ixia's microseconds", { magic: 0x1c0001ab, fileExtra: [1, 2, 3, 4] }],
  ["Ixia's nanoseconds", { magic: 0x1c0001ac, fileExtra: [1, 2, 3, 4], order: "big" }, 1],
  ["version 2.2, lengths swapped", { minor: 2, swapped: true }],
  ["version 543 of DG/UX, lengths swapped", { major: 543, minor: 0, swapped: true }],
  ["AIX, nanoseconds and interface types", { minor: 2, swapped: true, linkWord: 6 }, 1],
];

describe("pcap variants", () => {
  for (const [name, options, unit] of variants) {
    it(name, () => expectPackets(pcap(packets, options), unit));
  }

  it("maps AIX interface types to link types", () => {
    const linkTypes = [6, 9, 15, 24].map(
      (linkWord) => readAll(pcap(packets, { minor: 2, swapped: true, linkWord })).frames[0]?.linkType,
    );
    expect(linkTypes).toEqual([1, 6, 10, 0]);
  });

  it("swaps the lengths of version 2.3 only where captured exceeds original", () => {
    const cut = { seconds: 1, fraction: 2, data: payload(50), original: 1500 };
    const bytes = concat([
      pcapHeader({ minor: 3 }),
      pcapRecord(cut),
      pcapRecord(cut, { swapped: true }),
      pcapRecord({ seconds: 3, fraction: 4, data: payload(9) }),
    ]);
    const { frames, problems } = readAll(bytes);
    expect(problems).toEqual([]);
    expect(frames.map(({ wireLength, data }) => [wireLength, data.length])).toEqual([
      [1500, 50],
      [1500, 50],
      [9, 9],
    ]);
  });

  it("chooses a variant in a file of one frame once the end is known", () => {
    for (const size of sizes) {
      const { frames, problems } = readAll(pcap(packets.slice(1, 2)), size);
      expect(problems).toEqual([]);
      expect(frames.map(({ data }) => data)).toEqual([packets[1]?.data]);
    }
  });

  it("stays with the usual layout where no variant explains the damage", () => {
    const bytes = concat([pcap(packets.slice(0, 2)), new Uint8Array(40).fill(0xff)]);
    const { frames, problems } = readAll(bytes);
    expect(frames.length).toBe(2);
    expect(problems.length).toBe(1);
  });
});

describe("pcap records", () => {
  it("a header alone is a capture without frames", () => {
    expect(readAll(pcapHeader())).toMatchObject({ frames: [], problems: [], summary: { format: "pcap", frames: 0 } });
  });

  it("frames cut by the snap length keep their length on the wire", () => {
    const { frames, problems, summary } = readAll(
      pcap([{ seconds: 1, fraction: 0, data: payload(64), original: 1514 }]),
    );
    expect(problems).toEqual([]);
    expect(frames[0]).toMatchObject({ wireLength: 1514, data: payload(64) });
    expect(summary.cutFrames).toBe(1);
  });

  it("a captured length above the original one is believed", () => {
    const { frames, problems } = readAll(pcap([{ seconds: 1, fraction: 0, data: payload(64), original: 60 }]));
    expect(problems).toEqual([]);
    expect(frames[0]).toMatchObject({ wireLength: 64, data: payload(64) });
  });

  it("frames of no bytes and frames above the snap length are frames", () => {
    const data = [payload(0), payload(200), payload(0)];
    const bytes = pcap(
      data.map((part) => ({ seconds: 5, fraction: 0, data: part })),
      { snapLength: 96 },
    );
    expect(readAll(bytes).frames.map((frame) => frame.data)).toEqual(data);
    expect(readAll(bytes).problems).toEqual([]);
  });

  it("seconds are unsigned and times may go backwards", () => {
    const seconds = [0xffffffff, 5, 4_000_000_000];
    const bytes = pcap(seconds.map((second) => ({ seconds: second, fraction: 0, data: payload(4) })));
    expect(readAll(bytes).frames.map((frame) => frame.seconds)).toEqual(seconds);
  });

  it("a fraction of a second or more is added, and told once", () => {
    const bytes = pcap([1, 2, 3].map((seconds) => ({ seconds, fraction: 2_500_000, data: payload(20) })));
    const { frames, problems } = readAll(bytes);
    expect(frames.map(({ seconds, nanos }) => [seconds, nanos])).toEqual([
      [3, 500_000_000],
      [4, 500_000_000],
      [5, 500_000_000],
    ]);
    expect(problems).toMatchObject([{ frame: 1, offset: 24 }]);
  });

  it("only the low half of the link-type word counts; FCS bits are no damage, reserved ones are told", () => {
    const withFcs = readAll(pcap(packets, { linkWord: 0x24000071 }));
    expect(withFcs.problems).toEqual([]);
    expect(withFcs.summary.linkTypes).toEqual([0x71]);
    const reserved = readAll(pcap(packets, { linkWord: 0x00010001 }));
    expect(reserved.problems).toMatchObject([{ offset: 20 }]);
    expect(reserved.summary.linkTypes).toEqual([1]);
  });
});

describe("what a pcap file says about itself", () => {
  it("is a snap length and a link type for each file of several, none where it cuts nothing", () => {
    const parts = [
      { snapLength: 96 },
      { snapLength: 2000, linkWord: 101 },
      { snapLength: 96 },
      { snapLength: 262144 },
      { snapLength: 0 },
    ];
    const bytes = concat(parts.map((options) => pcap(packets, options)));
    expect(readAll(bytes, 99).facts).toEqual({
      interfaces: [
        { linkType: 1, snapLength: 96 },
        { linkType: 101, snapLength: 2000 },
      ],
    });
  });

  it("is kept of so many files only", () => {
    const count = limits.namedInterfaces + 5;
    const bytes = concat(Array.from({ length: count }, (_, index) => pcap(packets, { snapLength: 100 + index })));
    const { facts, summary } = readAll(bytes);
    expect(summary.frames).toBe(count * packets.length);
    expect(facts.interfaces?.length).toBe(limits.namedInterfaces);
  });
});

describe("damaged pcap", () => {
  it("an unknown version is refused", () => {
    const { frames, problems } = readAll(pcap(packets, { major: 7 }));
    expect(frames).toEqual([]);
    expect(problems).toMatchObject([{ text: "pcap version 7.4 is not known", offset: 0 }]);
  });

  it.each([
    limits.frameBytes + 1,
    0x7fffffff,
    0x80000000,
    0xffffffff,
  ])("a captured length of %i stops the reading", (length) => {
    const good = pcap(packets);
    const bytes = concat([good, pcapRecord({ seconds: 1, fraction: 1, data: payload(900), original: 900 })]);
    new DataView(bytes.buffer).setUint32(good.length + 8, length, true);
    for (const size of sizes) {
      const { frames, problems } = readAll(bytes, size);
      expect(frames.length).toBe(packets.length);
      expect(problems).toMatchObject([{ frame: packets.length + 1, offset: good.length }]);
      expect(problems[0]?.text).toContain(String(length));
    }
  });

  it.each(variants)("behind damage frames are found again: %s", (_, options, unit = 1000) => {
    const header = pcapHeader(options);
    const records = somePackets(6, 300)
      .map((packet) => ({ ...packet, data: concat([packet.data, payload(1)]), original: packet.data.length + 9 }))
      .map((packet) => pcapRecord(packet, options));
    const noise = new Uint8Array(333).fill(0xff);
    const bytes = concat([header, ...records.slice(0, 3), noise, ...records.slice(3)]);
    const whole = readAll(concat([header, ...records])).frames;
    for (const size of sizes) {
      const { frames, problems } = readAll(bytes, size);
      expect(frames).toEqual(whole);
      expect(frames.at(-1)?.nanos).toBe(5007 * unit);
      const offset = concat([header, ...records.slice(0, 3)]).length;
      expect(problems).toMatchObject([
        { frame: 4, offset, text: expect.stringContaining("333 bytes could not be read") },
      ]);
    }
  });

  it("records of another day, or of no bytes, are not taken for the next ones", () => {
    const noise = new Uint8Array(64).fill(0xff);
    const others = [
      packets.map((packet) => ({ ...packet, seconds: packet.seconds + 90_000 })),
      packets.map((packet) => ({ ...packet, data: payload(0) })),
    ];
    for (const other of others) {
      const bytes = concat([pcap(packets), noise, ...other.map((packet) => pcapRecord(packet))]);
      const { frames, problems } = readAll(bytes, 100);
      expect(frames.length).toBe(5);
      expect(problems).toMatchObject([{ frame: 6, text: expect.stringContaining("rest of the file was not read") }]);
    }
  });

  it("nothing is guessed where the first record is damaged", () => {
    const bytes = concat([pcapHeader(), new Uint8Array(64).fill(0xff), ...packets.map((packet) => pcapRecord(packet))]);
    expect(readAll(bytes)).toMatchObject({ frames: [], problems: [{ offset: 24 }] });
  });

  it("bytes behind the last of few frames do not make it a frame of another variant", () => {
    const good = pcap(somePackets(2).slice(1));
    const { frames, problems } = readAll(concat([good, new Uint8Array(18).fill(0xff)]));
    expect(frames).toMatchObject([{ data: packets[1]?.data }]);
    expect(problems).toMatchObject([{ frame: 2, offset: good.length }]);
  });

  it("a frame at the limit is read", () => {
    const data = payload(limits.frameBytes);
    expect(readAll(pcap([{ seconds: 1, fraction: 0, data }]), 1000).frames).toMatchObject([{ data }]);
  });

  it("a second file behind the first is read as its continuation, in its own layout", () => {
    const bytes = concat([
      pcap(packets),
      pcap(packets, { order: "big", magic: 0xa1b23c4d, linkWord: 101 }),
      pcap(packets.slice(0, 1)),
    ]);
    for (const size of sizes) {
      const { frames, problems, summary } = readAll(bytes, size);
      expect(frames.length).toBe(11);
      expect(frames.at(-1)?.number).toBe(11);
      expect(summary.linkTypes).toEqual([1, 101]);
      expect(problems).toMatchObject([{ frame: 6 }, { frame: 11 }]);
    }
  });

  it("every cut gives the frames before it and one problem, or none at a boundary", () => {
    const whole = pcap(packets);
    const ends = packets.map((_, index) => pcap(packets.slice(0, index + 1)).length);
    for (let cut = 24; cut <= whole.length; cut++) {
      for (const size of [1, 16, 4096]) {
        const { frames, problems } = readAll(whole.subarray(0, cut), size);
        expect(frames.length).toBe(ends.filter((end) => end <= cut).length);
        expect(problems.length).toBe(cut === 24 || ends.includes(cut) ? 0 : 1);
      }
    }
  });
});
