import { rmSync } from "node:fs";
import { bundle } from "../bundled.js";
import { folder, kflow, MEBIBYTE, make, markdown, once, timed } from "../race.js";

/** Ten times the input: many more logins in a file, and more bulk than any disk needs to hold through a pipe. */

const command = [process.execPath, kflow, "--quiet", "--format", "json"];

export async function tenfold({ logins }, scale) {
  const traffic = await bundle("pour.ts", folder);
  const rows = [
    ...[1, 10].map((times) => fromFile(logins, Math.round(20_000 * scale * times))),
    ...[1, 10].map((times) => throughPipe(traffic, Math.round(1_024 * scale * times))),
  ];
  const head = ["", "wall s", "CPU s", "MiB/s", "peak MiB"];
  return { rows, lines: ["### Ten times the input", "", ...markdown(head, rows.map(cells))] };
}

function cells({ name, seconds, cpu, rate, peak }) {
  return [name, seconds.toFixed(2), cpu.toFixed(2), rate.toFixed(0), peak.toFixed(0)];
}

function fromFile(generate, count) {
  const capture = make("tenfold", generate, count);
  const run = once([...command, capture.path]);
  rmSync(capture.path);
  return { name: `${count} logins`, ...run, rate: capture.bytes / MEBIBYTE / run.seconds };
}

/** Where the generator is the slower one its pace shows in the seconds; the CPU seconds are kflow's alone. */
function throughPipe(traffic, mebibytes) {
  const script = '"$1" "$2" "$3" | { shift 3; "$@"; }';
  const words = ["sh", "-c", script, "sh", process.execPath, traffic, `${mebibytes}`, ...timed([...command, "-"])];
  const run = once(words, true);
  return { name: `${mebibytes} MiB of bulk through a pipe`, ...run, rate: mebibytes / run.seconds };
}
