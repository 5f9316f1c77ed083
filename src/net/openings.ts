import { newConnection } from "./connections.ts";
import { endpointOf } from "./endpoints.ts";
import type { FlowBook } from "./flow-book.ts";
import { IGNORED, META, TRIES_SHIFT, TRY, WANTED } from "./flows.ts";
import { type Found, type Look, Recogniser } from "./recognition.ts";
import { closingOf, type Stream } from "./records.ts";
import type { Room } from "./room.ts";
import { ACK, type Segment } from "./segment.ts";
import type { StreamTable } from "./stream-table.ts";
import type { Assembler } from "./streams.ts";
import { idlestOf } from "./sweeps.ts";

type Refusal = Extract<Look, "no" | "cut">;

function isRefusal(look: Look): look is Refusal {
  return look === "no" || look === "cut";
}

/** From undecided to wanted or ignored: asks about first bytes, keeps them while it must, opens connections. */
export class Openings {
  readonly #room: Room;
  readonly #book: FlowBook;
  readonly #streams: StreamTable;
  readonly #assembler: Assembler;
  readonly #recogniser: Recogniser;
  readonly #close: (row: number) => void;
  #connections = 0;

  constructor(
    room: Room,
    book: FlowBook,
    streams: StreamTable,
    assembler: Assembler,
    /** Says the last word on a connection and leaves its row. */
    close: (row: number) => void,
  ) {
    this.#room = room;
    this.#book = book;
    this.#streams = streams;
    this.#assembler = assembler;
    this.#recogniser = new Recogniser(room.sink, room.bounds, assembler, room.packet);
    this.#close = close;
  }

  /** Data of an undecided flow. */
  look(row: number, segment: Segment): void {
    const { side } = segment;
    const offset = this.#book.knowsBase(row, side) ? (segment.seq - this.#book.base(row, side)) | 0 : 0;
    if (offset < 0) return;
    const held = this.#streams.of(row)?.halves[side].held.length ?? 0;
    if (offset > 0 || held > 0) {
      this.#collect(row, segment);
      return;
    }
    const look = this.#recogniser.ask(segment);
    if (look === "wait") this.keep(row, segment);
    else if (isRefusal(look)) this.#nobody(row, side, look);
    else this.#openWith(row, look, segment);
  }

  /** Keeps the segment until there is more to ask about. */
  keep(row: number, segment: Segment): void {
    const stream = this.#streams.of(row) ?? this.#newStream(row);
    this.#recogniser.keep(stream, segment, this.#book.knowsBase(row, segment.side));
  }

  /** The bytes held are all there will be. */
  lastLook(row: number, stream: Stream): void {
    if (!this.#lookAtHeld(row, stream)) this.ignore(row);
  }

  /** The beginning of one side will not come; the other one, if it has said nothing yet, may still tell. */
  withoutBeginning(row: number, stream: Stream): void {
    if (this.#lookAtHeld(row, stream)) return;
    const silent = stream.halves.find(({ held, tally }) => held.length === 0 && tally.seen === 0);
    if (silent === undefined || !this.#tryAgain(row)) this.ignore(row);
    else for (const half of stream.halves) this.#assembler.drop(half);
  }

  #lookAtHeld(row: number, stream: Stream): boolean {
    for (const side of [0, 1] as const) {
      if (stream.halves[side].held.length === 0) continue;
      const ports = [this.#book.port(row, side), this.#book.port(row, side === 0 ? 1 : 0)] as const;
      const look = this.#recogniser.giveUp(stream, ports[0], ports[1], side);
      if (look === "cut") this.#tellCut(row, side);
      if (typeof look === "string") continue;
      this.#openHeld(row, stream, look);
      return true;
    }
    return false;
  }

  /** Forgets what is held of a connection nobody wants. */
  ignore(row: number): void {
    this.release(row);
    this.#book.setState(row, IGNORED);
  }

  release(row: number): void {
    const stream = this.#streams.of(row);
    if (stream === null) return;
    this.#assembler.drop(stream.halves[0]);
    this.#assembler.drop(stream.halves[1]);
    this.#streams.remove(row);
  }

  #collect(row: number, segment: Segment): void {
    const stream = this.#streams.of(row) ?? this.#newStream(row);
    const look = this.#recogniser.collect(stream, segment, this.#book.knowsBase(row, segment.side));
    if (isRefusal(look)) this.#nobody(row, segment.side, look);
    else if (look !== "wait") this.#openHeld(row, stream, look);
  }

  /** Not recognised: at a known start that is the last word, in the middle of a connection one try of several. */
  #nobody(row: number, side: 0 | 1, look: Refusal): void {
    if (look === "cut") this.#tellCut(row, side);
    if (this.#book.knowsBase(row, side) || !this.#tryAgain(row)) {
      this.ignore(row);
      return;
    }
    const half = this.#streams.of(row)?.halves[side];
    if (half === undefined) return;
    this.#assembler.drop(half);
    half.isKnown = false;
  }

  #tellCut(row: number, side: 0 | 1): void {
    const book = this.#book;
    const { addresses, packet, sink } = this.#room;
    const client = book.knowsClient(row) ? book.clientSide(row) : this.#higherPort(row, side);
    const server = client === 0 ? 1 : 0;
    sink.cutOpening(endpointOf(book, row, client, addresses), endpointOf(book, row, server, addresses), packet);
  }

