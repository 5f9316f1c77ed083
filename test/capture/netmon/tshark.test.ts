import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { payload } from "../build.ts";
import { readRanges } from "../read.ts";
import { asRow, type Row, readWithTshark, tsharkIsHere, tsharkOn } from "../tshark.ts";
import { type NetmonVersion, writeNetmon } from "../write-netmon.ts";
import { someFrames } from "../written.ts";

/** tshark reads Network Monitor files, too; what it shows as it lies there (802.11, events) is unwrapped here. */

const versions: readonly NetmonVersion[] = ["1.1", "2.0", "2.1", "2.2", "2.3"];
const WIRELESS = 105;

describe.skipIf(!tsharkIsHere)("tshark reads what is written here", () => {
  const frames = someFrames(9, 300).map((frame) => ({ ...frame, wireLength: frame.bytes.length + 60 }));
  const comments = [{ frame: 0, title: "note", description: payload(9) }];
  const processes = [{ path: "C:\\a\\b.exe", id: 7, icon: 40 }];

  it.each(versions)("as version %s", (version) => {
    const tables = version >= "2.2" ? { comments, processes } : {};
    const onDisk = [8, 0, 1, 2, 3, 5, 4, 7, 6];
    const bytes = writeNetmon(frames, { version, onDisk, gap: 8, startMilliseconds: 0, ...tables });
    const rows = readRanges(bytes).frames.map(asRow);
    expect(rows.length).toBe(9);
    expect(rows).toEqual(tsharkOn(bytes));
  });

  it("with frames from before the start, and frames that have no number", () => {
    const mixed = frames.map((frame, index) => ({ ...frame, media: index % 3 === 1 ? 0xfffc + (index % 2) : 1 }));
    const bytes = writeNetmon(mixed, { version: "2.2", start: 1_700_000_004, startMilliseconds: 250 });
    expect(readRanges(bytes).frames.map(asRow)).toEqual(tsharkOn(bytes));
  });
});

const shared = new URL("../../../../shared/captures/formats/", import.meta.url);
const files = ["netmon/", "success/"].flatMap((folder) =>
  existsSync(new URL(folder, shared))
    ? readdirSync(new URL(folder, shared))
        .filter((name) => /netmon|^syn_2/.test(name))
        .map((name) => [name, new URL(folder + name, shared)] as const)
    : [],
);

describe.skipIf(!tsharkIsHere || files.length === 0)("tshark reads the same frames", () => {
  it.each(files)("of %s", (_, file) => {
    const reading = readRanges(readFileSync(file));
    const theirs = new Map(readWithTshark(file.pathname).map((row) => [row.number, row]));
    expect(reading.problems).toEqual([]);
    for (const frame of reading.frames) {
      const ours = asRow(frame);
      const row = theirs.get(ours.number);
      expect(frame.point >= 0 ? ours.number : ours).toEqual(
        frame.point >= 0 ? row?.number : unwrapped(row, frame.linkType),
      );
    }
    // The others describe the capture.
    const describing = reading.facts.captureFilter === undefined ? 0 : 2;
    expect(theirs.size - reading.frames.length).toBe(describing);
  });
});

/** The description of the radio signal, of 32 bytes, is not counted here. */
function unwrapped(row: Row | undefined, linkType: number): Row | undefined {
  if (row === undefined || linkType !== WIRELESS) return row;
  return { ...row, length: String(Number(row.length) - 32), captured: String(Number(row.captured) - 32) };
}
