import type { ProblemSink } from "../../model/problem.ts";
import { holdsPacket } from "../event-packets.ts";
import type { ByteRange } from "../reader.ts";
import type { Bounds } from "./bounds.ts";
import { BufferCursor } from "./buffer-cursor.ts";
import type { BufferIndex } from "./buffer-index.ts";
import type { TraceClock } from "./clock.ts";
import { isClassic, isEvent } from "./records.ts";

/** Who looks at the events that hold no packets. */
export interface Bystander {
  event(view: DataView, at: number, size: number): void;
  classic(view: DataView, at: number, size: number): void;
}

/** `event`: the next one is `current`; `hungry`: feed what `wants` says. */
export type Turn = "event" | "hungry" | "end";

/**
 * The second pass over an event trace log: the events that hold packets, of all buffers, in order of time.
 *
 * A buffer is open from the time at which it begins until its end. Within one, events stand in order of time; where
 * they do not, they keep the order in which they were written.
 */
export class TraceMerge {
  /** Events that stand behind a later one of their buffer, and the offset of the first such buffer. */
  backwards = 0;
  backwardsFrom = 0;
  current: BufferCursor = new BufferCursor();
  private readonly index: BufferIndex;
  private readonly clock: TraceClock;
  private readonly bystander: Bystander;
  private readonly report: ProblemSink;
  private readonly bounds: Bounds;
  private readonly heap: BufferCursor[] = [];
  private readonly spare: BufferCursor[] = [];
  /** The cursor that goes to its next event. */
  private moving: BufferCursor | null = null;
  private opened = 0;
  private toldOfLimit = false;

  constructor(index: BufferIndex, clock: TraceClock, bystander: Bystander, report: ProblemSink, bounds: Bounds) {
    this.index = index;
    this.clock = clock;
    this.bystander = bystander;
    this.report = report;
    this.bounds = bounds;
  }

  wants(): ByteRange | null {
    return this.moving?.wants() ?? null;
  }

  feed(bytes: Uint8Array): void {
    this.moving?.feed(bytes);
  }

  /** Goes to the next event that holds a packet; what `current` showed is gone. */
  next(): Turn {
    for (;;) {
      if (this.moving !== null) {
        const turn = this.advance(this.moving);
        if (turn === "hungry") return turn;
        if (turn === "event") this.put(this.moving);
        else this.spare.push(this.moving);
        this.moving = null;
      } else if (this.isNextDue()) {
        this.moving = this.spare.pop() ?? new BufferCursor();
        this.moving.open(this.index.place(this.opened), this.opened);
        this.opened += 1;
      } else {
        const first = this.take();
        if (first === null) return "end";
        this.current = first;
        this.moving = first;
        return "event";
      }
    }
  }

  private isNextDue(): boolean {
    if (this.opened >= this.index.count) return false;
    const first = this.heap[0];
    if (first === undefined) return true;
    if (this.index.firstOf(this.opened) > first.count) return false;
    if (this.heap.length < this.bounds.openTraceBuffers) return true;
    if (!this.toldOfLimit) {
      this.toldOfLimit = true;
      const text = `more than ${this.bounds.openTraceBuffers} buffers of the trace overlap in time; packets may be out of order`;
      this.report({ text, offset: this.index.place(this.opened).from });
    }
    return false;
  }

  private advance(cursor: BufferCursor): Turn {
    for (;;) {
      const step = cursor.step();
      if (step === "hungry") return step;
      if (step === "damaged" && !cursor.place.isExcused) {
        this.report({
          text: "a buffer of the trace is damaged; the rest of it was left out",
          offset: cursor.place.from,
        });
      }
      if (step !== "record") return "end";
      const { view, at, size, word } = cursor;
      if (isEvent(word)) {
        if (holdsPacket(view, at + 0x18, view.getUint16(at + 0x28, true))) return this.arrive(cursor);
        this.bystander.event(view, at, size);
      } else if (isClassic(word)) this.bystander.classic(view, at, size);
    }
  }

  private arrive(cursor: BufferCursor): Turn {
    const count = this.clock.countAt(cursor.view, cursor.at + 0x10);
    if (count < cursor.count) {
      if (this.backwards === 0) this.backwardsFrom = cursor.place.from;
      this.backwards += 1;
    }
    cursor.count = count;
    return "event";
  }

  private put(cursor: BufferCursor): void {
    const { heap } = this;
    let at = heap.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !isEarlier(cursor, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = cursor;
  }

  private take(): BufferCursor | null {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined) return null;
    if (first !== last) this.sink(last);
    return first;
  }

  /** Puts `cursor` in the place of the first and lets it sink to where it belongs. */
  private sink(cursor: BufferCursor): void {
    const { heap } = this;
    let at = 0;
    for (;;) {
      const left = heap[at * 2 + 1];
      if (left === undefined) break;
      const right = heap[at * 2 + 2];
      const isLeft = right === undefined || isEarlier(left, right);
      const child = isLeft ? left : right;
      if (!isEarlier(child, cursor)) break;
      heap[at] = child;
      at = at * 2 + (isLeft ? 1 : 2);
    }
    heap[at] = cursor;
  }
}

function isEarlier(a: BufferCursor, b: BufferCursor): boolean {
  return a.count < b.count || (a.count === b.count && a.rank < b.rank);
}
