import { Failures } from "./failures.ts";
import { FlowBook } from "./flow-book.ts";
import { ANSWERED, FIN_SEEN, IGNORED, LAST_SECONDS, META, RESET, STATE, SYN_SENT, UNDECIDED, WANTED } from "./flows.ts";
import type { Half } from "./halves.ts";
import { Handshakes } from "./handshakes.ts";
import { Openings } from "./openings.ts";
import type { Packet } from "./packet.ts";
import { recordFrame, recordReset, type Stream } from "./records.ts";
import type { Room } from "./room.ts";
import { ACK, FIN, newSegment, RST, readSegment, type Segment, SHORTEST_HEADER, SYN } from "./segment.ts";
import { StreamTable } from "./stream-table.ts";
import { Assembler, acknowledge } from "./streams.ts";
import { dueRows, eachOpenRow, idlestRows } from "./sweeps.ts";
import { u16 } from "./words.ts";

/** Rows looked at in one go for flows that are over, in every second and after as many frames: too few to be felt. */
export const SWEEP_ROWS = 256;

/** TCP: every flow is undecided until somebody wants it or nobody does; then its packets cost next to nothing. */
export class Tcp {
  readonly #room: Room;
  readonly #packet: Packet;
  readonly #book: FlowBook;
  readonly #failures: Failures;
  readonly #streams: StreamTable;
  readonly #assembler: Assembler;
  readonly #openings: Openings;
  readonly #handshakes: Handshakes;
  readonly #segment: Segment = newSegment();
  #cursor = 0;
  /** Rows that this round of the sweep looks at: those that come meanwhile are young, and the round must end. */
  #round = 0;

  constructor(room: Room, seed: number) {
    this.#room = room;
    this.#packet = room.packet;
    this.#book = new FlowBook(room.bounds.flows, seed, room.packet);
    this.#failures = new Failures(room, this.#book);
    this.#streams = new StreamTable(this.#book, room);
    this.#assembler = new Assembler(room);
    this.#openings = new Openings(room, this.#book, this.#streams, this.#assembler, (row) => this.#close(row));
    this.#handshakes = new Handshakes(room, this.#book, this.#streams, this.#failures);
  }

