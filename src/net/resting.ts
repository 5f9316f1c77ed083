import { type Direction, type Endpoint, FROM_CLIENT, FROM_SERVER } from "../model/connection.ts";
import type { Addresses } from "./addresses.ts";
import { ConnectionFacts, FACTS, type Fact } from "./connection-facts.ts";
import type { ConnectionRecord } from "./connections.ts";
import { endpointOf } from "./endpoints.ts";
import type { FlowBook } from "./flow-book.ts";
import type { Half } from "./halves.ts";
import type { Stream } from "./records.ts";
import { COUNTED, Tally } from "./tally.ts";

/** Words of a stream at rest; those of its two halves stand side by side. */
const BASE = 0;
const NEXT = 2;
const FIN_AT = 4;
/** Of a segment that nobody acknowledged yet; its end is 0 where there is none. */
const SIZE_AT = 6;
const SIZE_END = 8;
const MARKS = 10;
/** What is known of its connection, as in `FACTS`; then what is counted of it: each of both directions side by side. */
const FIRST_FACT = 11;
const FIRST_COUNT = FIRST_FACT + FACTS.length;
const WORDS = FIRST_COUNT + 2 * COUNTED.length;

const KNOWN = 1;
const CLIENT_IS_1 = 4;
const MUTED = 8;

/** Offsets and seconds beyond are no small integers: such streams stay awake. */
const LARGEST = 0x7fffffff;

/**
 * Recognised streams for which nothing waits, as numbers, with what is known of their connections.
 *
 * Of the thousands that are open at once in a large capture nearly all say nothing for most of the time: each then
 * takes 148 bytes of a table beside a record of 72, instead of some 700, and lends its objects to another.
 */
export class RestingStreams {
  readonly #limit: number;
  readonly #book: FlowBook;
  readonly #addresses: Addresses;
  /** By number of the stream. */
  readonly #connections: (ConnectionRecord | null)[] = [];
  #words = new Int32Array(0);

  constructor(limit: number, book: FlowBook, addresses: Addresses) {
    this.#limit = limit;
    this.#book = book;
    this.#addresses = addresses;
  }

  /** Writes down all that the stream is, or false: something of it waits. */
  keep(number: number, { connection, halves, clientSide, isMuted }: Stream): boolean {
    const [first, second] = halves;
    const facts = connection === null ? null : connection.facts;
    if (connection === null || facts === null || !canRest(first) || !canRest(second) || !isSmall(facts)) return false;
    if (this.#words.length === 0) this.#words = new Int32Array(this.#limit * WORDS);
    const at = number * WORDS;
    this.#writeHalf(at, first);
    this.#writeHalf(at + 1, second);
    const known = (first.isKnown ? KNOWN : 0) | (second.isKnown ? KNOWN << 1 : 0);
    this.#words[at + MARKS] = known | (clientSide === 1 ? CLIENT_IS_1 : 0) | (isMuted ? MUTED : 0);
    this.#writeFacts(at, facts);
    while (this.#connections.length <= number) this.#connections.push(null);
    this.#connections[number] = connection;
    connection.facts = null;
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
    const facts = this.#readFacts(number, at);
    connection.facts = facts;
    stream.connection = connection;
    stream.clientSide = isClient1 ? 1 : 0;
    stream.isMuted = (marks & MUTED) !== 0;
    stream.ending = null;
    const [first, second] = stream.halves;
    first.renew(isClient1 ? facts.fromServer : facts.fromClient);
    second.renew(isClient1 ? facts.fromClient : facts.fromServer);
    this.#readHalf(at, first, (marks & KNOWN) !== 0);
    this.#readHalf(at + 1, second, (marks & (KNOWN << 1)) !== 0);
    return true;
  }

  /** Of the connection of a stream at rest, as everything below. */
  fact(number: number, fact: Fact): number {
    return this.#words[number * WORDS + FIRST_FACT + FACTS.indexOf(fact)] ?? 0;
  }

  counted(number: number, count: keyof Tally): [number, number] {
    const at = number * WORDS + FIRST_COUNT + 2 * COUNTED.indexOf(count);
    return [this.#words[at] ?? 0, this.#words[at + 1] ?? 0];
  }

  end(number: number, direction: Direction): Endpoint {
    const isClient1 = ((this.#words[number * WORDS + MARKS] ?? 0) & CLIENT_IS_1) !== 0;
    const side = (direction === FROM_CLIENT) === isClient1 ? 1 : 0;
    return endpointOf(this.#book, this.fact(number, "row"), side, this.#addresses);
  }

  #writeHalf(at: number, { base, next, finAt, sizeAt, sizeEnd }: Half): void {
    this.#words[at + BASE] = base;
    this.#words[at + NEXT] = next;
    this.#words[at + FIN_AT] = finAt;
    this.#words[at + SIZE_AT] = sizeAt;
    this.#words[at + SIZE_END] = sizeEnd;
  }

  #readHalf(at: number, half: Half, isKnown: boolean): void {
    half.base = this.#words[at + BASE] ?? 0;
    half.next = this.#words[at + NEXT] ?? 0;
    half.finAt = this.#words[at + FIN_AT] ?? 0;
    half.sizeAt = this.#words[at + SIZE_AT] ?? 0;
    half.sizeEnd = this.#words[at + SIZE_END] ?? 0;
    half.isKnown = isKnown;
  }

  #writeFacts(at: number, facts: ConnectionFacts): void {
    let word = at + FIRST_FACT;
    for (const fact of FACTS) {
      this.#words[word] = facts[fact];
      word += 1;
    }
    for (const count of COUNTED) {
      this.#words[word] = facts.fromClient[count];
      this.#words[word + 1] = facts.fromServer[count];
      word += 2;
    }
  }

  #readFacts(number: number, at: number): ConnectionFacts {
    const facts = new ConnectionFacts(
      this.end(number, FROM_CLIENT),
      this.end(number, FROM_SERVER),
      new Tally(),
      new Tally(),
    );
    let word = at + FIRST_FACT;
    for (const fact of FACTS) {
      facts[fact] = this.#words[word] ?? 0;
      word += 1;
    }
    for (const count of COUNTED) {
      facts.fromClient[count] = this.#words[word] ?? 0;
      facts.fromServer[count] = this.#words[word + 1] ?? 0;
      word += 2;
    }
    return facts;
  }
}

function canRest({ isAtRest, next, finAt, sizeEnd, tally }: Half): boolean {
  if (!isAtRest || next > LARGEST || finAt > LARGEST || sizeEnd > LARGEST) return false;
  return tally.acked <= LARGEST && tally.seen <= LARGEST && tally.lost <= LARGEST;
}

function isSmall({ lastFrame, firstSeconds, lastSeconds }: ConnectionFacts): boolean {
  return lastFrame <= LARGEST && firstSeconds <= LARGEST && lastSeconds <= LARGEST;
}
