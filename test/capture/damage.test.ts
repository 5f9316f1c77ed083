import { describe, expect, it } from "vitest";
import { limits } from "../../src/bytes/limits.ts";
import { Random } from "../whole/random.ts";
import { Bytes, block, concat, enhancedPacket, interfaceBlock, payload, pcap, section } from "./build.ts";
import { describedTrace } from "./etl/described.ts";
import { etl } from "./etl/write-etl.ts";
import { type Reading, readAll, readRanges } from "./read.ts";
import { type NetmonVersion, writeNetmon } from "./write-netmon.ts";
import { writeSnoop } from "./write-snoop.ts";
import { someFrames } from "./written.ts";

/** Captures with flipped, removed, inserted and repeated bytes: whatever stands in a file, reading it ends in values. */

const long = process.env["KFLOW_LONG"] === "1";
const HOUR = 3_600_000;
const TRIES = long ? 10_000 : 300;

type Read = (bytes: Uint8Array, size?: number) => Reading;
interface Subject {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly read: Read;
}

const frames = someFrames(8);
const subjects: readonly Subject[] = [
  {
    name: "pcap",
    bytes: pcap(frames.map(({ seconds, nanos, bytes }) => ({ seconds, fraction: nanos / 1000, data: bytes }))),
    read: readAll,
  },
  {
    name: "pcapng",
    bytes: concat([
      section(),
      interfaceBlock({ resolution: 9 }),
      ...frames.map(({ seconds, nanos, bytes }) =>
        enhancedPacket({ time: BigInt(seconds) * 1_000_000_000n + BigInt(nanos), data: bytes }),
      ),
    ]),
    read: readAll,
  },
  { name: "pcapng that describes itself", bytes: describedPcapng(), read: readAll },
  { name: "snoop", bytes: writeSnoop(frames), read: readAll },
  {
    name: "an event trace log of pieces and other records on two processors",
    bytes: etl(frames, { bufferBytes: 1_024, processors: 2, pieces: 3, noisy: true }),
    read: readScattered,
  },
  {
    name: "a compressed event trace log of PktMon",
    bytes: etl(frames, { bufferBytes: 1_024, processors: 2, source: "pktmon", compression: "matches" }),
    read: readScattered,
  },
  { name: "an event trace log that describes itself", bytes: describedTrace(), read: readScattered },
  ...(["1.1", "2.0", "2.1", "2.3"] as const).map(netmon),
];

/** Options, names, statistics, secrets and processes in between. */
function describedPcapng(): Uint8Array {
  const text = new Bytes().u16(2, 4).raw(payload(4)).u16(1, 6).raw(payload(8)).u16(0, 0).done();
  const data = new Bytes().u32(0, 0, 7, 4, 4).raw(payload(4));
  return concat([
    section("little", 1, text),
    block(1, new Bytes().u16(1, 0).u32(96).raw(text).done()),
    block(4, new Bytes().u16(1, 8).raw([10, 0, 0, 1, 97, 98, 0, 0]).u16(0, 0).done()),
    block(0x80000001, new Bytes().u32(680).raw(text).done()),
    block(6, data.u16(2, 4).u32(2).u16(8, 8).u32(680, 1).u16(1, 6).raw(payload(8)).u16(0, 0).done()),
    block(5, new Bytes().u32(0, 0, 0).u16(5, 8).i64(7n).u16(0, 0).done()),
    block(10, new Bytes().u32(0x544c534b, 8).raw(payload(8)).done()),
    ...frames.map(({ bytes }) => enhancedPacket({ data: bytes })),
  ]);
}

function netmon(version: NetmonVersion): Subject {
  const processes = [{ path: "C:\\lsass.exe", id: 680, icon: 20 }];
  const comments = [{ frame: 1, title: "slow" }];
  const owned = frames.map((frame, index) => ({
    ...frame,
    process: index % 2,
    media: [1, 1, 0xffe0, 6, 0xfffb][index] ?? 1,
  }));
  const tables = version === "2.3" ? { processes, comments } : {};
  return { name: `Network Monitor ${version}`, bytes: writeNetmon(owned, { version, ...tables }), read: readScattered };
}

/** There are no pieces of another size; but a file may turn out shorter than was said. */
function readScattered(bytes: Uint8Array, size?: number): Reading {
  if (bytes.length === 0) return readAll(bytes);
  if (size !== undefined) readRanges(bytes, bytes.length + 500);
  return readRanges(bytes);
}

const values = [0, 1, 2, 4, 0x7f, 0x80, 0xfe, 0xff];

/** One to eight of: a byte set, four bytes set, a piece cut out, repeated or put in; and sometimes the end cut off. */
function damaged(bytes: Uint8Array, random: Random): Uint8Array {
  let result: Uint8Array = bytes.slice();
  for (let count = 1 + random.below(8); count > 0; count--) {
    const at = random.below(result.length);
    const kind = random.below(8);
    if (kind < 3) result[at] = values[random.below(values.length)] ?? 0;
    else if (kind < 5) result.set(random.bytes(4).subarray(0, result.length - at), at);
    else result = moved(result, at, kind, random);
  }
  return random.below(4) === 0 ? result.subarray(0, random.below(result.length + 1)) : result;
}

function moved(bytes: Uint8Array, at: number, kind: number, random: Random): Uint8Array {
  const end = Math.min(bytes.length, at + random.below(60));
  if (kind === 5) return concat([bytes.subarray(0, at), bytes.subarray(end)]);
  if (kind === 6) return concat([bytes.subarray(0, end), bytes.subarray(at)]);
  return concat([bytes.subarray(0, at), random.bytes(random.below(60)), bytes.subarray(at)]);
}

function faultsOf(bytes: Uint8Array, read: Read): string[] {
  const reading = read(bytes);
  const again = read(bytes, 13);
  const faults = reading.frames.flatMap((frame, index) => [
    ...(frame.number > (reading.frames[index - 1]?.number ?? 0) ? [] : ["a number that does not rise"]),
    ...(frame.nanos >= 0 && frame.nanos < 1_000_000_000 && Number.isInteger(frame.seconds) ? [] : ["no time"]),
    ...(frame.wireLength >= frame.data.length && frame.data.length <= limits.frameBytes ? [] : ["a wrong length"]),
  ]);
  const misplaced = reading.problems.filter(({ offset = 0 }) => offset < 0 || offset > bytes.length);
  const { bytes: one, ...summary } = reading.summary;
  const { bytes: other, ...summaryAgain } = again.summary;
  const isSame =
    JSON.stringify([reading.frames, reading.problems, reading.facts, summary]) ===
    JSON.stringify([again.frames, again.problems, again.facts, summaryAgain]);
  return [
    ...faults,
    ...misplaced.map(({ text }) => `a problem outside the file: ${text}`),
    ...(isSame ? [] : ["told otherwise in other pieces"]),
    ...(one <= bytes.length && other <= bytes.length ? [] : ["more bytes than there are"]),
    ...(reading.problems.length <= bytes.length + 1 ? [] : ["more problems than bytes"]),
  ];
}

describe("damage", () => {
  it.each(subjects)("to $name", { timeout: HOUR }, ({ bytes, read }) => {
    const wrong: string[] = [];
    for (let seed = 1; seed <= TRIES; seed++) {
      const capture = damaged(bytes, new Random(seed));
      wrong.push(...faultsOf(capture, read).map((fault) => `seed ${seed}: ${fault}`));
    }
    expect(wrong).toEqual([]);
  });
});
