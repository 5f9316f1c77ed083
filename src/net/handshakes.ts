import type { Failures } from "./failures.ts";
import type { FlowBook } from "./flow-book.ts";
import { ACK_FRAME, SYN_ACK_FRAME, SYN_FRAME } from "./flow-details.ts";
import { ANSWERED, IGNORED, RESET, SYN_SENT, UNDECIDED } from "./flows.ts";
import type { Room } from "./room.ts";
import { ACK, type Segment } from "./segment.ts";
import type { StreamTable } from "./stream-table.ts";

/** Farther than this an acknowledgement of a SYN cannot reach, whatever data came with it. */
const SYN_REACH = 0xffff;

/** SYN, SYN-ACK and what follows them (RFC 9293 section 3.5): where the streams start and who the client is. */
export class Handshakes {
  readonly #room: Room;
  readonly #book: FlowBook;
  readonly #streams: StreamTable;
  readonly #failures: Failures;

  constructor(room: Room, book: FlowBook, streams: StreamTable, failures: Failures) {
    this.#room = room;
    this.#book = book;
    this.#streams = streams;
    this.#failures = failures;
  }

  /** Whether a SYN belongs to the connection as it is known so far; otherwise it starts another between the same ends. */
  fits(row: number, segment: Segment): boolean {
    const book = this.#book;
    const { side } = segment;
    const peer = 1 - side;
    if (book.knowsBase(row, side)) return book.base(row, side) === segment.seq;
    if (!book.knowsBase(row, peer)) return book.firstFrame(row) === this.#room.packet.frame;
    return (segment.flags & ACK) !== 0 ? this.isAnswer(row, peer, segment.ack) : book.state(row) === SYN_SENT;
  }

  /** Whether `ack` acknowledges the SYN of side `syn`, and perhaps data that came with it. */
  isAnswer(row: number, syn: number, ack: number): boolean {
    const beyond = (ack - this.#book.base(row, syn)) | 0;
    return beyond >= 0 && beyond <= SYN_REACH;
  }

  /** A SYN that `fits`. */
  synchronise(row: number, segment: Segment): void {
    const isAnswer = (segment.flags & ACK) !== 0;
    if (this.#book.knowsBase(row, segment.side)) this.#again(row, segment, isAnswer);
    else if (isAnswer) this.#synAck(row, segment);
    else this.#syn(row, segment);
    this.#streams.learnStarts(row);
  }

  /** Any other segment, until the first of the client ends the handshake and tells where the server's bytes start. */
  followed(row: number, segment: Segment): void {
    const book = this.#book;
    if (book.state(row) === SYN_SENT) this.#answered(row);
    if (!book.knowsClient(row) || segment.side !== book.clientSide(row)) return;
    if ((segment.flags & ACK) === 0) return;
    book.mark(row, ANSWERED);
    book.setDetail(row, ACK_FRAME, this.#room.packet.frame);
    const peer = 1 - segment.side;
    if (book.base(row, segment.side) !== segment.seq || book.knowsBase(row, peer)) return;
    book.learnBase(row, peer, segment.ack);
    this.#streams.learnStarts(row);
  }

  #syn(row: number, segment: Segment): void {
    const book = this.#book;
    const isFirst = !book.knowsBase(row, 1 - segment.side);
    book.learnBase(row, segment.side, segment.seq);
    if (!isFirst) {
      this.#answered(row); // both opened at once
      return;
    }
    book.setDetail(row, SYN_FRAME, this.#room.packet.frame);
    book.learnClient(row, segment.side);
    book.setState(row, SYN_SENT);
  }

  #synAck(row: number, segment: Segment): void {
    const book = this.#book;
    const peer = 1 - segment.side;
    book.learnBase(row, segment.side, segment.seq);
    book.setDetail(row, SYN_ACK_FRAME, this.#room.packet.frame);
    if (!book.knowsBase(row, peer)) book.learnBase(row, peer, segment.ack);
    if (!book.knowsClient(row)) book.learnClient(row, peer);
    this.#answered(row);
  }

  /** The same SYN once more, or one captured behind its own answer. */
  #again(row: number, segment: Segment, isAnswer: boolean): void {
    const book = this.#book;
    const word = isAnswer ? SYN_ACK_FRAME : SYN_FRAME;
    if (book.detail(row, word) === 0) book.setDetail(row, word, this.#room.packet.frame);
    else if (book.state(row) === SYN_SENT && segment.side === book.clientSide(row)) this.#failures.repeated(row);
  }

  /** Somebody answered, or the client went on as if: no failure. A refused connection comes to life again. */
  #answered(row: number): void {
    const state = this.#book.state(row);
    const isRefused = state === IGNORED && this.#book.has(row, RESET);
    if (state === SYN_SENT || isRefused) this.#book.setState(row, UNDECIDED);
    this.#failures.forget(row);
  }
}
