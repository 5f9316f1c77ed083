import { describe, expect, it } from "vitest";
import { limits } from "../../../src/bytes/limits.ts";
import { Bytes, concat, payload } from "../build.ts";
import { readRanges } from "../read.ts";
import { type NetmonFrame, type NetmonVersion, utf16, writeNetmon } from "../write-netmon.ts";
import { someFrames } from "../written.ts";

const versions: readonly NetmonVersion[] = ["1.1", "2.0", "2.1", "2.2", "2.3"];
const frames = someFrames(7);

/** The frames that a reading must give for those written. */
function expected(written: readonly NetmonFrame[], linkType = 1) {
  return written.map(({ seconds, nanos, bytes, wireLength = bytes.length }, index) => ({
    number: index + 1,
    seconds,
    nanos,
    wireLength,
    linkType,
    point: -1,
    process: null,
    dropped: null,
    data: bytes,
  }));
}

describe("Network Monitor", () => {
  it.each(versions)("version %s gives the frames that were written", (version) => {
    const bytes = writeNetmon(frames, { version });
    const reading = readRanges(bytes);
    expect(reading.problems).toEqual([]);
    expect(reading.frames).toEqual(expected(frames));
    expect(reading.summary).toMatchObject({ format: "netmon", frames: 7, bytes: bytes.length, linkTypes: [1] });
    expect(reading.facts).toEqual(version === "2.3" ? {} : { zoneAssumed: true });
  });

  it("keeps the length on the wire, and of version 1 a captured length above it", () => {
    const cut = [{ seconds: 5, nanos: 0, bytes: payload(64), wireLength: 1514 }];
    for (const version of versions) {
      expect(readRanges(writeNetmon(cut, { version })).frames).toMatchObject([{ wireLength: 1514, data: payload(64) }]);
    }
    const less = [{ seconds: 5, nanos: 0, bytes: payload(64), wireLength: 60 }];
    expect(readRanges(writeNetmon(less, { version: "1.1" })).frames).toMatchObject([{ wireLength: 64 }]);
  });

  it("an empty capture has no frames and no problems", () => {
    for (const version of versions) {
      expect(readRanges(writeNetmon([], { version }))).toMatchObject({ frames: [], problems: [] });
    }
  });

  it("goes by the table, in whatever order and with whatever gaps the frames lie", () => {
    const orders = [
      [6, 5, 4, 3, 2, 1, 0],
      [3, 0, 6, 1, 5, 2, 4],
    ];
    for (const version of versions) {
      for (const onDisk of orders) {
        const reading = readRanges(writeNetmon(frames, { version, onDisk, gap: 21 }));
        expect(reading.problems).toEqual([]);
        expect(reading.frames).toEqual(expected(frames));
      }
    }
  });

  it("more frames than the table is read at a time, backwards and forwards", () => {
    const many = someFrames(40_000, 40);
    const onDisk = many.map((_, index) => (index < 20_000 ? index : 59_999 - index));
    for (const options of [{}, { onDisk }]) {
      const reading = readRanges(writeNetmon(many, { version: "2.3", ...options }));
      expect(reading.problems).toEqual([]);
      expect(reading.frames.length).toBe(many.length);
      const wrong = many.filter(({ bytes, seconds }, index) => {
        const frame = reading.frames[index];
        return frame?.seconds !== seconds || frame.number !== index + 1 || !Buffer.from(frame.data).equals(bytes);
      });
      expect(wrong).toEqual([]);
    }
  });

  it("frames longer than is read at a time", () => {
    const long = [0, 1, 2, 3, 4, 5].map((second) => ({
      seconds: 9 + second,
      nanos: 0,
      bytes: payload(second % 2 === 0 ? limits.frameBytes : 30, second),
    }));
    for (const onDisk of [
      [0, 1, 2, 3, 4, 5],
      [5, 4, 3, 2, 1, 0],
    ]) {
      const seen = readRanges(writeNetmon(long, { version: "2.2", onDisk })).frames;
      expect(seen.map(({ data }, index) => Buffer.from(data).equals(long[index]?.bytes ?? data))).toEqual(
        long.map(() => true),
      );
    }
  });

  it("is not read from front to back, and says so", async () => {
    const { readAll } = await import("../read.ts");
    const { problems } = readAll(writeNetmon(frames));
    expect(problems).toMatchObject([{ text: expect.stringMatching(/Network Monitor.*only be read from a file/) }]);
  });
});

