import type { FlowBook } from "./flow-book.ts";
import { Half } from "./halves.ts";
import type { Stream } from "./records.ts";
import { RestingStreams } from "./resting.ts";
import type { Room } from "./room.ts";
import { Tally } from "./tally.ts";

/** Of the streams that are awake, how many are looked at for one that can rest. */
const LOOK_AT = 8;

/** The streams of those flows that have one; their rows keep the number. */
export class StreamTable {
  readonly #book: FlowBook;
  readonly #mostAwake: number;
  readonly resting: RestingStreams;
  /** By number; null where there is none, or where it rests. */
  readonly #streams: (Stream | null)[] = [];
  /** By number: the row that had it last. */
  readonly #rows: number[] = [];
  readonly #free: number[] = [];
  /** Numbers of streams that are awake, or were until they ended: those to look at, from `#next` on, when one is needed. */
  readonly #awake: number[] = [];
  #next = 0;
  /** By number: its place in `#awake`. */
  readonly #places: number[] = [];
  /** Places in `#awake` of streams that ended. */
  readonly #left: number[] = [];
  /** Out of use. */
  readonly #spare: Stream[] = [];

  constructor(book: FlowBook, { bounds, addresses }: Pick<Room, "bounds" | "addresses">) {
    this.#book = book;
    this.#mostAwake = bounds.awakeStreams;
    this.resting = new RestingStreams(bounds.streams, book, addresses);
  }

  get size(): number {
    return this.#streams.length - this.#free.length;
  }

  /** The rows of all streams. */
  rows(): number[] {
    return this.#rows.filter((row, number) => this.#book.stream(row) === number + 1);
  }

  of(row: number): Stream | null {
    const number = this.#book.stream(row) - 1;
    return number < 0 ? null : (this.#streams[number] ?? this.#woken(number));
  }

  add(row: number): Stream {
    const number = this.#free.pop() ?? this.#streams.length;
    const stream = this.#take(number);
    stream.connection = null;
    stream.clientSide = 0;
    stream.halves[0].renew(new Tally());
    stream.halves[1].renew(new Tally());
    stream.isMuted = false;
    stream.ending = null;
    this.#streams[number] = stream;
    this.#rows[number] = row;
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
    const stream = this.of(row);
    if (stream === null) return;
    this.#streams[number] = null;
    if (this.#spare.length < this.#mostAwake) this.#spare.push(stream);
    this.#left.push(this.#places[number] ?? 0);
    this.#free.push(number);
    this.#book.setStream(row, 0);
  }

  #woken(number: number): Stream | null {
    const stream = this.#take(number);
    this.resting.wake(number, stream);
    this.#streams[number] = stream;
    return stream;
  }

  /** One that is out of use, or that of another stream, which rests from now on. */
  #take(number: number): Stream {
    const left = this.#left.pop();
    const isFull = left === undefined && this.#awake.length >= this.#mostAwake;
    const lent = isFull ? this.#lend(number) : null;
    if (lent !== null) return lent;
    this.#put(number, left ?? this.#awake.length);
    return this.#spare.pop() ?? newStream();
  }

  /** Lends `number` the objects of one that can rest; null where none is found at once. */
  #lend(number: number): Stream | null {
    for (let looked = 0; looked < LOOK_AT; looked += 1) {
      const at = this.#next;
      this.#next = at + 1 < this.#awake.length ? at + 1 : 0;
      const other = this.#awake[at] ?? 0;
      const stream = this.#streams[other] ?? null;
      if (stream === null || !this.resting.keep(other, stream)) continue;
      this.#streams[other] = null;
      this.#put(number, at);
      return stream;
    }
    return null;
  }

  #put(number: number, place: number): void {
    this.#awake[place] = number;
    this.#places[number] = place;
  }
}

function newStream(): Stream {
  return { connection: null, clientSide: 0, halves: [new Half(), new Half()], isMuted: false, ending: null };
}
