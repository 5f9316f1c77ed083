/** Words of the details of a flow. */
const DETAIL_WORDS = 9;
/** Sequence numbers of the first byte of side 0 and of side 1, where `BASE_KNOWN` says so. */
export const BASE = 0;
export const FIRST_FRAME = 2;
export const FIRST_SECONDS = 3;
export const FIRST_NANOS = 4;
/** Frames of the handshake, 0 where not seen. */
export const SYN_FRAME = 5;
export const SYN_ACK_FRAME = 6;
export const ACK_FRAME = 7;
/** Frames of side 0 and of side 1 before recognition, 16 bits each, side 0 in the lower half. */
export const COUNTS = 8;

/** Details to begin with; when they are in use, room for all is taken at once, as in `Flows`. */
const FIRST_DETAILS = 4_096;

/** What is known of flows that are being opened or read: rows of numbers that the others do without. */
export class FlowDetails {
  words: Int32Array;
  readonly #limit: number;
  /** Rows that were ever in use: all others lie behind. */
  #high = 0;
  /** Start of a row given back, which keeps the start of the next, or -1. */
  #free = -1;

  constructor(limit: number) {
    this.#limit = limit;
    this.words = new Int32Array(Math.min(FIRST_DETAILS, limit) * DETAIL_WORDS);
  }

  /** Start of a row, which may hold anything. There are as many as flows. */
  take(): number {
    const at = this.#free;
    if (at < 0) return this.#another();
    this.#free = this.words[at] ?? -1;
    return at;
  }

  /** Makes a row one of zeros: of so few words, `fill` takes three times as long. */
  clear(at: number): void {
    const { words } = this;
    for (let word = at; word < at + DETAIL_WORDS; word += 1) words[word] = 0;
  }

  giveBack(at: number): void {
    this.words[at] = this.#free;
    this.#free = at;
  }

  #another(): number {
    const at = this.#high;
    this.#high += DETAIL_WORDS;
    if (this.#high > this.words.length) this.#grow();
    return at;
  }

  #grow(): void {
    const words = new Int32Array(this.#limit * DETAIL_WORDS);
    words.set(this.words);
    this.words = words;
  }
}
