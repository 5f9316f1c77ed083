import { limits } from "../../src/bytes/limits.ts";
import { type CaptureReader, openCapture, type ReadingSummary } from "../../src/capture/capture.ts";
import type { CaptureFacts } from "../../src/model/capture-facts.ts";
import { newFrameView } from "../../src/model/frame.ts";
import type { Problem } from "../../src/model/problem.ts";

export interface SeenFrame {
  readonly number: number;
  readonly seconds: number;
  readonly nanos: number;
  readonly wireLength: number;
  readonly linkType: number;
  readonly point: number;
  readonly process: string | null;
  readonly data: Uint8Array;
}

export interface Reading {
  readonly frames: SeenFrame[];
  readonly problems: Problem[];
  readonly summary: ReadingSummary;
  readonly facts: CaptureFacts;
}

/** Reads a whole capture, fed in chunks of `size` bytes from one buffer that is overwritten for every chunk. */
export function readAll(bytes: Uint8Array, size = bytes.length): Reading {
  const problems: Problem[] = [];
  const frames: SeenFrame[] = [];
  const reader = openCapture((problem) => problems.push(problem));
  const buffer = new Uint8Array(Math.max(1, Math.min(size, bytes.length)));
  for (let at = 0; at < bytes.length; at += buffer.length) {
    const part = bytes.subarray(at, at + buffer.length);
    buffer.set(part);
    reader.feed(buffer.subarray(0, part.length));
    drain(reader, frames);
    buffer.fill(0xee);
  }
  reader.end();
  drain(reader, frames);
  return { frames, problems, summary: reader.summary(), facts: reader.facts() };
}

/** Reads a whole capture of a format that asks for ranges; what it was given is overwritten afterwards. */
export function readRanges(bytes: Uint8Array): Reading {
  const problems: Problem[] = [];
  const frames: SeenFrame[] = [];
  const reader = openCapture((problem) => problems.push(problem), bytes.length);
  for (let want = reader.wants(); want !== "end" && want !== "more"; want = reader.wants()) {
    if (want.length < 1 || want.from + want.length > bytes.length || want.length > limits.blockBytes) {
      throw new Error(`asks for ${want.length} bytes at ${want.from} of ${bytes.length}`);
    }
    const given = Uint8Array.from(bytes.subarray(want.from, want.from + want.length));
    reader.feed(given);
    drain(reader, frames);
    given.fill(0xee);
  }
  reader.end();
  drain(reader, frames);
  return { frames, problems, summary: reader.summary(), facts: reader.facts() };
}

function drain(reader: CaptureReader, frames: SeenFrame[]): void {
  const view = newFrameView();
  while (reader.next(view)) {
    const { number, seconds, nanos, wireLength, linkType, point, process } = view;
    const data = view.bytes.slice(view.start, view.end);
    frames.push({ number, seconds, nanos, wireLength, linkType, point, process, data });
  }
}