describe("times of Network Monitor", () => {
  const secondsOf = (bytes: Uint8Array) => readRanges(bytes).frames.map(({ seconds, nanos }) => [seconds, nanos]);

  /** A file of one frame whose 8 bytes of time are set to `delta`. */
  function withDelta(delta: bigint): Uint8Array {
    const bytes = writeNetmon([{ seconds: 1000, nanos: 0, bytes: payload(20) }], {
      version: "2.1",
      startMilliseconds: 5,
    });
    new DataView(bytes.buffer).setBigInt64(128, delta, true);
    return bytes;
  }

  it.each([
    [0n, 1000, 5_000_000],
    [-1n, 1000, 4_999_000],
    [-31_345_072n, 968, 659_928_000],
    [995_001n, 1001, 1_000],
    // Multiplied by ten within 64 bits, these are small numbers again.
    [0x1999999999999999n, 999, 999_999_400 + 5_000_000 - 1_000_000_000 + 1_000_000_000],
    [-0x1999999999999999n, 1000, 5_000_600],
  ] as const)("%d microseconds", (delta, seconds, nanos) => {
    const sum = nanos >= 1_000_000_000 ? [seconds + 1, nanos - 1_000_000_000] : [seconds, nanos];
    expect(secondsOf(withDelta(delta))).toEqual([sum]);
  });

  it("milliseconds of the start that are none count as 0", () => {
    const bytes = writeNetmon(frames.slice(0, 1), { version: "2.0" });
    new DataView(bytes.buffer).setUint16(22, 5_000, true);
    expect(secondsOf(bytes)).toEqual([[1_700_000_000, 0]]);
  });

  it("a start that is no date is told", () => {
    const bytes = writeNetmon(frames.slice(0, 1), { version: "2.0" });
    new DataView(bytes.buffer).setUint16(10, 13, true);
    const { problems, frames: seen } = readRanges(bytes);
    expect(problems).toMatchObject([{ text: expect.stringContaining("no date") }]);
    expect(seen).toMatchObject([{ seconds: 0, nanos: 0 }]);
  });

  it("version 2.3 falls back on the start where a frame has no time of its own", () => {
    const bytes = writeNetmon(frames.slice(0, 1), { version: "2.3" });
    bytes.fill(0, 128 + 16 + 20 + 6, 128 + 16 + 20 + 14);
    expect(readRanges(bytes)).toMatchObject({ frames: [{ seconds: 1_700_000_000 }], facts: { zoneAssumed: true } });
  });
});

describe("media types", () => {
  const of = (...media: number[]) => media.map((type, index) => ({ ...frames[0], ...packet(index), media: type }));
  const packet = (index: number) => ({ seconds: 50 + index, nanos: 0, bytes: payload(40, index) });

  it.each([
    [0, 1],
    [1, 1],
    [2, 6],
    [3, 10],
    [7, 101],
    [8, 101],
    [9, 101],
    [0xe000, 0],
    [0xe001, 1],
    [0xe065, 101],
    [0xe114, 276],
    [0xe080, 105],
  ])("0x%s is a packet of link type %i", (media, linkType) => {
    expect(readRanges(writeNetmon(of(media))).frames).toMatchObject([{ linkType, data: payload(40, 0) }]);
  });

  it("of the header count in versions 1 and 2.0", () => {
    for (const version of ["1.1", "2.0"] as const) {
      expect(readRanges(writeNetmon(of(2, 2), { version })).summary.linkTypes).toEqual([6]);
    }
  });

  it("that are not read are counted and told, each once", () => {
    const reading = readRanges(writeNetmon(of(1, 5, 5, 0x1234, 0xe081, 0xe087, 5, 1)));
    expect(reading.frames.map(({ number }) => number)).toEqual([1, 8]);
    expect(reading.problems).toMatchObject([
      { frame: 2, text: "3 frames are of media type 0x5 (IP over IEEE 1394), which is not read" },
      { frame: 4, text: "1 frames are of media type 0x1234 (not known), which is not read" },
      { frame: 5, text: expect.stringContaining("0xe081") },
      { frame: 6, text: expect.stringContaining("0xe087") },
    ]);
  });

  it("without packet and number: reassembled payloads, old network information, DNS cache", () => {
    expect(readRanges(writeNetmon(of(1, 0xfffc, 0xfffd, 0xfffe, 1))).frames.map(({ number }) => number)).toEqual([
      1, 2,
    ]);
  });

  it("WAN is Ethernet where NDISWAN made it look like that", () => {
    const ip = concat([payload(12), Uint8Array.of(8, 0, 0x45), payload(60)]);
    const reading = readRanges(
      writeNetmon([
        { ...packet(0), bytes: ip, media: 4 },
        { ...packet(1), media: 4 },
      ]),
    );
    expect(reading.frames).toMatchObject([{ number: 1, linkType: 1, data: ip }]);
    expect(reading.problems).toMatchObject([{ frame: 2, text: expect.stringContaining("WAN") }]);
  });

  it("Network Monitor's own statistics are left out, their number is not", () => {
    const statistics = concat([
      new Uint8Array(12),
      Uint8Array.of(0, 60, 0xaa, 0xaa, 3, 0, 0, 0, 0x19, 0x84),
      new TextEncoder().encode("$MST"),
      payload(40),
    ]);
    const all = [packet(0), { ...packet(1), bytes: statistics }, packet(2)];
    for (const version of versions) {
      const reading = readRanges(writeNetmon(all, { version }));
      expect(reading.problems).toEqual([]);
      expect(reading.frames.map(({ number }) => number)).toEqual([1, 3]);
    }
  });
});

