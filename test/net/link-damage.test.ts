import { expect, test } from "vitest";
import { newFrameView } from "../../src/model/frame.ts";
import { openNet } from "../../src/net/net.ts";
import { Random } from "../whole/random.ts";
import { four, label, linkRows, pppoe, six, tag, zeros } from "./link-rows.ts";
import { type Bytes, be16, ethernet, frameView } from "./packets.ts";
import { Recorder } from "./recorder.ts";
import { geneve, gre, gtp, over4, over6, overUdp, tunnelRows, vxlan } from "./tunnel-rows.ts";

/** Frames cut, bent and nested at random: none throws, and what stands around a frame in the buffer does not matter. */

const MARGIN = 64;
const rows = [...linkRows, ...tunnelRows];

interface Damaged {
  readonly bytes: Uint8Array;
  readonly linkType: number;
  readonly wireLength: number;
}

/** Everything told of the frames, with `junk` around each of them. */
function toldOf(frames: readonly Damaged[], junk: (at: number) => number) {
  const recorder = new Recorder();
  const net = openNet(recorder, 1, (problem) => recorder.problems.push(problem));
  const view = newFrameView();
  frames.forEach(({ bytes, linkType, wireLength }, index) => {
    view.bytes = Uint8Array.from({ length: bytes.length + 2 * MARGIN }, (_, at) => junk(at));
    view.bytes.set(bytes, MARGIN);
    view.start = MARGIN;
    view.end = MARGIN + bytes.length;
    view.number = index + 1;
    view.seconds = 1000 + index;
    view.linkType = linkType;
    view.wireLength = wireLength;
    net.frame(view);
  });
  net.end();
  const { datagrams, log, errors, silences, lost, problems } = recorder;
  return { datagrams, log, errors, silences, lost, problems, links: net.links() };
}

/** Zeros, ones, and the bytes of a plausible packet. */
const junks = [() => 0, () => 0xff, (at: number) => [0x45, 0, 0, 0x28, 8, 0, 0xaa, 0xaa, 3, 0x11][at % 10] ?? 0];

function differing(frames: readonly Damaged[]): number {
  const [first, ...others] = junks.map((junk) => JSON.stringify(toldOf(frames, junk), spellMaps));
  return others.filter((other) => other !== first).length;
}

const spellMaps = (_: string, value: unknown) => (value instanceof Map ? [...value] : value);

test.each(rows)("%s, cut anywhere, whatever stands behind", (_name, linkType, bytes) => {
  const whole = Uint8Array.from(bytes);
  const cuts = bytes.map((_, length) => ({ bytes: whole.slice(0, length), linkType }));
  const snapped = cuts.map((cut) => ({ ...cut, wireLength: whole.length }));
  const short = cuts.map((cut) => ({ ...cut, wireLength: cut.bytes.length }));
  expect(differing([...snapped, ...short])).toBe(0);
});

test.each(rows)("%s, with bytes of any value", (_name, linkType, bytes) => {
  const random = new Random(bytes.length * 31 + linkType);
  const frames = Array.from({ length: 150 }, () => {
    const bent = Uint8Array.from(bytes);
    for (let count = random.below(4); count >= 0; count -= 1) bent[random.below(bent.length)] = random.below(256);
    return { bytes: bent.slice(0, bent.length - random.below(8)), linkType, wireLength: bent.length };
  });
  expect(differing(frames)).toBe(0);
});

test("any link type around any bytes", () => {
  const random = new Random(99);
  const types = [...new Set(rows.map(([, linkType]) => linkType))];
  const frames = Array.from({ length: 5000 }, () => {
    const bytes = Uint8Array.from({ length: random.below(120) }, () => random.below(256));
    return { bytes, linkType: types[random.below(types.length)] ?? 1, wireLength: bytes.length + random.below(30) };
  });
  expect(differing(frames)).toBe(0);
});

/** Ways to put an IP packet into another; the last two kinds also add link headers. */
const framed = (packet: Bytes) => ethernet((packet[0] ?? 0) >> 4 === 6 ? 0x86dd : 0x0800, packet);
const typed = (packet: Bytes) => be16((packet[0] ?? 0) >> 4 === 6 ? 0x86dd : 0x0800);
const inIp = (packet: Bytes) => ((packet[0] ?? 0) >> 4 === 6 ? 41 : 4);
const wraps: readonly ((packet: Bytes) => Bytes)[] = [
  (packet) => over4(inIp(packet), packet),
  (packet) => over6(inIp(packet), packet),
  (packet) => over6(60, [inIp(packet), 0, 1, 4, 0, 0, 0, 0, ...packet]),
  (packet) => over4(51, [inIp(packet), 1, 0, 0, ...zeros(8), ...packet]),
  (packet) => over4(47, [0, 0, ...typed(packet), ...packet]),
  (packet) => over6(47, gre(0x3000, 0x6558, zeros(8), framed(packet))),
  (packet) => over4(47, gre(0, 0x88be, [], framed(packet))),
  (packet) => over4(97, [0x30, 0, ...framed(packet)]),
  (packet) => over4(137, [...label(false), ...label(true), ...packet]),
  (packet) => over4(137, [...label(true), ...zeros(4), ...framed(packet)]),
  (packet) => overUdp(4789, vxlan(framed(packet))),
  (packet) => overUdp(4790, vxlan(framed(packet), 12, 3)),
  (packet) => overUdp(6081, geneve(0x6558, framed(packet), zeros(8))),
  (packet) => overUdp(2152, gtp(0, [], packet)),
  (packet) => overUdp(6635, [...label(true), ...packet]),
  (packet) => overUdp(4754, [0, 0, ...typed(packet), ...packet]),
  (packet) => overUdp(4789, vxlan(ethernet(0x8100, [...tag(0x88a8), 0, 1, ...typed(packet), ...packet]))),
  // LLC in Ethernet ends at 1500 bytes; behind a length of 0 it does not.
  (packet) => overUdp(4789, vxlan(ethernet(0, [0xaa, 0xaa, 3, 0, 0, 0, ...typed(packet), ...packet]))),
  (packet) => overUdp(4789, vxlan(ethernet(0x8864, pppoe([0, (packet[0] ?? 0) >> 4 === 6 ? 0x57 : 0x21, ...packet])))),
];

test("ten thousand nestings: read, or told that they are too deep", () => {
  const random = new Random(4);
  const frames = Array.from({ length: 10_000 }, () => {
    const depth = random.below(random.below(4) === 0 ? 24 : 9);
    const start = random.below(2) === 0 ? four : six;
    return Array.from({ length: depth }).reduce<Bytes>(
      (packet) => wraps[random.below(wraps.length)]?.(packet) ?? packet,
      start,
    );
  });
  // What was told once is not told again: then another room is opened.
  const open = () => {
    const recorder = new Recorder();
    return { recorder, net: openNet(recorder, 1, (problem) => recorder.problems.push(problem)) };
  };
  let room = open();
  const isRead = frames.map((bytes, index) => {
    if (room.recorder.problems.length > 0) room = open();
    const { recorder, net } = room;
    net.frame(frameView({ bytes, linkType: 101 }, index + 1));
    const last = recorder.datagrams.at(-1);
    const found = last?.frames[0] === index + 1 && last.sport === 1111 && last.text === "hello";
    if (found === recorder.problems.length > 0) throw new Error(`${found}: ${bytes}`);
    return found;
  });
  expect(isRead.filter((found) => found).length).toBeGreaterThan(5000);
  expect(isRead.filter((found) => !found).length).toBeGreaterThan(1000);
});
