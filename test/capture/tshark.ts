import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SeenFrame } from "./read.ts";

export const tsharkIsHere = (() => {
  try {
    return execFileSync("tshark", ["--version"], { stdio: ["ignore", "pipe", "ignore"] }).length > 0;
  } catch {
    return false;
  }
})();

/** What both must say of a frame. */
export interface Row {
  readonly number: string;
  readonly time: string;
  readonly length: string;
  readonly captured: string;
}

/** The frames of a file in the time of UTC, those aside that only stand for a custom block. */
export function readWithTshark(path: string): Row[] {
  const fields = ["frame.number", "frame.time_epoch", "frame.len", "frame.cap_len", "frame.protocols"];
  const args = ["-n", "-r", path, "-T", "fields", ...fields.flatMap((field) => ["-e", field])];
  const env = { ...process.env, TZ: "UTC" };
  const text = execFileSync("tshark", args, { encoding: "utf8", env, stdio: ["ignore", "pipe", "ignore"] });
  const rows = text.split("\n").filter((line) => line !== "");
  return rows.flatMap((line) => {
    const [number = "", time = "", length = "", captured = "", protocols = ""] = line.split("\t");
    const isCustomBlock = protocols === "data" && time === "";
    return isCustomBlock ? [] : [{ number, time, length, captured }];
  });
}

/** The same of a capture that was made here. */
export function tsharkOn(bytes: Uint8Array): Row[] {
  const folder = mkdtempSync(join(tmpdir(), "kflow-capture-"));
  try {
    const file = join(folder, "capture");
    writeFileSync(file, bytes);
    return readWithTshark(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function asRow(frame: SeenFrame): Row {
  return {
    number: String(frame.number),
    time: `${frame.seconds}.${String(frame.nanos).padStart(9, "0")}`,
    length: String(frame.wireLength),
    captured: String(frame.data.length),
  };
}
