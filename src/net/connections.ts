import type { Connection, Endpoint } from "../model/connection.ts";
import { FROM_CLIENT, FROM_SERVER } from "../model/connection.ts";
import type { Instant } from "../model/time.ts";
import { ConnectionFacts, type Fact } from "./connection-facts.ts";
import { endpointOf } from "./endpoints.ts";
import type { FlowBook } from "./flow-book.ts";
import { ACK_FRAME, COUNTS, SYN_ACK_FRAME, SYN_FRAME } from "./flow-details.ts";
import type { Stream } from "./records.ts";
import type { RestingStreams } from "./resting.ts";
import type { Room } from "./room.ts";
import type { Tally } from "./tally.ts";

/**
 * The record of a connection, from the moment it is recognised.
 *
 * Whoever holds it reads on, while it rests, from where its stream is kept.
 */
export class ConnectionRecord implements Connection {
  readonly id: number;
  closed: Connection["closed"] = null;
  reset: Connection["reset"] = null;
  /** Null while its stream rests. */
  facts: ConnectionFacts | null;
  readonly #resting: RestingStreams;
  /** Of its stream, while it has one. */
  readonly #number: number;

  constructor(id: number, facts: ConnectionFacts, resting: RestingStreams, number: number) {
    this.id = id;
    this.facts = facts;
    this.#resting = resting;
    this.#number = number;
  }

  get place(): number {
    return this.#number;
  }

  get client(): Endpoint {
    return this.facts === null ? this.#resting.end(this.#number, FROM_CLIENT) : this.facts.client;
  }

  get server(): Endpoint {
    return this.facts === null ? this.#resting.end(this.#number, FROM_SERVER) : this.facts.server;
  }

  get synSeen(): boolean {
    return this.#fact("syn") !== 0 || this.#fact("synAck") !== 0;
  }

  get handshake(): number[] {
    const [syn, synAck, ack] = [this.#fact("syn"), this.#fact("synAck"), this.#fact("ack")];
    if (syn !== 0 && syn < synAck && synAck < ack) return [syn, synAck, ack];
    return [syn, synAck, ack].filter((frame) => frame !== 0).sort((a, b) => a - b);
  }

  get firstFrame(): number {
    return this.#fact("firstFrame");
  }

  get firstTime(): Instant {
    return { seconds: this.#fact("firstSeconds"), nanos: this.#fact("firstNanos") };
  }

  get lastFrame(): number {
    return this.#fact("lastFrame");
  }

  get lastTime(): Instant {
    return { seconds: this.#fact("lastSeconds"), nanos: this.#fact("lastNanos") };
  }

  get acked(): [number, number] {
    return this.#counted("acked");
  }

  get seen(): [number, number] {
    return this.#counted("seen");
  }

  get frames(): [number, number] {
    return this.#counted("frames");
  }

  get lost(): [number, number] {
    return this.#counted("lost");
  }

  get cut(): [number, number] {
    return this.#counted("cut");
  }

  get retransmitted(): [number, number] {
    return this.#counted("retransmitted");
  }

  get largestSegment(): [number, number] {
    return this.#counted("largestSegment");
  }

  get largestAcked(): [number, number] {
    return this.#counted("largestAcked");
  }

  #fact(fact: Fact): number {
    return this.facts === null ? this.#resting.fact(this.#number, fact) : this.facts[fact];
  }

  #counted(count: keyof Tally): [number, number] {
    const { facts } = this;
    return facts === null
      ? this.#resting.counted(this.#number, count)
      : [facts.fromClient[count], facts.fromServer[count]];
  }
}

export function newConnection(
  id: number,
  book: FlowBook,
  row: number,
  stream: Stream,
  { addresses, packet }: Room,
  resting: RestingStreams,
): ConnectionRecord {
  const counts = book.detail(row, COUNTS);
  stream.halves[0].tally.frames = counts & 0xffff;
  stream.halves[1].tally.frames = counts >>> 16;
  const client = stream.clientSide;
  const server = client === 0 ? 1 : 0;
  const facts = new ConnectionFacts(
    endpointOf(book, row, client, addresses),
    endpointOf(book, row, server, addresses),
    stream.halves[client].tally,
    stream.halves[server].tally,
  );
  const { seconds, nanos } = book.firstTime(row);
  facts.row = row;
  facts.syn = book.detail(row, SYN_FRAME);
  facts.synAck = book.detail(row, SYN_ACK_FRAME);
  facts.ack = book.detail(row, ACK_FRAME);
  facts.firstFrame = book.firstFrame(row);
  facts.firstSeconds = seconds;
  facts.firstNanos = nanos;
  facts.lastFrame = packet.frame;
  facts.lastSeconds = packet.seconds;
  facts.lastNanos = packet.nanos;
  return new ConnectionRecord(id, facts, resting, book.stream(row) - 1);
}
