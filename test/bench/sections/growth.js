import { rmSync } from "node:fs";
import { kflow, MEBIBYTE, make, markdown, middle, once } from "../race.js";

/** How time and memory grow with the size of one kind of traffic. */

const PARTS = [0.01, 0.1, 0.25, 0.5, 1];
const PLOT_COLUMNS = 40;

export function growth(name, generate, size) {
  const sizes = PARTS.map((part) => measured(name, generate, Math.max(1, Math.round(size * part))));
  const most = Math.max(...sizes.map(({ each }) => each));
  const rows = sizes.map(({ capture, seconds, peak, each }) => [
    (capture.bytes / MEBIBYTE).toFixed(0),
    capture.frames,
    seconds.toFixed(2),
    each.toFixed(2),
    peak.toFixed(0),
    "█".repeat(Math.max(1, Math.round((each / most) * PLOT_COLUMNS))),
  ]);
  const head = ["MiB", "packets", "wall s", "µs a packet", "peak MiB", "µs a packet, beside the most"];
  return [`#### ${name}`, "", ...markdown(head, rows)];
}

function measured(name, generate, size) {
  const capture = make(name, generate, size);
  const command = [process.execPath, kflow, "--quiet", "--format", "json", capture.path];
  const { seconds, peak } = middle([1, 2, 3].map(() => once(command)).filter((run) => run !== null));
  rmSync(capture.path);
  return { capture, seconds, peak, each: (seconds / capture.frames) * 1e6 };
}
