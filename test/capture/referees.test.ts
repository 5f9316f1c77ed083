import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { pcap, somePackets } from "./build.ts";
import { readAll } from "./read.ts";
import { expectSameAsPcapParser } from "./same-packets.ts";
import { asRow, readWithTshark, tsharkIsHere } from "./tshark.ts";

const shared = new URL("../../../shared/captures/", import.meta.url);

function captures(folder: string): URL[] {
  const place = new URL(folder, shared);
  if (!existsSync(place)) return [];
  return readdirSync(place)
    .filter((name) => !/\.(txt|tsv|md|json|etl)$/.test(name))
    .map((name) => new URL(`${folder}${encodeURIComponent(name)}`, shared));
}

function startsWith(file: URL, ...magics: string[]): boolean {
  const head = readFileSync(file).subarray(0, 4).toString("hex");
  return magics.includes(head);
}

describe("pcap-parser reads the same packets", () => {
  const classic = ["lab/", "public/", "formats/links/", "formats/success/"]
    .flatMap(captures)
    .filter((file) => startsWith(file, "d4c3b2a1", "a1b2c3d4"));

  it.each([
    ["little-endian", "little"],
    ["big-endian", "big"],
  ] as const)("of a %s capture made here", async (_, order) => {
    await expectSameAsPcapParser(pcap(somePackets(40), { order }));
  });

  it("of a capture whose frames were cut by a snap length", async () => {
    await expectSameAsPcapParser(pcap(somePackets(10).map((packet) => ({ ...packet, original: 1500 }))));
  });

  it.skipIf(classic.length === 0)("of every classic capture at hand", async () => {
    for (const file of classic) await expectSameAsPcapParser(readFileSync(file));
  });
});

const others = ["formats/pcapng/", "public/", "formats/links/", "formats/success/"]
  .flatMap(captures)
  .filter((file) => startsWith(file, "0a0d0d0a", "4d3cb2a1", "736e6f6f"));

describe.skipIf(!tsharkIsHere || others.length === 0)("tshark reads the same frames", () => {
  it.each(others.map((file) => [file.pathname.split("/").at(-1), file] as const))("of %s", (_, file) => {
    const { frames } = readAll(readFileSync(file));
    const theirs = readWithTshark(file.pathname);
    let time = "0.000000000";
    const ours = frames.map((frame, index) => {
      const row = asRow(frame);
      const untimed = theirs[index]?.time === "";
      if (untimed) expect(row.time).toBe(time);
      time = row.time;
      return untimed ? { ...row, time: "" } : row;
    });
    expect(ours).toEqual(theirs);
  });
});
