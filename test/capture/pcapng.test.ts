import { describe, expect, it } from "vitest";
import { limits } from "../../src/bytes/limits.ts";
import { Bytes, block, concat, enhancedPacket, interfaceBlock, payload, section, simplePacket } from "./build.ts";
import { expectOneProblem, readAll } from "./read.ts";

const data = payload(61);
const start = concat([section(), interfaceBlock()]);
const packet = enhancedPacket({ time: 1_700_000_000_123_456n, data });

function numbers(bytes: Uint8Array): number[] {
  return readAll(bytes).frames.map((frame) => frame.number);
}

describe("pcapng blocks", () => {
  it("are numbered as Wireshark 4 does, which lists custom, journal and sysdig blocks, too", () => {
    const others = [4, 5, 9, 10, 0x204, 0xbad, 0x40000bad, 0x80000001].map((type) => block(type, payload(24)));
    expect(numbers(concat([start, packet, ...others, packet]))).toEqual([1, 6]);
  });

  it("follow blocks of any length, which are not kept", () => {
    const long = block(0x12345678, new Uint8Array(3_000_000));
    for (const size of [1009, 4096, 1 << 20])
      expect(readAll(concat([start, long, packet]), size).frames.length).toBe(1);
  });

  it("follow a section header with long options", () => {
    const options = new Bytes().u16(1, 40_000).raw(new Uint8Array(40_000)).u16(0, 0).done();
    expect(numbers(concat([section("little", 1, options), interfaceBlock(), packet]))).toEqual([1]);
  });
});

describe("malformed pcapng", () => {
  const at = start.length + packet.length;

  it("a first block that is no section header is no pcapng", () => {
    expectOneProblem(packet, 0, /not a capture/);
  });

  it("a section header without byte-order mark stops the reading", () => {
    const bytes = concat([start, packet, section()]);
    bytes.fill(0, at + 8, at + 12);
    expectOneProblem(bytes, 1, /byte-order mark/, at);
  });

  it.each([0, 0x0100])("version %i is refused", (major) => {
    expectOneProblem(concat([section("little", major), interfaceBlock(), packet]), 0, /version .* is not known/, 0);
  });

  it.each([0, 4, 11])("a block length of %i stops the reading", (length) => {
    const bytes = concat([start, packet, packet, packet]);
    new DataView(bytes.buffer).setUint32(at + 4, length, true);
    expectOneProblem(bytes, 1, /length of/, at);
  });

  it.each([6, 4])("two lengths that differ stop the reading (block type %i)", (type) => {
    const bytes = concat([start, packet, block(type, payload(40)), packet]);
    new DataView(bytes.buffer).setUint32(at + 48, 60, true);
    expectOneProblem(bytes, 1, /two lengths differ/, at);
  });

  it.each([
    6, 0x7777,
  ])("a length that was not rounded up is accepted where the trailer agrees (block type %i)", (type) => {
    const odd = block(type, concat([new Bytes().u32(0, 0, 5, 3, 3).done(), payload(3)]));
    const view = new DataView(odd.buffer);
    view.setUint32(4, odd.length - 1, true);
    view.setUint32(odd.length - 4, odd.length - 1, true);
    expectOneProblem(concat([start, packet, odd, odd, packet]), type === 6 ? 4 : 2, /multiple of four/);
  });

  it("every cut gives the frames before it and one problem, or none at a boundary", () => {
    const parts = [section(), interfaceBlock(), packet, block(5, payload(20)), packet, simplePacket(payload(3))];
    const whole = concat(parts);
    const ends = parts.map((_, index) => concat(parts.slice(0, index + 1)).length);
    for (let cut = 24; cut <= whole.length; cut++) {
      for (const size of [1, 16, 4096]) {
        const { frames, problems } = readAll(whole.subarray(0, cut), size);
        expect(frames.length).toBe([2, 4, 5].filter((index) => (ends[index] ?? 0) <= cut).length);
        expect(problems.length).toBe(ends.includes(cut) ? 0 : 1);
      }
    }
  });

  it.each([1, 7, 11])("%i bytes behind the last block are told", (length) => {
    expectOneProblem(concat([start, packet, new Uint8Array(length)]), 1, /cut short/, at);
  });

  it("a packet or interface block above the limit stops the reading, whatever else is passed over", () => {
    for (const type of [1, 2, 3, 6]) {
      const promised = new Bytes().u32(type, limits.blockBytes + 4).done();
      expectOneProblem(concat([start, promised, payload(64)]), 0, /too long/, start.length);
    }
    const other = new Bytes().u32(0x4242, 0xffffffff).done();
    expectOneProblem(concat([start, other, payload(64)]), 0, /cut short/, start.length);
  });

  it("interfaces above the limit are not read", () => {
    const one = block(1, new Bytes().u16(1, 0).u32(0).done());
    const many = new Uint8Array(one.length * (limits.interfaces + 2));
    for (let place = 0; place < many.length; place += one.length) many.set(one, place);
    const last = enhancedPacket({ iface: limits.interfaces - 1, data });
    const beyond = enhancedPacket({ iface: limits.interfaces, data });
    const { frames, problems } = readAll(concat([section(), many, last, beyond]));
    expect(frames.length).toBe(1);
    expect(problems.map((problem) => problem.text)).toEqual([
      expect.stringContaining("interfaces"),
      expect.stringContaining(`interface ${limits.interfaces}`),
    ]);
  });

  it("options that run past their block end the options, not the interface", () => {
    const body = new Bytes().u16(1, 0).u32(0).u16(9, 1).raw([9, 0, 0, 0]).u16(2, 900).raw(payload(4)).done();
    const bytes = concat([section(), block(1, body), enhancedPacket({ time: 1_000_000_001n, data })]);
    const { frames, problems } = readAll(bytes);
    expect(frames).toMatchObject([{ seconds: 1, nanos: 1 }]);
    expect(problems).toMatchObject([{ text: expect.stringContaining("option"), offset: 28 }]);
  });

  it("a block type that a text-mode transfer leaves behind is named as such", () => {
    expectOneProblem(concat([start, packet, new Bytes().u32(0x0a0d0a1c, 3, 0, 0).done()]), 1, /text-mode/, at);
  });
});
