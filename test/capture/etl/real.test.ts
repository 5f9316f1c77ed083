import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readAll, readRanges, type SeenFrame } from "../read.ts";
import { asRow, readWithTshark, tsharkIsHere } from "../tshark.ts";

/** Files that were not written here: one of pktmon with Microsoft's own conversion, and composed ones with their truth. */

const folder = new URL("../../../../shared/captures/formats/etl/", import.meta.url);
const isHere = existsSync(folder);
const bytesOf = (name: string) => readFileSync(new URL(name, folder));

describe.skipIf(!isHere)("a real trace of pktmon", () => {
  const trace = isHere ? readRanges(bytesOf("pktmon-f-demikernel.etl")) : null;

  it("is read without a complaint", () => {
    expect(trace?.problems).toEqual([]);
    expect(trace?.summary).toMatchObject({ format: "etl", frames: 114, linkTypes: [1], cutFrames: 0 });
  });

  it("holds, packet by packet, what Microsoft's conversion to pcapng holds", () => {
    const theirs = readAll(bytesOf("pktmon-f-demikernel.cap")).frames;
    const same = ({ number, seconds, nanos, wireLength, linkType, data }: SeenFrame) => ({
      number,
      seconds,
      micros: Math.floor(nanos / 1000),
      wireLength,
      linkType,
      data: Buffer.from(data).toString("hex"),
    });
    expect(trace?.frames.map(same)).toEqual(theirs.map(same));
  });

  it.skipIf(!tsharkIsHere)("holds, packet by packet, what tshark reads of that conversion", () => {
    const theirs = readWithTshark(fileURLToPath(new URL("pktmon-f-demikernel.cap", folder)));
    const cut = ({ time, ...row }: ReturnType<typeof asRow>) => ({ ...row, time: time.slice(0, -3) });
    expect(trace?.frames.map(asRow).map(cut)).toEqual(theirs.map(cut));
  });

  it("says where its 38 packets were seen, and what was captured", () => {
    expect(new Set(trace?.frames.map(({ data }) => Buffer.from(data).toString("hex"))).size).toBe(38);
    expect(new Set(trace?.frames.map(({ point }) => point))).toEqual(new Set([0, 1, 2, 3]));
    expect(trace?.facts).toEqual({
      os: "Windows 10.0 build 20348",
      captureFilter: "eth3: MAC 00-22-48-7b-b3-80",
      points: [
        "component 59 edge 1: Microsoft Hyper-V Network Adapter #3 (netvsc.sys)",
        "component 61 edge 2: XDP Lightweight Filter (xdp.sys)",
        "component 50 edge 1: NETVSCVFPP",
        "component 48 edge 1: Mellanox ConnectX-4 Lx Virtual Ethernet Adapter #2 (mlx5.sys)",
      ],
    });
  });
});

const composed = [
  "syn_ndis_64_qpc",
  "syn_ndis_32_qpc",
  "syn_ndis_64_compressed",
  "syn_ndis_64_cycles",
  "syn_ndis_64_systime",
  "syn_ndis_64_tsc3312",
];
/** µs from the first packet, captured and original length, link type. */
const truth = [
  [0, 87, 87, 1],
  [1, 87, 87, 1],
  [1000, 87, 87, 1],
  [2000, 1322, 1322, 1],
  [2001, 87, 87, 1],
  [3001, 107, 107, 105],
  [4000, 73, 73, 101],
  [5000, 128, 1322, 1],
  [6000, 87, 87, 1],
  [7000, 87, 87, 1],
  [7001, 87, 87, 1],
  [7100, 128, 1322, 1],
  [7200, 73, 73, 101],
  [8000, 87, 87, 1],
];

describe.skipIf(!isHere)("traces composed of every kind of packet", () => {
  it.each(composed)("%s", (name) => {
    const { frames, problems, facts } = readRanges(bytesOf(`${name}.etl`));
    expect(problems).toEqual([]);
    const first = frames[0];
    const micros = (frame: SeenFrame) =>
      ((frame.seconds - (first?.seconds ?? 0)) * 1e9 + frame.nanos - (first?.nanos ?? 0)) / 1000;
    const table = frames.map((frame) => [
      name.endsWith("3312") ? Math.round(micros(frame)) : micros(frame),
      frame.data.length,
      frame.wireLength,
      frame.linkType,
    ]);
    expect(table).toEqual(truth);
    expect(frames.map(({ point }) => point)).toEqual([0, 1, 0, 0, 2, 3, 4, 0, 5, 6, 7, 8, 9, 0]);
    const sent = { 0: 1234, 1: 4, 4: 77, 6: 4, 7: 4, 13: 1234 };
    const processes = frames.flatMap(({ process }, index) => (process === null ? [] : [[String(index), process]]));
    expect(processes).toEqual(Object.entries(sent).map(([index, id]) => [index, `pid ${id}`]));
    expect(facts.discarded).toEqual([{ reason: "Not locally destined", count: 1, frames: [13] }]);
    expect(facts.points?.slice(5, 8)).toEqual([
      "interface 20",
      "component 10 edge 1: Test NIC (nic.sys)",
      "component 11 edge 2",
    ]);
  });

  it("hold the same bytes in every variant", () => {
    const bytes = composed.map((name) => readRanges(bytesOf(`${name}.etl`)).frames.map(({ data }) => data));
    for (const others of bytes) expect(others).toEqual(bytes[0]);
  });
});
