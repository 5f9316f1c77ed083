import { describe, expect, it } from "vitest";
import { limits } from "../../../src/bytes/limits.ts";
import { dropReasons } from "../../../src/capture/etl/drop-reasons.ts";
import { Bytes, concat, payload } from "../build.ts";
import { fragment, guidBytes, keywords, monitorPacket, providers, wfpPacket } from "../event-data.ts";
import { readRanges } from "../read.ts";
import { type NetmonVersion, writeNetmon } from "../write-netmon.ts";

interface Event {
  readonly provider: string;
  readonly id: number;
  readonly data: Uint8Array;
  readonly keywords?: bigint;
  readonly process?: number;
  readonly thread?: number;
  readonly processor?: number;
  /** FILETIME; 0: none. */
  readonly time?: bigint;
  /** Sizes of extended items in front of the user data. */
  readonly extended?: readonly number[];
}

const EVENT_TIME = (1_700_000_100n + 11_644_473_600n) * 10_000_000n + 1_234_567n;

/** EVENT_RECORD as it lies in memory, then the user data. */
function eventRecord({ provider, id, data, extended = [], ...event }: Event): Uint8Array {
  const { keywords: word = 0n, process = 680, thread = 77, processor = 0, time = EVENT_TIME } = event;
  const head = new Bytes().u16(0, 0, 0x40, 0).u32(thread, process).i64(time).raw(guidBytes(provider));
  const items = extended.map((size) => new Bytes().u16(0, 13, 0, size).raw(new Uint8Array(size)).done());
  return head
    .u16(id)
    .raw([0, 0, 4, 0])
    .u16(0)
    .i64(BigInt.asIntN(64, word))
    .raw(new Uint8Array(24))
    .raw([processor, 0])
    .u16(0, extended.length, data.length)
    .raw([0])
    .raw(concat(items))
    .raw(data)
    .done();
}

const frame = (bytes: Uint8Array, media = 0xffe0) => ({ seconds: 1_699_996_500, nanos: 0, bytes, media });
const read = (bytes: Uint8Array, media?: number, version: NetmonVersion = "2.1") =>
  readRanges(writeNetmon([frame(bytes, media)], { version }));

const packet = concat([payload(12), Uint8Array.of(8, 0, 0x45, 0, 0, 60), payload(56)]);
const sent = keywords.whole | keywords.ethernet | keywords.send | keywords.noise;
const ndis: Event = { provider: providers.ndis, id: 1001, data: fragment({ data: packet }), keywords: sent };

