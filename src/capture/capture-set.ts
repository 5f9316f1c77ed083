import { limits } from "../bytes/limits.ts";
import type { FrameView } from "../model/frame.ts";
import { newFrameView } from "../model/frame.ts";
import type { Problem } from "../model/problem.ts";
import type { FramePlace } from "../model/report.ts";
import { type CaptureReader, openCapture, type Want } from "./capture.ts";
import { type Clock, noClock } from "./clock.ts";
import { FrameBook } from "./frame-book.ts";

/** One of the captures to be read together. */
export interface CaptureSource {
  /** As `openCapture` takes it: bytes of a file of which any range can be fed, null for one fed from front to back. */
  readonly size: number | null;
  /** What the capturing host's clock is ahead of the first one's. */
  readonly clock?: Clock;
}

/** Which capture is to be fed next, and with what. */
export interface Need {
  readonly capture: number;
  readonly want: Exclude<Want, "end">;
}

interface Slot {
  readonly index: number;
  readonly reader: CaptureReader;
  readonly view: FrameView;
  readonly clock: Clock;
}

/**
 * Several captures as one in order of time (equal times: in the order of the captures).
 *
 * The frames of one capture alone keep their numbers. Those of several are numbered anew in the order in which they
 * come, `placeOf` finds them again, and the points at which they were seen are told apart by capture.
 */
export class CaptureSet {
  private readonly slots: readonly Slot[];
  /** Where there is but one, nothing need be put in order. */
  private readonly only: Slot | null;
  private readonly book: FrameBook | null;
  /** Captures whose next frame is not known yet; the last one is asked first. */
  private readonly open: Slot[];
  /** Captures with a frame in their view, as a heap: the earliest first. */
  private readonly ready: Slot[] = [];
  /** The index of the capture whose frame was given last. */
  current = 0;

  /** `report` gets problems with the index of the capture and its own frame numbers. */
  constructor(
    sources: readonly CaptureSource[],
    report: (problem: Problem, capture: number) => void,
    mostChanges: number = limits.captureChanges,
  ) {
    this.slots = sources.map(({ size, clock = noClock }, index) => ({
      index,
      reader: openCapture((problem) => report(problem, index), size),
      view: newFrameView(),
      clock,
    }));
    this.open = [...this.slots].reverse();
    this.only = this.slots.length === 1 ? (this.slots[0] ?? null) : null;
    this.book = sources.length > 1 ? new FrameBook(mostChanges) : null;
  }

  get readers(): readonly CaptureReader[] {
    return this.slots.map((slot) => slot.reader);
  }

  /** Reading ended because the captures alternate too often to be remembered. */
  get isFull(): boolean {
    return this.book?.isFull ?? false;
  }

  /** No more frames will come, whatever is fed. */
  get isOver(): boolean {
    return this.isFull || this.slots.every(({ reader }) => reader.stopped);
  }

  /** What to feed, after `next` returned null; null when all captures are over. */
  wants(): Need | null {
    const slot = this.open.at(-1);
    if (slot === undefined || this.isFull) return null;
    const want = slot.reader.wants();
    return want === "end" ? null : { capture: slot.index, want };
  }

  feed(bytes: Uint8Array, capture: number): void {
    this.slots[capture]?.reader.feed(bytes);
  }

  /** No more bytes of this capture will come. */
  finish(capture: number): void {
    this.slots[capture]?.reader.end();
  }

  finishAll(): void {
    for (const { reader } of this.slots) reader.end();
  }

  /** The next frame, valid until the next call; null where `wants` tells what to feed first. */
  next(): FrameView | null {
    if (this.only !== null) return nextOf(this.only);
    const slot = this.isFull ? null : this.earliest();
    if (slot === null) return null;
    this.current = slot.index;
    if (this.book !== null) this.renumber(slot, this.book);
    return slot.view;
  }

  /** The capture with the earliest frame, which is the next to be asked for another. */
  private earliest(): Slot | null {
    const { open } = this;
    for (let slot = open[open.length - 1]; slot !== undefined; slot = open[open.length - 1]) {
      if (nextOf(slot) !== null) {
        // As a rule it is still the turn of the one that was given last.
        if (open.length === 1 && this.isEarliest(slot)) return slot;
        this.add(slot);
      } else if (slot.reader.wants() !== "end") return null;
      open.pop();
    }
    const first = this.take();
    if (first !== null) open.push(first);
    return first;
  }

  private isEarliest(slot: Slot): boolean {
    const first = this.ready[0];
    return first === undefined || isEarlier(slot, first);
  }

  /** Where the frame of this number is found. */
  placeOf(number: number): FramePlace {
    return this.book?.placeOf(number) ?? { capture: 0, frame: number };
  }

  private renumber({ view, index }: Slot, book: FrameBook): void {
    view.number = book.add(index, view.number);
    view.point = (view.point + 1) * this.slots.length + index;
  }

  private add(slot: Slot): void {
    const ready = this.ready;
    let at = ready.length;
    ready.push(slot);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = ready[parent];
      if (above === undefined || !isEarlier(slot, above)) break;
      ready[at] = above;
      at = parent;
    }
    ready[at] = slot;
  }

  private take(): Slot | null {
    const ready = this.ready;
    const first = ready[0];
    const last = ready.pop();
    if (first === undefined || last === undefined) return null;
    if (first !== last) this.sink(last);
    return first;
  }

  /** Puts `slot` in the place of the first and lets it sink to where it belongs. */
  private sink(slot: Slot): void {
    const ready = this.ready;
    let at = 0;
    for (;;) {
      const left = ready[at * 2 + 1];
      if (left === undefined) break;
      const right = ready[at * 2 + 2];
      const isLeft = right === undefined || isEarlier(left, right);
      const child = isLeft ? left : right;
      if (!isEarlier(child, slot)) break;
      ready[at] = child;
      at = at * 2 + (isLeft ? 1 : 2);
    }
    ready[at] = slot;
  }
}

function nextOf({ reader, view, clock }: Slot): FrameView | null {
  if (!reader.next(view)) return null;
  clock.correct(view);
  return view;
}

function isEarlier(a: Slot, b: Slot): boolean {
  return (a.view.seconds - b.view.seconds || a.view.nanos - b.view.nanos || a.index - b.index) < 0;
}
