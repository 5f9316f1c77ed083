import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { limits } from "../../../src/bytes/limits.ts";
import { concat, payload } from "../build.ts";
import { keywords } from "../event-data.ts";
import { readRanges, type SeenFrame } from "../read.ts";
import {
  buffer,
  type EtlOptions,
  type EtlPacket,
  etl,
  eventRecord,
  moment,
  noise,
  ndisPacket as packet,
  session,
  trace,
} from "./write-etl.ts";

function packetsOf(count: number, step = 10): EtlPacket[] {
  return Array.from({ length: count }, (_, index) => ({
    ...moment(1 + index * step),
    bytes: concat([payload(12, index), Uint8Array.of(0x12, 0x34), payload((index * 37) % 900, index)]),
    linkType: 1,
    isSent: index % 2 === 0,
    process: 1_000 + index,
  }));
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const asSeen = ({ seconds, nanos, data, linkType }: SeenFrame) => ({ seconds, nanos, linkType, bytes: hex(data) });
const asWritten = ({ seconds, nanos, bytes, linkType = 1 }: EtlPacket) => ({
  seconds,
  nanos,
  linkType,
  bytes: hex(bytes),
});

function expectSame(bytes: Uint8Array, packets: readonly EtlPacket[]): void {
  const { frames, problems } = readRanges(bytes);
  expect(problems).toEqual([]);
  expect(frames.map(asSeen)).toEqual(packets.map(asWritten));
  expect(frames.map(({ number }) => number)).toEqual(packets.map((_, index) => index + 1));
}

describe("the same packets come out of", () => {
  const packets = packetsOf(200);
  const variants: readonly EtlOptions[] = [
    {},
    { width: 32 },
    { clock: 2 },
    { clock: 3 },
    { clock: 3, megahertz: 4_200 },
    { frequency: 3_579_545_000n },
    { compression: "literals" },
    { compression: "matches" },
    { compression: "matches", bufferBytes: 1_048_576 },
    { processors: 3 },
    { processors: 3, order: "processors" },
    { processors: 7, order: "processors", compression: "matches", width: 32, noisy: true },
    { pieces: 3 },
    { pieces: 4, processors: 2, order: "processors", noisy: true },
    { source: "pktmon" },
    { source: "pktmon", processors: 5, order: "processors", compression: "matches" },
    { noisy: true },
    { bufferBytes: 2_048 },
  ];
  it.each(
    variants.map(
      (options) => [JSON.stringify(options, (_, v) => (typeof v === "bigint" ? Number(v) : v)), options] as const,
    ),
  )("a trace with %s", (_, options) => expectSame(etl(packets, options), packets));

  it("a trace of processors one after the other, in buffers of 16 MiB", () => {
    const many = Array.from({ length: 8_000 }, (_, index) => ({
      ...moment(1 + index * 7),
      bytes: payload(1_400, index),
      linkType: 1,
    }));
    const options = { processors: 2, order: "processors", bufferBytes: 16 * 1024 * 1024 } as const;
    for (const compression of ["none", "literals"] as const) {
      const { frames, problems } = readRanges(etl(many, { ...options, compression }));
      expect(problems).toEqual([]);
      expect(frames.length).toBe(many.length);
      const wrong = frames.filter(({ seconds, nanos, data }, index) => {
        const wanted = many[index];
        return seconds !== wanted?.seconds || nanos !== wanted.nanos || Buffer.compare(data, wanted.bytes) !== 0;
      });
      expect(wrong).toEqual([]);
    }
  });
});

describe("times", () => {
  it("are those of the clock, rounded down to 100 ns", () => {
    const ticks = fc.integer({ min: -1_000_000_000, max: 1_000_000_000_000 });
    const frequency = fc.constantFrom(10_000_000n, 3_312_654n, 3_579_545n, 14_318_180n, 2_441_406n, 3_400_000_000n, 1n);
    fc.assert(
      fc.property(ticks, frequency, (count, perSecond) => {
        const of = { ...session, frequency: perSecond };
        const stamp = session.firstStamp + BigInt(count);
        const event = eventRecord(packet(0, payload(60), { stamp }), of);
        const { frames } = readRanges(trace([buffer([event])], of));
        const product = BigInt(count) * 10_000_000n;
        const whole = product / perSecond - (product % perSecond < 0n ? 1n : 0n);
        const nanos = BigInt(session.start.seconds) * 1_000_000_000n + BigInt(session.start.nanos) + whole * 100n;
        expect(frames.map((frame) => BigInt(frame.seconds) * 1_000_000_000n + BigInt(frame.nanos))).toEqual([nanos]);
        expect(frames[0]?.nanos).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it.each([
    [{ clock: 1, frequency: 0n }, /impossible frequency/],
    [{ clock: 1, frequency: -5n }, /impossible frequency/],
    [{ clock: 1, frequency: 2n ** 60n }, /impossible frequency/],
    [{ clock: 3, megahertz: 0 }, /impossible frequency of its processors/],
  ] as const)("that cannot be told are all those of the start: %#", (options, complaint) => {
    const { frames, problems } = readRanges(etl(packetsOf(3), options.clock === 1 ? {} : { clock: 3 }));
    expect(problems).toEqual([]);
    expect(frames.length).toBe(3);
    const broken = etl(packetsOf(3), {});
    const view = new DataView(broken.buffer);
    view.setUint32(0x68 + 0x110, options.clock, true);
    if ("frequency" in options) view.setBigInt64(0x68 + 0x100, options.frequency, true);
    else view.setUint32(0x68 + 0x34, options.megahertz, true);
    const seen = readRanges(broken);
    expect(seen.problems.map(({ text }) => text)).toEqual([expect.stringMatching(complaint)]);
    expect(seen.frames.map(({ seconds, nanos }) => ({ seconds, nanos }))).toEqual(Array(3).fill(session.start));
  });

  it("of an unknown clock are those of the start", () => {
    const bytes = etl(packetsOf(3));
    new DataView(bytes.buffer).setUint32(0x68 + 0x110, 9, true);
    const { problems, frames } = readRanges(bytes);
    expect(problems.map(({ text }) => text)).toEqual([expect.stringMatching(/no known clock \(9\)/)]);
    expect(frames.length).toBe(3);
  });

  it("that are impossible are told, and stand at the start", () => {
    const events = [packet(10, payload(60)), packet(0, payload(61), { stamp: -(2n ** 62n) }), packet(20, payload(62))];
    const { frames, problems } = readRanges(trace([buffer(events.map((event) => eventRecord(event)))]));
    expect(frames.map(({ data }) => data.length)).toEqual([60, 61, 62]);
    expect(frames[1]).toMatchObject(session.start);
    expect(problems.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^1 event has an impossible time/),
      expect.stringMatching(/^1 event stands behind a later one/),
    ]);
  });

  it("that go back within a buffer leave the order as it was written", () => {
    const events = [packet(30, payload(60)), packet(10, payload(61)), packet(40, payload(62))];
    const other = [packet(5, payload(70)), packet(35, payload(71))];
    const bytes = trace(
      [events, other].map((all, processor) =>
        buffer(
          all.map((e) => eventRecord(e)),
          { processor },
        ),
      ),
    );
    const { frames, problems } = readRanges(bytes);
    expect(frames.map(({ data }) => data.length)).toEqual([70, 60, 61, 71, 62]);
    expect(problems).toEqual([{ text: expect.stringMatching(/^1 event stands behind/), offset: 8_192 }]);
  });
});

describe("records", () => {
  it("of all other kinds are passed over", () => {
    const records = [...noise(moment(1)), eventRecord(packet(5, payload(60))), ...noise(moment(6))];
    const { frames, problems } = readRanges(trace([buffer(records)]));
    expect([frames.length, problems]).toEqual([1, []]);
  });

  it("have their data behind any extended items", () => {
    const items = [12, 43, 16, 0].map((length, type) => ({ type: type + 1, data: payload(length) }));
    for (let count = 0; count <= items.length; count++) {
      const event = packet(1, payload(60), { items: items.slice(0, count) });
      const { frames } = readRanges(trace([buffer([eventRecord(event)])]));
      expect(frames[0]?.data).toEqual(payload(60));
    }
  });

  it("whose items run past their end are left out, and told once", () => {
    const record = eventRecord(packet(1, payload(60), { items: [{ type: 1, data: payload(16) }] }));
    const damaged = [0, 7, 0xffff].map((length) => {
      const copy = record.slice();
      new DataView(copy.buffer).setUint16(0x50, length, true);
      return copy;
    });
    const endless = record.slice();
    endless[0x54] = 1;
    const { frames, problems } = readRanges(trace([buffer([...damaged, record])]));
    expect(frames.length).toBe(1);
    expect(problems).toEqual([{ text: expect.stringMatching(/^3 events end before/), offset: 8_192 }]);
  });

  it("that end before their packet begins are left out, and told once", () => {
    const short = packet(1, payload(0), { data: payload(11) });
    const { frames, problems } = readRanges(
      trace([buffer([short, packet(2, payload(60))].map((e) => eventRecord(e)))]),
    );
    expect(frames.length).toBe(1);
    expect(problems).toEqual([{ text: expect.stringMatching(/^1 event ends before/), offset: 8_192 }]);
  });

  it.each([
    ["too short", 4],
    ["shorter than its header", 0x40],
    ["longer than the buffer", 0xff00],
  ])("of a size that is %s end their buffer only", (_, size) => {
    const good = eventRecord(packet(1, payload(60)));
    const bad = eventRecord(packet(2, payload(60), { size }));
    const bytes = trace([buffer([good, bad, good]), buffer([good], { sequence: 2 })]);
    const { frames, problems } = readRanges(bytes);
    expect(frames.length).toBe(2);
    expect(problems).toEqual([{ text: expect.stringMatching(/buffer of the trace is damaged/), offset: 8_192 }]);
  });

  it("of unknown kinds end a buffer when there are too many in a row", () => {
    const unknown = concat([Uint8Array.of(8, 0, 0x77, 0xc0), new Uint8Array(4)]);
    const good = eventRecord(packet(1, payload(60)));
    const read = (count: number) => {
      const records = [...Array<Uint8Array>(count).fill(unknown), good];
      return readRanges(trace([buffer(records, { bufferBytes: 16_384 })]));
    };
    expect(read(limits.unknownTraceRecords).problems).toEqual([]);
    expect(read(limits.unknownTraceRecords).frames.length).toBe(1);
    const { frames, problems } = read(limits.unknownTraceRecords + 1);
    expect([frames.length, problems.length]).toEqual([0, 2]);
  });
});

describe("processes", () => {
  it("are named for what they send, and for nothing else", () => {
    const sent = keywords.whole | keywords.send;
    const events = [
      packet(1, payload(60), { keywords: sent, process: 680 }),
      packet(2, payload(60), { process: 680 }),
      packet(3, payload(60), { keywords: sent, process: 0xffffffff }),
      packet(4, payload(60), { keywords: sent, process: 680 + 256 }),
      packet(5, payload(60), { keywords: sent, process: 0 }),
      packet(6, payload(60), { keywords: sent, process: 680 }),
    ];
    const { frames } = readRanges(trace([buffer(events.map((event) => eventRecord(event)))]));
    expect(frames.map(({ process }) => process)).toEqual(["pid 680", null, null, "pid 936", null, "pid 680"]);
  });
});