describe("events of Windows tracing", () => {
  it("of NDIS-PacketCapture are packets, at the time of the event, of the process that sent them", () => {
    const reading = read(eventRecord(ndis));
    expect(reading.problems).toEqual([]);
    expect(reading.frames).toMatchObject([
      {
        number: 1,
        seconds: 1_700_000_100,
        nanos: 123_456_700,
        linkType: 1,
        wireLength: packet.length,
        process: "pid 680",
        data: packet,
      },
    ]);
    expect(reading.frames[0]?.point).toBeGreaterThanOrEqual(0);
    expect(reading.facts).toEqual({});
  });

  it("name their process by its program where the table of processes tells it", () => {
    const processes = [{ path: "C:\\Windows\\System32\\lsass.exe", id: 680 }];
    const reading = readRanges(writeNetmon([frame(eventRecord(ndis))], { version: "2.2", processes }));
    expect(reading.frames).toMatchObject([{ process: "lsass.exe (680)" }]);
  });

  it("received by some process are not called its own", () => {
    const received = { ...ndis, keywords: keywords.whole | keywords.receive };
    expect(read(eventRecord(received)).frames).toMatchObject([{ process: null }]);
  });

  it("have the time of the frame where it is in UTC, or they have none", () => {
    expect(read(eventRecord(ndis), 0xffe0, "2.3").frames).toMatchObject([{ seconds: 1_699_996_500 }]);
    const timeless = read(eventRecord({ ...ndis, time: 0n }));
    expect(timeless.frames).toMatchObject([{ seconds: 1_699_996_500 }]);
    expect(timeless.facts).toEqual({ zoneAssumed: true });
  });

  it("may have extended items in front of their data", () => {
    expect(read(eventRecord({ ...ndis, extended: [12, 43, 0] })).frames).toMatchObject([{ data: packet }]);
  });

  it("of PktMon are packets, seen at several points", () => {
    const records = [10, 11].map((component) => ({
      provider: providers.pktMon,
      id: 160,
      data: monitorPacket({ data: packet, component, original: 1500 }),
    }));
    const reading = readRanges(writeNetmon(records.map((record) => frame(eventRecord(record)))));
    expect(reading.frames).toMatchObject([{ wireLength: 1500 }, { wireLength: 1500 }]);
    expect(new Set(reading.frames.map(({ point }) => point)).size).toBe(2);
  });

  it("of packets that Windows threw away are counted by its reason", () => {
    const thrown = { provider: providers.pktMon, id: 170, data: monitorPacket({ data: packet, dropReason: 909 }) };
    const { facts, frames } = readRanges(writeNetmon([ndis, thrown, thrown].map((event) => frame(eventRecord(event)))));
    expect(frames.length).toBe(3);
    expect(facts.discarded).toEqual([{ reason: dropReasons[909], count: 2, frames: [2, 3] }]);
  });

  it("of other providers are passed over, but numbered", () => {
    const other = { provider: providers.dnsClient, id: 1001, data: payload(40) };
    const reading = readRanges(writeNetmon([other, ndis, other, ndis].map((event) => frame(eventRecord(event)))));
    expect(reading.problems).toEqual([]);
    expect(reading.frames.map(({ number }) => number)).toEqual([2, 4]);
  });

  describe("in pieces", () => {
    const piece = (word: bigint, length: number, rest: Partial<Event> = {}) =>
      frame(
        eventRecord({
          ...ndis,
          keywords: word | keywords.ethernet,
          data: fragment({ data: payload(length) }),
          ...rest,
        }),
      );
    const { start, end, dropped } = keywords;
    const plain = { ...frame(payload(70)), media: 1 };
    const joinedOf = (frames: Parameters<typeof writeNetmon>[0], version: NetmonVersion = "2.1") => {
      const { frames: seen, problems, facts } = readRanges(writeNetmon(frames, { version }));
      return { seen, facts, texts: problems.map(({ text }) => text), lengths: seen.map(({ data }) => data.length) };
    };

    it("are joined, and have number and time of the first", () => {
      const { seen, texts } = joinedOf([plain, piece(start, 50), piece(0n, 60), piece(end, 7)]);
      expect(texts).toEqual([]);
      expect(seen).toMatchObject([{ number: 1 }, { number: 2, seconds: 1_700_000_100, wireLength: 117 }]);
      expect(seen[1]?.data).toEqual(concat([payload(50), payload(60), payload(7)]));
    });

    it("keep whatever comes in between waiting behind them, as it is", () => {
      const thrown = frame(
        eventRecord({ provider: providers.pktMon, id: 170, data: monitorPacket({ data: packet, original: 2_000 }) }),
      );
      const whole = frame(eventRecord(ndis));
      const frames = [piece(start | dropped, 50), plain, thrown, whole, piece(end, 7), plain];
      const { seen, texts, facts } = joinedOf(frames);
      expect(texts).toEqual([]);
      expect(seen.map(({ number }) => number)).toEqual([1, 2, 3, 4, 6]);
      expect(seen.map(({ data }) => data.length)).toEqual([57, 70, packet.length, packet.length, 70]);
      expect(seen.map(({ linkType, wireLength }) => [linkType, wireLength])).toEqual([
        [1, 57],
        [1, 70],
        [1, 2_000],
        [1, packet.length],
        [1, 70],
      ]);
      expect(seen.map(({ dropped: why }) => why)).toEqual([
        "no reason given",
        null,
        dropReasons[0] ?? "reason 0",
        null,
        null,
      ]);
      expect(seen.map(({ process }) => process)).toEqual([null, null, null, "pid 680", null]);
      expect(facts.discarded?.map(({ frames: places }) => places)).toEqual([[1], [3]]);
    });

    it("are told apart by processor and thread", () => {
      for (const other of [{ thread: 78 }, { processor: 3 }]) {
        const { lengths, texts } = joinedOf([piece(start, 50), piece(end, 60, other), piece(end, 7)]);
        expect(lengths).toEqual([57]);
        expect(texts).toEqual(["1 piece of packets whose beginning is missing: left out"]);
      }
    });

    it("of which the last is missing are left out, and what waited behind them is not", () => {
      const { lengths, texts } = joinedOf([piece(start, 50), plain, piece(start, 51), plain]);
      expect(lengths).toEqual([70, 70]);
      expect(texts).toEqual(["2 packets came in pieces of which the last is missing: left out"]);
    });

    it("that are too many hold nothing up", () => {
      const many = Array.from({ length: limits.joinedPackets + 5 }, () => plain);
      const { lengths, texts } = joinedOf([piece(start, 50), ...many, piece(end, 7)]);
      expect(lengths).toEqual(many.map(() => 70));
      expect(texts).toEqual([
        "1 packet came in pieces of which the last is missing: left out",
        "1 piece of packets whose beginning is missing: left out",
      ]);
    });
  });

  it("cut anywhere become a problem, or a shorter packet", () => {
    const whole = eventRecord({ ...ndis, extended: [20] });
    const end = whole.length - packet.length;
    for (let cut = 0; cut < whole.length; cut++) {
      const reading = read(whole.subarray(0, cut));
      expect(reading.frames.length).toBe(cut < end ? 0 : 1);
      expect(reading.problems.length).toBe(cut < end ? 1 : 0);
    }
  });
});

