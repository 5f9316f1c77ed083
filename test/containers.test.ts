import { describe, expect, test } from "vitest";
import { concat, enhancedPacket, interfaceBlock, pcap, section } from "./capture/build.ts";
import { readAll } from "./capture/read.ts";
import { type NetmonVersion, writeNetmon } from "./capture/write-netmon.ts";
import { writeSnoop } from "./capture/write-snoop.ts";
import type { WrittenFrame } from "./capture/written.ts";
import { allSamples } from "./whole/samples.ts";
import { told } from "./whole/told.ts";

/** What a capture shows does not depend on its container: every sample, in each that can hold it. */

interface Container {
  readonly name: string;
  readonly isRanged: boolean;
  /** Nanoseconds of its finest time. */
  readonly unit: number;
  /** It can hold frames of several, or other, link types than Ethernet. */
  readonly isMixed: boolean;
  /** Its times are those of a zone that it does not name. */
  readonly isZoneless?: boolean;
  write(frames: readonly WrittenFrame[]): Uint8Array;
}

function asPcap(frames: readonly WrittenFrame[]): Uint8Array {
  const packets = frames.map(({ seconds, nanos, bytes, wireLength = bytes.length }) => ({
    seconds,
    fraction: nanos,
    data: bytes,
    original: wireLength,
  }));
  return pcap(packets, { magic: 0xa1b23c4d, order: "big", linkWord: frames[0]?.linkType ?? 1, snapLength: 262144 });
}

function asPcapng(frames: readonly WrittenFrame[]): Uint8Array {
  const linkTypes = [...new Set(frames.map(({ linkType = 1 }) => linkType))];
  const packets = frames.map(({ seconds, nanos, bytes, wireLength = bytes.length, linkType = 1 }) =>
    enhancedPacket({
      order: "big",
      iface: linkTypes.indexOf(linkType),
      time: BigInt(seconds) * 1_000_000_000n + BigInt(nanos),
      data: bytes,
      original: wireLength,
    }),
  );
  const interfaces = linkTypes.map((linkType) => interfaceBlock({ order: "big", linkType, resolution: 9 }));
  return concat([section("big"), ...interfaces, ...packets]);
}

const netmon = (version: NetmonVersion, unit: number, isMixed: boolean): Container => ({
  name: `Network Monitor ${version}`,
  isRanged: true,
  unit,
  isMixed,
  isZoneless: version < "2.3",
  write: (frames) => writeNetmon(frames, { version, onDisk: frames.map((_, index) => frames.length - 1 - index) }),
});

const containers: readonly Container[] = [
  { name: "pcap", isRanged: false, unit: 1, isMixed: false, write: asPcap },
  { name: "pcapng", isRanged: false, unit: 1, isMixed: true, write: asPcapng },
  { name: "snoop", isRanged: false, unit: 1_000, isMixed: false, write: (frames) => writeSnoop(frames) },
  netmon("2.0", 1_000, false),
  netmon("2.1", 1_000, true),
  netmon("2.3", 100, true),
];

function holds({ unit, isMixed }: Container, frames: readonly WrittenFrame[]): boolean {
  return frames.every(({ nanos, linkType }) => nanos % unit === 0 && (isMixed || linkType === 1));
}

/** Where no zone is named, all clocks that are hours off may be right. */
function withoutZone(rule: string): string {
  return rule === "clock-zone" ? "clock-apart" : rule;
}

describe("every sample, in other containers", () => {
  const samples = allSamples().flatMap(({ name, bytes }) => {
    const { frames, problems } = readAll(bytes);
    const isWhole =
      problems.length === 0 && frames.every(({ number, seconds }, at) => number === at + 1 && seconds > 0);
    return isWhole ? [{ name, bytes, frames: frames.map((frame) => ({ ...frame, bytes: frame.data })) }] : [];
  });

  test("is there", () => {
    expect(samples.length).toBeGreaterThan(100);
  });

  test.each(samples)("$name", { timeout: 60_000 }, ({ bytes, frames }) => {
    const wanted = told(bytes, false);
    for (const container of containers.filter((one) => holds(one, frames))) {
      const read = told(container.write(frames), container.isRanged);
      const there = container.isZoneless ? { ...read, findings: read.findings.map(withoutZone) } : read;
      expect({ in: container.name, ...there }).toEqual({ in: container.name, ...wanted });
    }
  });
});
