import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { pcap, somePackets } from "./build.ts";
import { readAll, type SeenFrame } from "./read.ts";
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

describe.skipIf(!tsharkIsHere)("capinfos counts the same frames and bytes, and sees the same times", () => {
  const files = ["formats/links/", "formats/pcapng/", "formats/success/", "formats/etl/"]
    .flatMap(captures)
    .filter((file) => startsWith(file, "d4c3b2a1", "a1b2c3d4", "0a0d0d0a", "4d3cb2a1", "736e6f6f"))
    .map((file) => fileURLToPath(file));

  it.skipIf(files.length === 0)("of every capture at hand", () => {
    const theirs = capinfosOf(files);
    const ours = files.map((path) => ({ path, ...totalsOf(readAll(readFileSync(path)).frames) }));
    expect(theirs).toHaveLength(files.length);
    // Of a capture in which some frames have no time, it shows none.
    const comparable = ours.map(({ first, last, ...rest }, at) => {
      const { first: shown = "", last: end = "" } = theirs[at] ?? {};
      return shown === "n/a" ? { ...rest, first: shown, last: end } : { ...rest, ...cutTo({ first, last }, shown) };
    });
    expect(comparable).toEqual(theirs);
  });
});

interface Totals {
  readonly frames: number;
  readonly bytes: number;
  readonly first: string;
  readonly last: string;
}

/** Bytes are those on the wire. */
function totalsOf(frames: readonly SeenFrame[]): Totals {
  const times = frames.map((frame) => asRow(frame).time).sort((a, b) => Number(a) - Number(b) || a.localeCompare(b));
  const bytes = frames.reduce((sum, { wireLength }) => sum + wireLength, 0);
  return { frames: frames.length, bytes, first: times[0] ?? "", last: times.at(-1) ?? "" };
}

/** As many decimals as `shown` has. */
function cutTo({ first, last }: Pick<Totals, "first" | "last">, shown: string): Pick<Totals, "first" | "last"> {
  const less = 9 - (shown.split(".")[1] ?? "").length;
  return { first: first.slice(0, first.length - less), last: last.slice(0, last.length - less) };
}

function capinfosOf(paths: readonly string[]): (Totals & { readonly path: string })[] {
  const options = ["-T", "-r", "-B", "-M", "-S", "-c", "-d", "-a", "-e"];
  const { stdout } = spawnSync("capinfos", [...options, ...paths], {
    encoding: "utf8",
    env: { ...process.env, TZ: "UTC" },
  });
  return stdout.split("\n").flatMap((line) => {
    const [path, frames, bytes, first, last] = line.split("\t");
    if (path === undefined || first === undefined || last === undefined) return [];
    return [{ path, frames: Number(frames), bytes: Number(bytes), first, last }];
  });
}