describe("what a file says about itself", () => {
  const big = (options: (bytes: Bytes) => Bytes) => options(new Bytes("big")).done();
  const describing = (media: number, bytes: Uint8Array) => ({ seconds: 5, nanos: 0, bytes, media });
  const texts = (...all: string[]) => concat(all.map((text) => utf16(`${text}\0`)));

  const adapter = (name: string, addresses: number) =>
    concat([
      texts(name, "Intel(R) Ethernet", "{guid}"),
      big((bytes) => bytes.u32(0, 1500).u32(0, 1000).raw(payload(6)).u16(addresses, 1, 1, 0, 1, 1)),
      ...Array.from({ length: addresses }, (_, index) => Uint8Array.of(10, 0, index >> 8, index & 255)),
      new Uint8Array(4 * addresses),
      Uint8Array.of(0xfe, 0x80, ...new Uint8Array(13), 7),
      Uint8Array.of(10, 0, 0, 254, 10, 0, 0, 53),
      Uint8Array.of(0x20, 1, ...new Uint8Array(13), 53),
    ]);

  it("is the computer, its adapters with addresses and DNS servers", () => {
    const bytes = concat([
      big((head) => head.u16(1, 2)),
      texts("CLIENT1"),
      adapter("Ethernet", 1),
      adapter("Wi-Fi", 2),
    ]);
    const { facts, frames: seen } = readRanges(writeNetmon([describing(0xfffb, bytes)]));
    expect(seen).toEqual([]);
    const dnsServers = ["10.0.0.53", "2001::35"];
    expect(facts).toEqual({
      computer: "CLIENT1",
      interfaces: [
        {
          name: "Ethernet",
          description: "Intel(R) Ethernet",
          linkType: 1,
          addresses: ["10.0.0.0", "fe80::7"],
          dnsServers,
        },
        {
          name: "Wi-Fi",
          description: "Intel(R) Ethernet",
          linkType: 1,
          addresses: ["10.0.0.0", "10.0.0.1", "fe80::7"],
          dnsServers,
        },
      ],
    });
  });

  it("is bounded: adapters, addresses, and whatever is cut", () => {
    const many = concat(Array.from({ length: limits.namedInterfaces + 9 }, () => adapter("a", 0)));
    const bytes = concat([
      big((head) => head.u16(1, 999)),
      texts("C"),
      adapter("b", limits.interfaceAddresses + 9),
      many,
    ]);
    const { facts } = readRanges(writeNetmon([describing(0xfffb, bytes)]));
    expect(facts.interfaces?.length).toBe(limits.namedInterfaces);
    expect(facts.interfaces?.[0]?.addresses?.length).toBe(limits.interfaceAddresses + 1);
    for (let cut = 0; cut < 300; cut++) readRanges(writeNetmon([describing(0xfffb, bytes.subarray(0, cut))]));
  });

  it("is the capture filter, not a display filter, and the program", () => {
    const filter = (kind: number, text: string) =>
      concat([big((head) => head.u16(1).u32(kind, 3, 4)), texts("Microsoft Network Monitor", text)]);
    const { facts } = readRanges(
      writeNetmon([describing(0xffff, filter(1, "KerberosV5")), describing(0xffff, filter(0, "DNS"))]),
    );
    expect(facts).toEqual({ application: "Microsoft Network Monitor 3.4", captureFilter: "KerberosV5" });
    for (let cut = 0; cut < 60; cut++) readRanges(writeNetmon([describing(0xffff, filter(1, "x").subarray(0, cut))]));
  });

  it("are comments, of versions that have them", () => {
    const description = new TextEncoder().encode("{\\rtf1 logon fails here}");
    const comments = [
      { frame: 1, title: "first", description },
      { frame: 2, title: "second" },
    ];
    expect(readRanges(writeNetmon(frames, { version: "2.2", comments })).facts.comments).toEqual(["first", "second"]);
    const older = writeNetmon(frames, { version: "2.2", comments });
    older[4] = 1;
    expect(readRanges(older).facts.comments).toBeUndefined();
  });

  it("are so many comments and so much of each", () => {
    const comments = Array.from({ length: limits.comments + 3 }, () => ({ frame: 0, title: "x".repeat(3000) }));
    const { facts, problems } = readRanges(writeNetmon(frames, { version: "2.2", comments }));
    expect(facts.comments?.length).toBe(limits.comments);
    expect(facts.comments?.[0]?.length).toBe(limits.commentCharacters);
    expect(problems).toMatchObject([{ text: expect.stringContaining("comments") }]);
  });
});

