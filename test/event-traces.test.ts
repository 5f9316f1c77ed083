import { describe, expect, test } from "vitest";
import { type EtlOptions, type EtlPacket, etl } from "./capture/etl/write-etl.ts";
import { readAll } from "./capture/read.ts";
import { allSamples } from "./whole/samples.ts";
import { told } from "./whole/told.ts";

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

describe("every sample, as an event trace log", () => {
  const fit = allSamples().flatMap(({ name, bytes }) => {
    const packets = packetsOf(bytes);
    return packets === null || packets.length === 0 ? [] : [{ name, bytes, packets }];
  });

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
