import { limits } from "../bytes/limits.ts";
import type { Clock } from "../capture/clock.ts";
import { ClockSample, clocksOf } from "../index.ts";
import { inputsOf } from "./files.ts";
import type { Input } from "./input.ts";
import { piecesFor } from "./pieces-for.ts";

/**
 * The clocks of captures of the same minutes, measured in the beginning of each. None for a single capture, for a pipe,
 * which can be read once, and for more than a few: a ring buffer has one clock.
 */
export async function clocksOfInputs(words: readonly string[], inputs: readonly Input[]): Promise<readonly Clock[]> {
  if (inputs.length < 2 || inputs.length > limits.clockSampleCaptures) return [];
  if (inputs.some(({ size }) => size === null)) return [];
  const again = await inputsOf(words, () => {});
  if (typeof again === "string" || again.length !== inputs.length) return [];
  const samples = [];
  for (const input of again) samples.push(await sampleOf(input));
  return clocksOf(samples);
}

async function sampleOf(input: Input) {
  const opened = await input.open();
  try {
    const sample = new ClockSample(opened.kind === "ranges" ? opened.size : null);
    const pieces = piecesFor(sample, [opened]);
    for (let piece = await pieces.next(); piece !== null; piece = await pieces.next()) {
      if (piece.bytes === null) sample.finish();
      else sample.feed(piece.bytes);
    }
    return sample;
  } finally {
    opened.close();
  }
}
