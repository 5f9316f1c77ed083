import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { limits } from "../src/bytes/limits.ts";
import { ClockSample, clocksOf } from "../src/capture-clocks.ts";
import { pcap } from "./capture/build.ts";
import { be16, ethernet, ipv4, text, udp } from "./net/packets.ts";
import { pathOf } from "./scenarios.ts";

const bytesOf = (name: string) => new Uint8Array(readFileSync(pathOf("three-points", name)));

/** A classic little-endian capture with every time moved. */
function moved(bytes: Uint8Array, milliseconds: number): Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  for (let at = 24; at + 16 <= copy.length; at += 16 + view.getUint32(at + 8, true)) {
    const micros = view.getUint32(at, true) * 1e6 + view.getUint32(at + 4, true) + milliseconds * 1000;
    view.setUint32(at, Math.floor(micros / 1e6), true);
    view.setUint32(at + 4, micros % 1e6, true);
  }
  return copy;
}

function sampleOf(bytes: Uint8Array): ClockSample {
  const sample = new ClockSample(null);
  for (let at = 0; sample.wants() !== null; at += 5000) {
    if (at < bytes.length) sample.feed(bytes.subarray(at, at + 5000));
    else sample.finish();
  }
  return sample;
}

const aheadOf = (...captures: readonly Uint8Array[]) =>
  clocksOf(captures.map(sampleOf)).map(({ ahead }) => Math.round(ahead * 1000));

describe("the clock of a capture against the first one's", () => {
  const [client, web, dc] = [bytesOf("capture.pcap"), bytesOf("web.pcap"), bytesOf("dc.pcap")];
  test.each([0, 3, -250, 90_000, -7_200_000])("is found by the packets that both show: %i ms", (milliseconds) => {
    expect(aheadOf(client, moved(web, milliseconds))).toEqual([0, milliseconds]);
  });
  test("is found through a third one, too", () => {
    const isolated = aheadOf(web, moved(dc, 500));
    const joined = aheadOf(web, moved(dc, 500), moved(client, -40));
    expect(joined).toEqual([0, 500, -40]);
    expect(isolated[0]).toBe(0);
  });
  test("is left alone where no packet is shared", () => {
    const frame = Uint8Array.from(ethernet(0x0800, ipv4({ src: "10.9.9.9" }, udp(1, 2, text("x")))));
    expect(aheadOf(client, pcap([{ seconds: 5, fraction: 0, data: frame }]))).toEqual([0, 0]);
  });
  test("a packet that was sent twice is no measure", () => {
    const at = (seconds: number, id: number) => ({
      seconds,
      fraction: 0,
      data: Uint8Array.from(ethernet(0x0800, ipv4({ id }, udp(1, 2, [...be16(id)])))),
    });
    expect(aheadOf(pcap([at(10, 1), at(20, 1), at(30, 2)]), pcap([at(70, 1), at(90, 2)]))).toEqual([0, 60_000]);
  });
});

test("a sample ends with so many packets, or so many bytes", () => {
  const frame = (id: number) => ({
    seconds: 1,
    fraction: 0,
    data: Uint8Array.from(ethernet(0x0800, ipv4({ id: id & 0xffff }, udp(id >> 16, 2, [...be16(id)])))),
  });
  const many = new ClockSample(null);
  many.feed(pcap(Array.from({ length: limits.clockSightings + 5 }, (_, id) => frame(id))));
  expect(many.wants()).toBeNull();
  const long = new ClockSample(null);
  long.feed(pcap([frame(1)]));
  const chunk = new Uint8Array(1024 * 1024);
  let fed = 0;
  for (; long.wants() !== null && fed < 100; fed++) long.feed(chunk);
  expect(fed * chunk.length).toBeLessThanOrEqual(limits.clockSampleBytes + chunk.length);
});