describe("captures of the Windows Filtering Platform", () => {
  const transport = payload(50);
  const four = [10, 0, 0, 1] as const;
  const six = [0xfe, 0x80, ...Array.from({ length: 13 }, () => 0), 9];

  it.each([
    [0xe083, four, undefined, 20],
    [0xe084, six, undefined, 40],
    [0xe085, four, 5n, 20],
    [0xe086, six, 5n, 40],
  ] as const)("0x%s get an IP header", (media, address, flow, header) => {
    const bytes = wfpPacket(address, address, {
      protocol: 6,
      data: transport,
      ...(flow === undefined ? {} : { flow }),
    });
    const reading = read(bytes, media);
    expect(reading.problems).toEqual([]);
    const [seen] = reading.frames;
    expect(seen).toMatchObject({ linkType: 101, wireLength: header + 50 });
    expect((seen?.data[0] ?? 0) >> 4).toBe(header === 20 ? 4 : 6);
    expect(seen?.data.slice(header)).toEqual(transport);
    expect(seen?.data.slice(header - address.length, header)).toEqual(Uint8Array.from(address));
  });

  it("cut before their packet are left out", () => {
    const bytes = wfpPacket(four, four, { protocol: 6, data: transport });
    expect(read(bytes.subarray(0, 10), 0xe083)).toMatchObject({
      frames: [],
      problems: [{ frame: 1, text: expect.stringContaining("before the packet in it begins") }],
    });
  });
});

describe("IEEE 802.11", () => {
  const signal = (length: number) => new Bytes().raw([2]).u16(length).raw(new Uint8Array(29)).done();

  it.each([32, 20])("comes behind a description of the signal of %i bytes", (length) => {
    const reading = read(concat([signal(length).subarray(0, length), payload(60)]), 6);
    expect(reading.frames).toMatchObject([{ linkType: 105, wireLength: 60, data: payload(60) }]);
  });

  it("is nothing where the description is longer than the frame", () => {
    for (const bytes of [signal(5000), signal(32).subarray(0, 2), signal(32).subarray(0, 0)]) {
      expect(read(bytes, 6).frames).toMatchObject([{ linkType: 105, data: new Uint8Array(0) }]);
    }
  });
});
