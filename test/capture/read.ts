import { expect } from "vitest";
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
  readonly dropped: string | null;
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

/** Reads a capture whose parts lie scattered: every range that is wanted comes in one buffer that is overwritten. */
export function readRanges(bytes: Uint8Array, size = bytes.length): Reading {
  const problems: Problem[] = [];
  const frames: SeenFrame[] = [];
  const reader = openCapture((problem) => problems.push(problem), size);
  let buffer = new Uint8Array(0);
  for (let want = reader.wants(); want !== "end"; want = reader.wants()) {
    if (want === "more") throw new Error("a range was to be named");
    if (want.length < 1 || want.length > limits.blockBytes || want.from < 0 || want.from + want.length > size) {
      throw new Error(`wants ${want.length} bytes at ${want.from} of ${size}`);
    }
    if (buffer.length < want.length) buffer = new Uint8Array(want.length);
    const part = bytes.subarray(want.from, want.from + want.length);
    buffer.fill(0xee).set(part);
    reader.feed(buffer.subarray(0, part.length));
    drain(reader, frames);
  }
  reader.end();
  drain(reader, frames);
  return { frames, problems, summary: reader.summary(), facts: reader.facts() };
}

function drain(reader: CaptureReader, frames: SeenFrame[]): void {
  const view = newFrameView();
  while (reader.next(view)) {
    const { number, seconds, nanos, wireLength, linkType, point, process, dropped } = view;
    const data = view.bytes.slice(view.start, view.end);
    frames.push({ number, seconds, nanos, wireLength, linkType, point, process, dropped, data });
  }
}

/** Pieces in which a file comes. */
export const sizes: readonly number[] = [1, 7, 16, 4096, 1 << 20];

/** The one problem of a reading, and how many frames came before it. */
export function expectOneProblem(bytes: Uint8Array, frames: number, text: RegExp, offset?: number): void {
  for (const size of sizes) {
    const reading = readAll(bytes, size);
    expect(reading.frames.length).toBe(frames);
    expect(reading.problems).toMatchObject([
      { text: expect.stringMatching(text), ...(offset === undefined ? {} : { offset }) },
    ]);
  }
}