  /** The TCP segment at `packet.at`. Segments of ignored flows leave after the lookup. */
  read(packet: Packet): void {
    const { bytes, at } = packet;
    if (at + SHORTEST_HEADER > packet.end) return;
    const { flows } = this.#book;
    const row = flows.find(packet, u16(bytes, at), u16(bytes, at + 2));
    const flags = bytes[at + 13] ?? 0;
    if (row >= 0 && ((flows.rows[row + META] ?? 0) & STATE) === IGNORED) {
      flows.rows[row + LAST_SECONDS] = this.#book.now;
      if ((flags & (SYN | FIN | RST)) === 0) return;
    }
    if (this.#room.twins.isTwin(packet, packet.id !== 0 || (flags & SYN) !== 0)) return;
    if (readSegment(packet, flows.side, this.#segment)) this.#attend(row, this.#segment);
  }

  /** Looks for flows that are over at the time of this packet, which may be a new one, a few at a time. */
  sweep(): void {
    this.#book.turnClock();
    if (this.#cursor >= this.#round) {
      this.#cursor = 0;
      this.#round = this.#book.flows.high;
    }
    const to = Math.min(this.#round, this.#cursor + SWEEP_ROWS);
    const due = dueRows(this.#book, this.#cursor, to, this.#room.bounds);
    this.#cursor = to;
    for (const row of due) this.#remove(row);
  }

  end(): void {
    eachOpenRow(this.#book, (row) => this.#close(row));
  }

  #attend(found: number, segment: Segment): void {
    const row = found >= 0 ? found : this.#begin(segment);
    if (row < 0) return;
    const book = this.#book;
    if (book.state(row) !== WANTED) {
      book.unfold(row);
      book.count(row, segment.side);
    }
    if ((segment.flags & RST) !== 0) this.#reset(row, segment);
    else if ((segment.flags & SYN) !== 0) this.#synchronise(row, segment);
    else this.#established(row, segment);
    book.touch(row);
    if (book.state(row) !== WANTED) book.fold(row);
  }

  /** A row for a flow not seen before, or -1: there is nothing to remember of a lone RST. */
  #begin(segment: Segment): number {
    const { peers, addresses, bounds, tell, packet } = this.#room;
    peers.note(packet);
    if ((segment.flags & RST) !== 0) return -1;
    if (!addresses.isLasting(packet.version, packet.src) || !addresses.isLasting(packet.version, packet.dst)) {
      tell(
        `More than ${bounds.ipv6Addresses} IPv6 addresses: TCP connections of the rest are not followed.`,
        packet.frame,
      );
      return -1;
    }
    if (this.#book.flows.isFull) this.#evict();
    return this.#book.add(segment);
  }

  #synchronise(row: number, segment: Segment): void {
    if (!this.#handshakes.fits(row, segment)) {
      this.#close(row);
      this.#book.initialise(row);
      this.#book.count(row, segment.side);
    }
    this.#handshakes.synchronise(row, segment);
    const stream = this.#streams.of(row);
    if (stream !== null) recordFrame(stream, segment.side, this.#packet);
    if (segment.length === 0) return;
    // Data on a SYN (RFC 7413) waits: whether the server takes it shows later.
    const state = this.#book.state(row);
    if (state === SYN_SENT || state === UNDECIDED) this.#openings.keep(row, segment);
    else if (stream !== null) this.#assembler.payload(stream, segment);
  }

  #reset(row: number, segment: Segment): void {
    if (this.#book.state(row) === SYN_SENT) {
      this.#refuse(row, segment);
      return;
    }
    this.#book.mark(row, RESET);
    const stream = this.#streams.of(row);
    if (stream === null) return;
    recordFrame(stream, segment.side, this.#packet);
    recordReset(stream, segment.side, this.#packet);
    if (stream.connection === null) this.#openings.lastLook(row, stream);
    if (stream.connection !== null) this.#assembler.flush(stream);
  }

  /** RFC 9293 section 3.5.2: a RST in answer to a SYN acknowledges it, or comes without an acknowledgement. */
  #refuse(row: number, segment: Segment): void {
    const client = this.#book.clientSide(row);
    if (segment.side === client) return;
    if ((segment.flags & ACK) !== 0 && !this.#handshakes.isAnswer(row, client, segment.ack)) return;
    this.#failures.refused(row);
    this.#openings.ignore(row);
    this.#book.mark(row, RESET);
  }

  #established(row: number, segment: Segment): void {
    const book = this.#book;
    if (!book.has(row, ANSWERED)) this.#handshakes.followed(row, segment);
    if ((segment.flags & FIN) !== 0) book.mark(row, FIN_SEEN << segment.side);
    const state = book.state(row);
    if (state === UNDECIDED) this.#undecided(row, segment);
    else if (state === WANTED) this.#wanted(row, segment);
    if (book.state(row) === WANTED) this.#letGo(row);
  }

  #wanted(row: number, segment: Segment): void {
    const stream = this.#streams.of(row);
    if (stream === null) return;
    recordFrame(stream, segment.side, this.#packet);
    this.#assembler.giveUpLost(stream, segment);
    // Who reads these bytes as an answer asks how much was asked.
    acknowledge(stream, segment);
    if (segment.length > 0) this.#assembler.payload(stream, segment);
    this.#assembler.control(stream, segment);
  }

  /** Of a connection that is complete nothing more need be kept. */
  #letGo(row: number): void {
    const stream = this.#streams.of(row);
    if (stream === null || !isComplete(stream)) return;
    this.#close(row);
    this.#openings.ignore(row);
  }

  #undecided(row: number, segment: Segment): void {
    const stream = this.#streams.of(row);
    if (stream !== null) {
      this.#assembler.control(stream, segment);
      if (this.#assembler.isHopeless(stream, segment)) this.#openings.withoutBeginning(row, stream);
    }
    if (segment.length === 0) return;
    const state = this.#book.state(row);
    if (state === UNDECIDED) this.#openings.look(row, segment);
    else if (state === WANTED && stream !== null) this.#assembler.payload(stream, segment);
    const opened = stream === null ? this.#streams.of(row) : null;
    if (opened !== null) this.#assembler.control(opened, segment);
  }

  /** Says what is to be said at the end of a connection and keeps nothing but its row. */
  #close(row: number): void {
    const state = this.#book.state(row);
    if (state === SYN_SENT) this.#failures.unanswered(row);
    this.#failures.forget(row);
    const stream = this.#streams.of(row);
    if (stream === null) return;
    if (state === UNDECIDED) this.#openings.lastLook(row, stream);
    this.#assembler.finish(stream);
    this.#openings.release(row);
  }

  #remove(row: number): void {
    this.#close(row);
    this.#book.remove(row);
  }

  #evict(): void {
    const { bounds, tell, packet } = this.#room;
    tell(`More than ${bounds.flows} TCP connections at once: the idlest were forgotten.`, packet.frame);
    for (const row of idlestRows(this.#book, bounds.flows)) this.#remove(row);
  }
}

/** Both sides have sent all they had and were told so: a capture of many short connections need not keep them. */
function isComplete(stream: Stream): boolean {
  return stream.connection !== null && isDone(stream.halves[0]) && isDone(stream.halves[1]);
}

function isDone({ finAt, next, tally }: Half): boolean {
  return finAt >= 0 && next >= finAt && tally.acked >= finAt;
}
