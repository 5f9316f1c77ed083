import type { Connection, Endpoint } from "../model/connection.ts";
import type { Instant } from "../model/time.ts";
import type { Addresses } from "./addresses.ts";
import type { FlowBook } from "./flow-book.ts";
import { ACK_FRAME, COUNTS, SYN_ACK_FRAME, SYN_FRAME } from "./flow-details.ts";
import { ADDRESS_0, ADDRESS_1, VERSION_6 } from "./flows.ts";
import type { Stream } from "./records.ts";
import type { Room } from "./room.ts";
import type { Tally } from "./tally.ts";

/** The end of a flow that is its side `side`. */
export function endpointOf(book: FlowBook, row: number, side: 0 | 1, addresses: Addresses): Endpoint {
  const version = book.has(row, VERSION_6) ? 6 : 4;
  const key = book.word(row, side === 0 ? ADDRESS_0 : ADDRESS_1);
  return { address: addresses.text(version, key), port: book.port(row, side) };
}

/** The record of a connection, from the moment it is recognised, with what its row remembers of the frames before. */
export class ConnectionRecord implements Connection {
  readonly id: number;
  client: Endpoint;
  server: Endpoint;
  readonly firstFrame: number;
  lastFrame: number;
  lastSeconds: number;
  lastNanos: number;
  closed: Connection["closed"] = null;
  reset: Connection["reset"] = null;
  private readonly syn: number;
  private readonly synAck: number;
  private readonly ack: number;
  private readonly firstSeconds: number;
  private readonly firstNanos: number;
  readonly fromClient: Tally;
  readonly fromServer: Tally;

  constructor(id: number, book: FlowBook, row: number, stream: Stream, { addresses, packet }: Room) {
    const client = stream.clientSide;
    const server = client === 0 ? 1 : 0;
    const { seconds, nanos } = book.firstTime(row);
    this.id = id;
    this.client = endpointOf(book, row, client, addresses);
    this.server = endpointOf(book, row, server, addresses);
    this.syn = book.detail(row, SYN_FRAME);
    this.synAck = book.detail(row, SYN_ACK_FRAME);
    this.ack = book.detail(row, ACK_FRAME);
    this.firstFrame = book.firstFrame(row);
    this.firstSeconds = seconds;
    this.firstNanos = nanos;
    this.lastFrame = packet.frame;
    this.lastSeconds = packet.seconds;
    this.lastNanos = packet.nanos;
    this.fromClient = stream.halves[client].tally;
    this.fromServer = stream.halves[server].tally;
  }

  get synSeen(): boolean {
    return this.syn !== 0 || this.synAck !== 0;
  }

  get handshake(): number[] {
    const frames = [this.syn, this.synAck, this.ack];
    if (this.syn !== 0 && this.syn < this.synAck && this.synAck < this.ack) return frames;
    return frames.filter((frame) => frame !== 0).sort((a, b) => a - b);
  }

  get firstTime(): Instant {
    return { seconds: this.firstSeconds, nanos: this.firstNanos };
  }

  get lastTime(): Instant {
    return { seconds: this.lastSeconds, nanos: this.lastNanos };
  }

  get acked(): [number, number] {
    return [this.fromClient.acked, this.fromServer.acked];
  }

  get seen(): [number, number] {
    return [this.fromClient.seen, this.fromServer.seen];
  }

  get frames(): [number, number] {
    return [this.fromClient.frames, this.fromServer.frames];
  }

  get lost(): [number, number] {
    return [this.fromClient.lost, this.fromServer.lost];
  }

  get retransmitted(): [number, number] {
    return [this.fromClient.retransmitted, this.fromServer.retransmitted];
  }

  get largestSegment(): [number, number] {
    return [this.fromClient.largestSegment, this.fromServer.largestSegment];
  }

  get largestAcked(): [number, number] {
    return [this.fromClient.largestAcked, this.fromServer.largestAcked];
  }
}

export function newConnection(id: number, book: FlowBook, row: number, stream: Stream, room: Room): ConnectionRecord {
  const counts = book.detail(row, COUNTS);
  stream.halves[0].tally.frames = counts & 0xffff;
  stream.halves[1].tally.frames = counts >>> 16;
  return new ConnectionRecord(id, book, row, stream, room);
}
