import { describe, expect, test } from "vitest";
import { concat, enhancedPacket, interfaceBlock, section } from "./capture/build.ts";
import { type EtlOptions, type EtlPacket, etl } from "./capture/etl/write-etl.ts";
import { readAll } from "./capture/read.ts";
import { allSamples } from "./whole/samples.ts";
import { gistOf, told, toldTogether } from "./whole/told.ts";

/** What a capture shows does not depend on who wrote it: every sample, written anew as Windows would have logged it. */

/** A trace stands in order of time, to 100 ns, and holds three link types. */
function packetsOf(bytes: Uint8Array): EtlPacket[] | null {
  const { frames } = readAll(bytes);
  const isFit = frames.every(({ seconds, nanos, linkType, wireLength, data }, index) => {
    const before = frames[index - 1];
    const inOrder = before === undefined || (seconds - before.seconds) * 1e9 + nanos - before.nanos >= 0;
    return inOrder && nanos % 100 === 0 && linkType === 1 && wireLength <= 0xffff && data.length < 60_000;
  });
  if (!isFit) return null;
  return frames.map(({ seconds, nanos, linkType, wireLength, data }) => ({
    seconds,
    nanos,
    linkType,
    wireLength,
    bytes: data,
    layer: 7,
  }));
}

const variants: readonly EtlOptions[] = [
  { source: "ndis", bufferBytes: 65_536 },
  { source: "ndis", pieces: 3, width: 32, clock: 2, bufferBytes: 65_536 },
  { source: "pktmon", compression: "matches", bufferBytes: 65_536, noisy: true },
];

const fit = allSamples().flatMap(({ name, bytes }) => {
  const packets = packetsOf(bytes);
  return packets === null || packets.length === 0 ? [] : [{ name, bytes, packets }];
});

describe("every sample, as an event trace log", () => {
  test("is there", () => {
    expect(fit.length).toBeGreaterThan(20);
  });

  test.each(fit)("$name", { timeout: 60_000 }, ({ bytes, packets }) => {
    const wanted = told(bytes, false);
    const isCut = packets.some(({ wireLength = 0, bytes: { length } }) => wireLength > length);
    for (const options of variants) {
      if (isCut && options.source !== "pktmon") continue;
      expect(told(etl(packets, options), true)).toEqual(wanted);
    }
  });
});

describe("every sample, as a trace that shows each packet at three layers, and its conversion to pcapng", () => {
  test.each(fit)("$name", { timeout: 60_000 }, ({ bytes, packets }) => {
    const wanted = gistOf(told(bytes, false));
    const shown = packets.flatMap((packet) => [7, 8, 9].map((layer) => ({ ...packet, layer })));
    const trace = { bytes: etl(shown, { source: "pktmon", bufferBytes: 65_536 }), isRanged: true };
    const converted = { bytes: asPcapng(shown), isRanged: false };
    expect(gistOf(told(trace.bytes, true))).toEqual(wanted);
    expect(gistOf(told(converted.bytes, false))).toEqual(wanted);
    expect(gistOf(toldTogether([trace, converted]))).toEqual(wanted);
  });
});

/** As pktmon converts its traces: at a single interface, to microseconds. */
function asPcapng(packets: readonly EtlPacket[]): Uint8Array {
  const blocks = packets.map(({ seconds, nanos, bytes, wireLength = bytes.length }) =>
    enhancedPacket({
      time: BigInt(seconds) * 1_000_000n + BigInt(Math.floor(nanos / 1_000)),
      data: bytes,
      original: wireLength,
    }),
  );
  return concat([section(), interfaceBlock(), ...blocks]);
}
