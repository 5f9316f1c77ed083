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
    const number = this.#book.stream(row);
    return number === 0 ? null : (this.#streams[number - 1] ?? null);
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
    if (stream === null) return;
    this.#learnStart(row, 0, stream.halves[0]);
    this.#learnStart(row, 1, stream.halves[1]);
  }

  #learnStart(row: number, side: 0 | 1, half: Half): void {
    if (!half.isKnown && this.#book.knowsBase(row, side)) half.startAt(this.#book.base(row, side));
  }

  remove(row: number): void {
    const number = this.#book.stream(row) - 1;
    if (number < 0) return;
    this.#streams[number] = null;
    this.#free.push(number);
    this.#book.setStream(row, 0);
  }
}
