import type { Clock } from "../capture/clock.ts";
import type { Feeding, NamedCapture, Problem } from "../index.ts";
import { type Alarm, type Ringing, setAlarm } from "./alarm.ts";
import { clocksOfInputs } from "./clocks.ts";
import { inputsOf } from "./files.ts";
import { keepHeapSmall } from "./heap.ts";
import { inlineLess } from "./inlining.ts";
import type { Input, Opened } from "./input.ts";
import type { Options } from "./options.ts";
import type { Output } from "./output.ts";
import { type Piece, type Pieces, piecesFor } from "./pieces-for.ts";
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
const TURN_SECONDS = 0.05;

/** What is fed: what the inputs hold, as it asks for it. */
export type Fed = Pick<Feeding, "wants" | "feed" | "finish" | "problem">;

/**
 * Reads the inputs of a command line within its limits, and shows how far it has come. `begin` opens what is fed once
 * the inputs are known; a sentence of complaint where one of them cannot be opened.
 */
export async function readInputs<F extends Fed>(
  options: Options,
  output: Output,
  begin: (captures: readonly NamedCapture[]) => F,
): Promise<{ readonly fed: F; readonly ending: Ending } | string> {
  const problems = new Waiting();
  const indexOf = new Map<Input, number>();
  const alarm = setAlarm(options.timeout);
  const progress = progressOnStderr();
  output.before(progress.clear);
  const opened: Opened[] = [];
  try {
    const found = inputsOf(options.files, (problem, input) => problems.tell(problem, indexOf.get(input) ?? 0));
    // A pipe may keep waiting with its first bytes, which tell whether it is an archive.
    const inputs = await alarm.orRing(found);
    if (inputs === null) return { fed: begin(options.files.map(unseen)), ending: alarm.rung ?? "end" };
    if (typeof inputs === "string") return inputs;
    for (const [index, input] of inputs.entries()) indexOf.set(input, index);
    const isOpen = (await alarm.orRing(openAll(inputs, opened))) !== null;
    const clocks = isOpen ? ((await alarm.orRing(clocksOfInputs(options.files, inputs))) ?? []) : [];
    const fed = begin(inputs.map((input, at) => captureOf(input, opened[at], clocks[at])));
    problems.pass((problem, capture) => fed.problem(problem, capture));
    if (!isOpen) return { fed, ending: alarm.rung ?? "end" };
    const feed = ({ capture, bytes }: Piece) => {
      if (bytes === null) fed.finish(capture);
      else {
        fed.feed(bytes, capture);
        inlineLess(bytes.length);
      }
      progress.show(consumedOf(inputs), sizeOf(inputs));
    };
    const limits = { alarm, maxMemory: options.maxMemory, unwanted: () => output.closed };
    return { fed, ending: await readAll(piecesFor(fed, opened), feed, limits) };
  } finally {
    for (const one of opened) one.close();
    progress.clear();
    alarm.dispose();
  }
}

/** Problems met before there is anybody to tell them to. */
class Waiting {
  private readonly kept: [Problem, number][] = [];
  private to: ((problem: Problem, capture: number) => void) | null = null;

  tell(problem: Problem, capture: number): void {
    if (this.to === null) this.kept.push([problem, capture]);
    else this.to(problem, capture);
  }

  pass(to: (problem: Problem, capture: number) => void): void {
    this.to = to;
    for (const [problem, capture] of this.kept) to(problem, capture);
  }
}

async function openAll(inputs: readonly Input[], opened: Opened[]): Promise<true> {
  for (const input of inputs) opened.push(await input.open());
  return true;
}

function captureOf({ name, compression }: Input, opened: Opened | undefined, clock: Clock | undefined): NamedCapture {
  const size = opened?.kind === "ranges" ? opened.size : null;
  return { name, compression, size, ...(clock === undefined ? {} : { clock }) };
}

function unseen(name: string): NamedCapture {
  return { name, compression: null, size: null };
}

function consumedOf(inputs: readonly Input[]): number {
  return inputs.reduce((sum, { consumed }) => sum + consumed, 0);
}

/** Bytes of all inputs; null where one of them is a pipe. */
function sizeOf(inputs: readonly Input[]): number | null {
  return inputs.reduce<number | null>((sum, { size }) => (sum === null || size === null ? null : sum + size), 0);
}

/** Feeds piece after piece, until the input ends or a limit is reached. Errors of the input are thrown. */
export async function readAll<P>(pieces: Pieces<P>, feed: (piece: P) => void, limits: ReadingLimits): Promise<Ending> {
  // `performance` would have to be loaded.
  let turn = process.uptime() + TURN_SECONDS;
  for (;;) {
    const soon = pieces.next();
    const piece = soon instanceof Promise ? await limits.alarm.orRing(soon) : soon;
    if (piece === null) return limits.alarm.rung ?? "end";
    feed(piece);
    if (limits.unwanted()) return "unwanted";
    if (limits.maxMemory !== null && process.memoryUsage.rss() > limits.maxMemory) return "memory";
    if (process.uptime() >= turn) {
      keepHeapSmall();
      await new Promise(setImmediate);
      if (limits.alarm.rung !== null) return limits.alarm.rung;
      turn = process.uptime() + TURN_SECONDS;
    }
  }
}
