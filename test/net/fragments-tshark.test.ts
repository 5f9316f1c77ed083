import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { concat, enhancedPacket, interfaceBlock, section } from "../capture/build.ts";
import { Random } from "../whole/random.ts";
import { label } from "./link-rows.ts";
import { type Bytes, ethernet, fragment6, ipv4, text, udp } from "./packets.ts";
import { play } from "./recorder.ts";
import { geneve, gre, over4, over6, overUdp, vxlan } from "./tunnel-rows.ts";

const hasTshark = spawnSync("tshark", ["--version"]).status === 0;

interface Fragment {
  readonly id: number;
  readonly from: number;
  readonly to: number;
}
type Cut = (fragment: Fragment, datagram: Bytes) => Bytes;

const cut4: Cut = ({ id, from, to }, datagram) =>
  ipv4({ id, offset: from, more: to < datagram.length }, datagram.slice(from, to));
const cut6: Cut = ({ id, from, to }, datagram) =>
  fragment6({ id, offset: from, more: to < datagram.length }, 17, datagram.slice(from, to));

const typeOf = (packet: Bytes) => ((packet[0] ?? 0) >> 4 === 6 ? 0x86dd : 0x0800);
const framed = (packet: Bytes) => ethernet(typeOf(packet), packet);
/** Ways in which a fragment travels. */
const ways: readonly ((packet: Bytes) => Bytes)[] = [
  (packet) => packet,
  (packet) => over4(typeOf(packet) === 0x86dd ? 41 : 4, packet),
  (packet) => over4(47, gre(0, typeOf(packet), [], packet)),
  (packet) => over6(47, gre(0x2000, 0x6558, [0, 0, 7, 0], framed(packet))),
  (packet) => overUdp(4789, vxlan(framed(packet))),
  (packet) => overUdp(6081, geneve(typeOf(packet), packet)),
  (packet) => over4(137, [...label(true), ...packet]),
];

/** Edges of the fragments, each but the last a multiple of eight. */
function edges(random: Random, length: number): number[] {
  const inner = Array.from({ length: 1 + random.below(6) }, () => 8 * (1 + random.below(Math.floor((length - 1) / 8))));
  return [...new Set([0, ...inner, length])].sort((one, two) => one - two);
}

function shuffled<T>(random: Random, list: readonly T[]): T[] {
  const keyed = list.map((value) => ({ value, key: random.below(2 ** 30) }));
  return keyed.sort((one, two) => one.key - two.key).map(({ value }) => value);
}

type Shape = (random: Random, length: number) => readonly Omit<Fragment, "id">[];
const consecutive: Shape = (random, length) => {
  const at = edges(random, length);
  return at.slice(1).map((to, index) => ({ from: at[index] ?? 0, to }));
};
const shapes: { readonly [name: string]: Shape } = {
  "in order": consecutive,
  "in any order": (random, length) => shuffled(random, consecutive(random, length)),
  "with repetitions": (random, length) => {
    const [last, ...others] = shuffled(random, consecutive(random, length));
    return last === undefined ? [] : [...others, ...others, last];
  },
  "cut in two ways, overlapping": (random, length) =>
    shuffled(random, [...consecutive(random, length), ...consecutive(random, length)]),
};

/** Datagrams in fragments, those of several datagrams mixed. */
function captured(shape: Shape, seed: number): Bytes[] {
  const random = new Random(seed);
  const pending = Array.from({ length: 8 }, (_, index) => {
    const datagram = udp(33333, 44444, text(`${seed}/${index} `.repeat(5 + random.below(30))));
    const cut = index % 2 === 0 ? cut4 : cut6;
    const way = ways[random.below(ways.length)] ?? ((packet) => packet);
    return shape(random, datagram.length).map((part) => way(cut({ ...part, id: seed * 100 + index }, datagram)));
  });
  const order = shuffled(
    random,
    pending.flatMap((packets, index) => packets.map(() => index)),
  );
  return order.flatMap((index) => [pending[index]?.shift() ?? []]);
}

/** By frame: the datagram that was complete with it. tshark shows some again when more of them comes. */
function byTshark(path: string): string[] {
  const fields = ["frame.number", "udp.srcport", "udp.payload"].flatMap((field) => ["-e", field]);
  const shape = ["-T", "fields", "-E", "occurrence=l"];
  const table = execFileSync("tshark", ["-n", "-r", path, ...shape, ...fields], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const shown = new Map<string, string>();
  for (const [frame = "", port, payload = ""] of table.split("\n").map((line) => line.split("\t"))) {
    if (port === "33333" && !shown.has(payload)) shown.set(payload, frame);
  }
  return [...shown].map(([payload, frame]) => `${frame} ${payload}`);
}

function byKflow(packets: readonly Bytes[]): string[] {
  const { recorder } = play(packets.map((bytes, index) => ({ bytes, linkType: 101, seconds: 0, nanos: index * 1000 })));
  const inside = recorder.datagrams.filter(({ sport }) => sport === 33333);
  return inside.map(
    (one) => `${one.frames.at(-1)} ${[...one.text].map((c) => c.charCodeAt(0).toString(16).padStart(2, "0")).join("")}`,
  );
}

describe.skipIf(!hasTshark)("fragments, as tshark joins them", () => {
  const folder = mkdtempSync(join(tmpdir(), "kflow-fragments-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(Object.entries(shapes))("%s", (_name, shape) => {
    const packets = Array.from({ length: 12 }, (_, seed) => captured(shape, seed + 1)).flat();
    const path = join(folder, "fragments.pcapng");
    const blocks = packets.map((bytes, at) => enhancedPacket({ time: BigInt(at), data: Uint8Array.from(bytes) }));
    writeFileSync(path, concat([section(), interfaceBlock({ linkType: 101 }), ...blocks]));
    const ours = byKflow(packets);
    expect(ours).toHaveLength(12 * 8);
    expect(ours).toEqual(byTshark(path));
  });
});