describe("processes", () => {
  const processes = [
    { path: "C:\\Windows\\System32\\lsass.exe", id: 680, icon: 300_000 },
    { path: "C:\\Users\\someone\\AppData\\app.exe", id: 4242 },
    { path: "", id: 4 },
  ];
  const owned = frames.slice(0, 5).map((frame, index) => ({ ...frame, process: [0, 1, 2, 9, 0xffffffff][index] ?? 0 }));

  it.each([
    "2.2",
    "2.3",
  ] as const)("of version %s stand beside their frames, without the folders they lie in", (version) => {
    const reading = readRanges(writeNetmon(owned, { version, processes }));
    expect(reading.problems).toEqual([]);
    expect(reading.frames.map(({ process }) => process)).toEqual([
      "lsass.exe (680)",
      "app.exe (4242)",
      "pid 4",
      null,
      null,
    ]);
  });

  it("are so many, with names so long", () => {
    const path = `C:\\${"x".repeat(5000)}.exe`;
    const many = Array.from({ length: limits.processes + 2 }, (_, id) => ({ path: id === 7 ? path : "a", id }));
    const last = [limits.processes - 1, limits.processes, 7].map((process) => ({
      seconds: 5,
      nanos: 0,
      bytes: payload(20),
      process,
    }));
    const reading = readRanges(writeNetmon(last, { version: "2.2", processes: many }));
    expect(reading.frames.map(({ process }) => process)).toEqual([
      `a (${limits.processes - 1})`,
      null,
      `${"x".repeat(limits.programCharacters)} (7)`,
    ]);
    expect(reading.problems).toMatchObject([{ text: expect.stringContaining(`first ${limits.processes}`) }]);
  });

  it("of a damaged table are read as far as they go; the frames are not lost", () => {
    const whole = writeNetmon(owned, { version: "2.2", processes });
    const table = new DataView(whole.buffer).getUint32(48, true);
    const long = whole.slice();
    new DataView(long.buffer).setUint32(table + 2, 70_000, true);
    const elsewhere = whole.slice();
    new DataView(elsewhere.buffer).setUint32(48, 0xfffffff0, true);
    const many = whole.slice();
    new DataView(many.buffer).setUint32(52, 0xffffffff, true);
    for (const bytes of [long, elsewhere, many, whole.subarray(0, -30)]) {
      const reading = readRanges(bytes);
      expect(reading.frames.length).toBe(5);
      expect(reading.problems).toMatchObject([{ text: expect.stringContaining("processes") }]);
    }
  });
});
