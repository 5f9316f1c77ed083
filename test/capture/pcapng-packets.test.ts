import { describe, expect, it } from "vitest";
import { limits } from "../../src/bytes/limits.ts";
import {
  Bytes,
  block,
  concat,
  enhancedPacket,
  interfaceBlock,
  obsoletePacket,
  payload,
  section,
  simplePacket,
} from "./build.ts";
import { expectOneProblem, readAll, sizes } from "./read.ts";

const data = payload(61);
const start = concat([section(), interfaceBlock()]);
const packet = enhancedPacket({ time: 1_700_000_000_123_456n, data });

describe("packets of pcapng", () => {
  it.each(["little", "big"] as const)("of all three kinds in a %s-endian section", (order) => {
    const bytes = concat([
      section(order),
      interfaceBlock({ order, linkType: 113, snapLength: 40 }),
      simplePacket(payload(30), 30, order),
      enhancedPacket({ order, time: 1_700_000_000_123_456n, data, original: 1500 }),
      simplePacket(payload(40), 200, order),
      obsoletePacket({ order, time: 1_700_000_001_000_001n, data, original: 10 }),
    ]);
    for (const size of sizes) {
      const { frames, problems } = readAll(bytes, size);
      expect(problems).toEqual([]);
      expect(frames).toMatchObject([
        { number: 1, seconds: 0, nanos: 0, wireLength: 30, linkType: 113, data: payload(30) },
        { number: 2, seconds: 1_700_000_000, nanos: 123_456_000, wireLength: 1500, linkType: 113, data },
        { number: 3, seconds: 1_700_000_000, nanos: 123_456_000, wireLength: 200, linkType: 113, data: payload(40) },
        { number: 4, seconds: 1_700_000_001, nanos: 1_000, wireLength: 61, linkType: 113, data },
      ]);
    }
  });

  it("carry link type and resolution of their interface, and each section has its own interfaces", () => {
    const bytes = concat([
      section("big"),
      interfaceBlock({ order: "big", linkType: 1 }),
      interfaceBlock({ order: "big", linkType: 101, resolution: 9, offset: -5n }),
      enhancedPacket({ order: "big", iface: 1, time: 1_700_000_000_000_000_007n, data }),
      section("little"),
      interfaceBlock({ linkType: 276, resolution: 3 }),
      enhancedPacket({ time: 1_700_000_000_001n, data }),
    ]);
    const { frames, problems, summary } = readAll(bytes);
    expect(problems).toEqual([]);
    expect(frames.map(({ seconds, nanos, linkType }) => [seconds, nanos, linkType])).toEqual([
      [1_699_999_995, 7, 101],
      [1_700_000_000, 1_000_000, 276],
    ]);
    expect(summary).toMatchObject({ linkTypes: [101, 276], firstTime: "2023-11-14T22:13:15.000000007Z" });
  });

  it("without bytes are packets", () => {
    expect(readAll(concat([start, enhancedPacket({ data: payload(0), original: 60 })])).frames).toMatchObject([
      { data: payload(0), wireLength: 60 },
    ]);
  });
});

describe("malformed packets of pcapng", () => {
  it("packets of interfaces that were not described are left out, told once per interface, but numbered", () => {
    const stray = enhancedPacket({ iface: 7, data });
    const { frames, problems } = readAll(concat([start, stray, stray, packet, enhancedPacket({ iface: 8, data })]));
    expect(frames.map((frame) => frame.number)).toEqual([3]);
    expect(problems).toMatchObject([
      { frame: 1, text: expect.stringContaining("interface 7") },
      { frame: 4, text: expect.stringContaining("interface 8") },
    ]);
  });

  it("a hostile number of unknown interfaces is not remembered without end", () => {
    const count = limits.problems + 50;
    const strays = Array.from({ length: count }, (_, index) => enhancedPacket({ iface: 9 + index, data }));
    const { problems } = readAll(concat([start, ...strays]));
    expect(problems.length).toBe(limits.problems);
  });

  it("packets before any interface are left out", () => {
    expectOneProblem(concat([section(), packet, interfaceBlock(), packet]), 1, /interface 0/, 28);
    expectOneProblem(concat([section(), simplePacket(data), interfaceBlock(), packet]), 1, /interface 0/, 28);
  });

  it.each([
    data.length + 4,
    0x80000000,
    0xffffffff,
  ])("a captured length of %i that the block cannot hold leaves the packet out", (captured) => {
    expectOneProblem(concat([start, enhancedPacket({ data, captured }), packet]), 1, /captured bytes/, start.length);
  });

  it("packet and interface blocks too short for their fields are left out", () => {
    for (const type of [2, 6]) {
      expectOneProblem(concat([start, block(type, payload(16)), packet]), 1, /too short/, start.length);
    }
    expectOneProblem(concat([start, block(3, payload(0)), packet]), 1, /too short/, start.length);
    const stray = readAll(
      concat([section(), block(1, payload(4)), interfaceBlock(), packet, enhancedPacket({ iface: 1, data })]),
    );
    expect(stray.frames.map((frame) => frame.number)).toEqual([2]);
    expect(stray.problems.length).toBe(2);
  });

  it("frames above the limit are left out, those at it are read", () => {
    const large = payload(limits.frameBytes + 1);
    for (const over of [enhancedPacket({ data: large }), obsoletePacket({ data: large }), simplePacket(large)]) {
      expectOneProblem(concat([start, over, packet]), 1, /left out/, start.length);
    }
    expect(readAll(concat([start, enhancedPacket({ data: payload(limits.frameBytes) })]), 5000).problems).toEqual([]);
  });

  it("an option of a packet that runs past its block is told once, and no packet is lost", () => {
    const body = new Bytes().u32(0, 0, 7, 4, 4).raw(payload(4)).u16(2, 900).u32(1).done();
    const odd = block(6, body);
    expectOneProblem(concat([start, odd, packet, odd]), 3, /option of a packet/, start.length);
  });
});
