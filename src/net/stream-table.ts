import type { FlowBook } from "./flow-book.ts";
import { Half } from "./halves.ts";
import type { Stream } from "./records.ts";

/** The streams of those flows that have one; their rows keep the number. */
export class StreamTable {
  readonly #book: FlowBook;
  readonly #streams: (Stream | null)[] = [];
  readonly #free: number[] = [];

  constructor(book: FlowBook) {
    this.#book = book;
  }

  get size(): number {
    return this.#streams.length - this.#free.length;
  }

  of(row: number): Stream | null {
    return this.#streams[this.#book.stream(row) - 1] ?? null;
  }

  add(row: number): Stream {
    const number = this.#free.pop() ?? this.#streams.length;
    const stream: Stream = {
      connection: null,
      clientSide: 0,
      halves: [new Half(), new Half()],
      isMuted: false,
      ending: null,
    };
    this.#streams[number] = stream;
    this.#book.setStream(row, number + 1);
    this.learnStarts(row);
    return stream;
  }

  /** Tells the halves where their directions start, as soon as the row knows. */
  learnStarts(row: number): void {
    const stream = this.of(row);
    for (const side of [0, 1] as const) {
      const half = stream?.halves[side];
      if (half !== undefined && !half.isKnown && this.#book.knowsBase(row, side))
        half.startAt(this.#book.base(row, side));
    }
  }

  remove(row: number): void {
    const number = this.#book.stream(row) - 1;
    if (number < 0) return;
    this.#streams[number] = null;
    this.#free.push(number);
    this.#book.setStream(row, 0);
  }
}