  #tryAgain(row: number): boolean {
    const meta = this.#book.word(row, META);
    if ((meta >>> TRIES_SHIFT) + 1 >= this.#room.bounds.recognitionTries) return false;
    this.#book.set(row, META, meta + TRY);
    return true;
  }

  #openWith(row: number, found: Found, segment: Segment): void {
    const stream = this.#streams.of(row) ?? this.#newStream(row);
    const half = stream.halves[segment.side];
    if (!half.isKnown) half.startAt(segment.seq);
    this.#open(row, stream, found);
    if (segment.side === stream.clientSide) learnAnswersStart(stream, segment);
    this.#assembler.drainBoth(stream);
    this.#assembler.payload(stream, segment);
  }

  #openHeld(row: number, stream: Stream, found: Found): void {
    this.#open(row, stream, found);
    this.#assembler.drainBoth(stream);
    // Recognised behind a lost beginning.
    if (stream.halves[found.side].next === 0) this.#assembler.giveUp(stream, found.side);
  }

  #open(row: number, stream: Stream, found: Found): void {
    const book = this.#book;
    stream.clientSide = book.knowsClient(row) ? book.clientSide(row) : this.#guessClient(row, found);
    this.#connections += 1;
    const connection = newConnection(this.#connections, book, row, stream, this.#room, this.#streams.resting);
    stream.connection = connection;
    book.setState(row, WANTED);
    connection.closed = closingOf(stream);
    this.#room.sink.opened(connection, found.protocol);
  }

  /** Without a handshake: as the bytes say, else the higher port. */
  #guessClient(row: number, found: Found): 0 | 1 {
    const other = found.side === 0 ? 1 : 0;
    if (found.senderIsClient !== null) return found.senderIsClient ? found.side : other;
    return this.#higherPort(row, found.side);
  }

  /** Of equal ones that of `side`. */
  #higherPort(row: number, side: 0 | 1): 0 | 1 {
    const other = side === 0 ? 1 : 0;
    return this.#book.port(row, side) >= this.#book.port(row, other) ? side : other;
  }

  #newStream(row: number): Stream {
    if (this.#streams.size >= this.#room.bounds.streams) this.#evict(row);
    return this.#streams.add(row);
  }

  #evict(except: number): void {
    const { bounds, tell, packet } = this.#room;
    tell(`More than ${bounds.streams} connections to be read at once: the idlest were given up.`, packet.frame);
    const others = this.#streams.rows().filter((row) => row !== except);
    for (const row of idlestOf(this.#book, others, bounds.streams)) {
      this.#close(row);
      this.#book.setState(row, IGNORED);
      this.#book.fold(row);
    }
  }
}

/** Who asks acknowledges all that was said before: the answer begins there, also one that the capture lost. */
function learnAnswersStart(stream: Stream, segment: Segment): void {
  const peer = stream.halves[segment.side === 0 ? 1 : 0];
  if (!peer.isKnown && (segment.flags & ACK) !== 0) peer.startAt(segment.ack);
}
