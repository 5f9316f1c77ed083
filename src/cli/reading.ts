import { setImmediate } from "node:timers/promises";
import { type Alarm, type Ringing, setAlarm } from "./alarm.ts";
import { chunksOf, type Input } from "./input.ts";
import type { Options } from "./options.ts";
import type { Output } from "./output.ts";
import { progressOnStderr } from "./progress.ts";

/** Why a reading ended: at the end of the input, or before it. */
export type Ending = "end" | "memory" | "unwanted" | Ringing;

export interface ReadingLimits {
  readonly alarm: Alarm;
  /** Bytes of resident memory; null: no limit. */
  readonly maxMemory: number | null;
  /** Nobody reads the result any more, or the rest of the input is of no use. */
  unwanted(): boolean;
}

/** Longest stretch without a look at timers and signals, which a file read from the page cache would starve. */
const TURN_MILLISECONDS = 50;

interface Reader {
  feed(chunk: Uint8Array): void;
  /** It wants no more: the rest of the input cannot be read. */
  readonly stopped: boolean;
}

/** Feeds an input to its reader within the limits of the command line, and shows how far it has come. */
export async function readInput(input: Input, reader: Reader, options: Options, output: Output): Promise<Ending> {
  const alarm = setAlarm(options.timeout);
  const progress = progressOnStderr();
  output.before(progress.clear);
  const measured = (chunk: Uint8Array) => {
    reader.feed(chunk);
    progress.show(input.consumed, input.size);
  };
  try {
    const limits = { alarm, maxMemory: options.maxMemory, unwanted: () => output.closed || reader.stopped };
    return await readAll(chunksOf(input), measured, limits);
  } finally {
    progress.clear();
    alarm.dispose();
  }
}

/** Feeds chunk after chunk, until the input ends or a limit is reached. Errors of the input are thrown. */
export async function readAll(
  chunks: AsyncIterable<Uint8Array>,
  feed: (chunk: Uint8Array) => void,
  limits: ReadingLimits,
): Promise<Ending> {
  const iterator = chunks[Symbol.asyncIterator]();
  let turn = performance.now() + TURN_MILLISECONDS;
  for (;;) {
    const next = await limits.alarm.orRing(iterator.next());
    if (next === null) return limits.alarm.rung ?? "end";
    if (next.done === true) return "end";
    feed(next.value);
    if (limits.unwanted()) return "unwanted";
    if (limits.maxMemory !== null && process.memoryUsage.rss() > limits.maxMemory) return "memory";
    if (performance.now() >= turn) {
      await setImmediate();
      turn = performance.now() + TURN_MILLISECONDS;
    }
  }
}
