import type { ConnectionRecord } from "./connections.ts";
import type { Half } from "./halves.ts";
import type { Stream } from "./records.ts";

/** Words of a stream at rest; those of its two halves stand side by side. */
const WORDS = 11;
const BASE = 0;
const NEXT = 2;
const FIN_AT = 4;
/** Of a segment that nobody acknowledged yet; its end is 0 where there is none. */
const SIZE_AT = 6;
const SIZE_END = 8;
const MARKS = 10;

const KNOWN = 1;
const CLIENT_IS_1 = 4;
const MUTED = 8;

/** Offsets beyond are no small integers: such streams stay awake. */
const FARTHEST = 0x7fffffff;

/**
 * Recognised streams for which nothing waits, as numbers beside their connections.
 *
 * Of the thousands that are open at once in a large capture nearly all say nothing for most of the time: each then
 * takes 44 bytes instead of some 300, and lends its objects to another.
 */
export class RestingStreams {
  readonly #limit: number;
  /** By number of the stream. */
  readonly #connections: (ConnectionRecord | null)[] = [];
  #words = new Int32Array(0);

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Writes down all that the stream is, or false: something of it waits. */
  keep(number: number, { connection, halves, clientSide, isMuted }: Stream): boolean {
    const [first, second] = halves;
    if (connection === null || !canRest(first) || !canRest(second)) return false;
    if (this.#words.length === 0) this.#words = new Int32Array(this.#limit * WORDS);
    const at = number * WORDS;
    this.#write(at, first);
    this.#write(at + 1, second);
    const known = (first.isKnown ? KNOWN : 0) | (second.isKnown ? KNOWN << 1 : 0);
    this.#words[at + MARKS] = known | (clientSide === 1 ? CLIENT_IS_1 : 0) | (isMuted ? MUTED : 0);
    while (this.#connections.length <= number) this.#connections.push(null);
    this.#connections[number] = connection;
    return true;
  }

  /** Makes `stream`, which may be any one out of use, what the number was; false where it does not rest. */
  wake(number: number, stream: Stream): boolean {
    const connection = this.#connections[number] ?? null;
    if (connection === null) return false;
    this.#connections[number] = null;
    const at = number * WORDS;
    const marks = this.#words[at + MARKS] ?? 0;
    const isClient1 = (marks & CLIENT_IS_1) !== 0;
    stream.connection = connection;
    stream.clientSide = isClient1 ? 1 : 0;
    stream.isMuted = (marks & MUTED) !== 0;
    stream.ending = null;
    const [first, second] = stream.halves;
    first.renew(isClient1 ? connection.fromServer : connection.fromClient);
    second.renew(isClient1 ? connection.fromClient : connection.fromServer);
    this.#read(at, first, (marks & KNOWN) !== 0);
    this.#read(at + 1, second, (marks & (KNOWN << 1)) !== 0);
    return true;
  }

  #write(at: number, { base, next, finAt, sizeAt, sizeEnd }: Half): void {
    this.#words[at + BASE] = base;
    this.#words[at + NEXT] = next;
    this.#words[at + FIN_AT] = finAt;
    this.#words[at + SIZE_AT] = sizeAt;
    this.#words[at + SIZE_END] = sizeEnd;
  }

  #read(at: number, half: Half, isKnown: boolean): void {
    half.base = this.#words[at + BASE] ?? 0;
    half.next = this.#words[at + NEXT] ?? 0;
    half.finAt = this.#words[at + FIN_AT] ?? 0;
    half.isKnown = isKnown;
    half.sizeAt = this.#words[at + SIZE_AT] ?? 0;
    half.sizeEnd = this.#words[at + SIZE_END] ?? 0;
  }
}

function canRest({ isAtRest, next, finAt, sizeEnd }: Half): boolean {
  return isAtRest && next <= FARTHEST && finAt <= FARTHEST && sizeEnd <= FARTHEST;
}
