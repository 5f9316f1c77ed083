import type { ConnectionFailure } from "../model/connection.ts";
import type { Addresses } from "./addresses.ts";
import { endpointsOf, newConnection } from "./connections.ts";
import {
  ACK_FRAME,
  BASE,
  BASE_KNOWN,
  CLIENT_IS_1,
  CLIENT_KNOWN,
  COUNTS,
  FIN_SEEN,
  FIRST_FRAME,
  FIRST_NANOS,
  FIRST_SECONDS,
  Flows,
  IGNORED,
  LAST_NANOS,
  LAST_SECONDS,
  META,
  PORTS,
  RESET,
  STATE,
  STREAM,
  SYN_ACK_FRAME,
  SYN_FRAME,
  SYN_SENT,
  TRIES_SHIFT,
  TRY,
  UNDECIDED,
  VERSION_6,
  WANTED,
} from "./flows.ts";
import type { PeerBook } from "./hosts.ts";
import type { Bounds, Packet, TellOnce } from "./packet.ts";
import { type Look, newStream, Recogniser } from "./recognition.ts";
import { ACK, FIN, newSegment, RST, readSegment, type Segment, SHORTEST_HEADER, SYN } from "./segment.ts";
import type { NetSink } from "./sink.ts";
import { Assembler, type Stream } from "./streams.ts";
import { allRows, dueRows, idlestRows } from "./sweeps.ts";
import { u16 } from "./words.ts";

const SYN_FRAMES = 32;
/** Rows looked at in one go for flows that are over: often enough to keep up, too few to be felt. */
const SWEEP_ROWS = 256;

/** What the parts of the network room share. */
export interface Room {
  readonly sink: NetSink;
  readonly bounds: Bounds;
  readonly packet: Packet;
  readonly addresses: Addresses;
  readonly peers: PeerBook;
  readonly tell: TellOnce;
}

/** TCP: decides for every flow whether anybody wants it, and costs next to nothing where nobody does. */
export class Tcp {
  readonly #room: Room;
  readonly #packet: Packet;
  readonly #flows: Flows;
  readonly #assembler: Assembler;
  readonly #recogniser: Recogniser;
  readonly #segment: Segment = newSegment();
  readonly #streams: (Stream | null)[] = [];
  readonly #freeStreams: number[] = [];
  /** Frames of the second and later SYNs of unanswered connections, by row. */
  readonly #repeated = new Map<number, number[]>();
  #epoch = Number.NaN;
  #connections = 0;
  #cursor = 0;
  #sweptSecond = Number.NaN;
  #sinceSweep = 0;

  constructor(room: Room, seed: number) {
    this.#room = room;
    this.#packet = room.packet;
    this.#flows = new Flows(room.bounds.flows, seed);
    this.#assembler = new Assembler(room.sink, room.bounds, room.tell, room.packet);
    this.#recogniser = new Recogniser(room.sink, room.bounds, this.#assembler, room.packet);
  }

  /** The TCP segment at `packet.at`. Segments of ignored flows leave after the lookup. */
  read(packet: Packet): void {
    const { bytes, at } = packet;
    if (at + SHORTEST_HEADER > packet.end) return;
    const flows = this.#flows;
    const sport = u16(bytes, at);
    const dport = u16(bytes, at + 2);
    const row = flows.find(packet, sport, dport);
    if (row >= 0 && ((flows.rows[row + META] ?? 0) & STATE) === IGNORED) {
      flows.rows[row + LAST_SECONDS] = packet.seconds - this.#epoch;
      if (((bytes[at + 13] ?? 0) & (SYN | FIN | RST)) === 0) return;
    }
    if (readSegment(packet, flows.side, this.#segment)) this.#attend(row, this.#segment);
  }

  /** Called with every frame: looks for flows that are over, a few at a time. */
  tick(): void {
    const { seconds } = this.#packet;
    this.#sinceSweep += 1;
    if (seconds === this.#sweptSecond && this.#sinceSweep < SWEEP_ROWS) return;
    this.#sweptSecond = seconds;
    this.#sinceSweep = 0;
    const { high } = this.#flows;
    if (this.#cursor >= high) this.#cursor = 0;
    const to = Math.min(high, this.#cursor + SWEEP_ROWS);
    const now = (seconds - this.#epoch) | 0;
    const due = dueRows(this.#flows.rows, this.#cursor, to, now, this.#room.bounds);
    this.#cursor = to;
    for (const row of due) this.#end(row);
  }

  end(): void {
    for (const row of allRows(this.#flows)) this.#end(row);
  }

  #attend(found: number, segment: Segment): void {
    const row = found >= 0 ? found : this.#begin(segment);
    if (row < 0) return;
    this.#count(row, segment);
    if ((segment.flags & RST) !== 0) this.#reset(row, segment);
    else if ((segment.flags & SYN) !== 0) this.#synchronise(row, segment);
    else this.#established(row, segment);
    const { rows } = this.#flows;
    rows[row + LAST_SECONDS] = this.#packet.seconds - this.#epoch;
    rows[row + LAST_NANOS] = this.#packet.nanos;
  }

  /** A row for a flow not seen before, or -1: there is nothing to remember of a lone RST. */
  #begin(segment: Segment): number {
    const { peers, addresses, bounds, tell } = this.#room;
    const packet = this.#packet;
    peers.note(packet);
    if ((segment.flags & RST) !== 0) return -1;
    if (!addresses.isLasting(packet.version, packet.src) || !addresses.isLasting(packet.version, packet.dst)) {
      tell(
        `More than ${bounds.ipv6Addresses} IPv6 addresses: TCP connections of the rest are not followed.`,
        packet.frame,
      );
      return -1;
    }
    if (Number.isNaN(this.#epoch)) this.#epoch = packet.seconds;
    if (this.#flows.isFull) this.#evictFlows();
    const row = this.#flows.add(packet, segment.sport, segment.dport);
    this.#initialise(row);
    return row;
  }

  #initialise(row: number): void {
    const { rows } = this.#flows;
    rows.fill(0, row + LAST_SECONDS, row + COUNTS + 1);
    rows[row + META] = ((rows[row + META] ?? 0) & VERSION_6) | UNDECIDED;
    rows[row + FIRST_FRAME] = this.#packet.frame;
    rows[row + FIRST_SECONDS] = this.#packet.seconds - this.#epoch;
    rows[row + FIRST_NANOS] = this.#packet.nanos;
  }

  #state(row: number): number {
    return (this.#flows.rows[row + META] ?? 0) & STATE;
  }

  #setState(row: number, state: number): void {
    const { rows } = this.#flows;
    rows[row + META] = ((rows[row + META] ?? 0) & ~STATE) | state;
  }

  #mark(row: number, marks: number): void {
    const { rows } = this.#flows;
    rows[row + META] = (rows[row + META] ?? 0) | marks;
  }

  #has(row: number, mark: number): boolean {
    return ((this.#flows.rows[row + META] ?? 0) & mark) !== 0;
  }

  #word(row: number, word: number): number {
    return this.#flows.rows[row + word] ?? 0;
  }

  #stream(row: number): Stream | null {
    return this.#streams[this.#word(row, STREAM) - 1] ?? null;
  }

  /** Frames of each side before recognition; the counts stop at 65 535. */
  #count(row: number, segment: Segment): void {
    const counts = this.#word(row, COUNTS);
    const mine = segment.side === 0 ? counts & 0xffff : counts >>> 16;
    if (mine < 0xffff) this.#flows.rows[row + COUNTS] = counts + (segment.side === 0 ? 1 : 0x10000);
  }

  #learnBase(row: number, side: number, base: number): void {
    this.#flows.rows[row + BASE + side] = base;
    this.#mark(row, BASE_KNOWN << side);
    const half = this.#stream(row)?.halves[side];
    if (half !== undefined && !half.isKnown) half.startAt(base);
  }

  #learnClient(row: number, side: number): void {
    this.#mark(row, CLIENT_KNOWN | (side === 1 ? CLIENT_IS_1 : 0));
  }

  #clientSide(row: number): 0 | 1 {
    return this.#has(row, CLIENT_IS_1) ? 1 : 0;
  }

  #synchronise(row: number, segment: Segment): void {
    const { side, seq } = segment;
    const isAnswer = (segment.flags & ACK) !== 0;
    const isRepeated = this.#has(row, BASE_KNOWN << side) && this.#word(row, BASE + side) === seq;
    if (isRepeated) this.#repeatedSyn(row, segment, isAnswer);
    else if (this.#fits(row, segment, isAnswer)) this.#firstSyn(row, segment, isAnswer);
    else this.#renew(row, segment, isAnswer);
    if (segment.length > 0) this.#synData(row, segment);
  }

  /** Whether a SYN with a number not heard before can belong to the connection as it is known so far. */
  #fits(row: number, segment: Segment, isAnswer: boolean): boolean {
    const { side } = segment;
    const peer = 1 - side;
    if (this.#has(row, BASE_KNOWN << side)) return false;
    if (this.#has(row, BASE_KNOWN << peer)) {
      return isAnswer ? this.#isForSyn(row, peer, segment.ack) : this.#state(row) === SYN_SENT;
    }
    return this.#word(row, FIRST_FRAME) === this.#packet.frame;
  }

  #firstSyn(row: number, segment: Segment, isAnswer: boolean): void {
    const { rows } = this.#flows;
    const { side } = segment;
    const peer = 1 - side;
    const isFirst = !this.#has(row, BASE_KNOWN << peer);
    this.#learnBase(row, side, segment.seq);
    if (isAnswer) {
      rows[row + SYN_ACK_FRAME] = this.#packet.frame;
      if (isFirst) this.#learnBase(row, peer, segment.ack);
      if (!this.#has(row, CLIENT_KNOWN)) this.#learnClient(row, peer);
      this.#answered(row);
    } else if (isFirst) {
      rows[row + SYN_FRAME] = this.#packet.frame;
      this.#learnClient(row, side);
      this.#setState(row, SYN_SENT);
    } else {
      this.#answered(row); // both opened at once (RFC 9293 section 3.5)
    }
  }

  #repeatedSyn(row: number, segment: Segment, isAnswer: boolean): void {
    const { rows } = this.#flows;
    const word = isAnswer ? SYN_ACK_FRAME : SYN_FRAME;
    if (rows[row + word] === 0) rows[row + word] = this.#packet.frame;
    else if (!isAnswer && this.#state(row) === SYN_SENT && segment.side === this.#clientSide(row)) this.#noteSyn(row);
    const stream = this.#stream(row);
    if (stream !== null) this.#assembler.count(stream, segment);
  }

  #noteSyn(row: number): void {
    const frames = this.#repeated.get(row);
    if (frames === undefined) {
      if (this.#repeated.size < this.#room.bounds.repeatedSyns) this.#repeated.set(row, [this.#packet.frame]);
      else
        this.#room.tell("Too many unanswered connections: of some only the first SYN is listed.", this.#packet.frame);
    } else if (frames.length < SYN_FRAMES - 1) {
      frames.push(this.#packet.frame);
    }
  }

  /** The same ends, another connection. */
  #renew(row: number, segment: Segment, isAnswer: boolean): void {
    this.#close(row);
    this.#initialise(row);
    this.#count(row, segment);
    this.#firstSyn(row, segment, isAnswer);
  }

  /** Data on a SYN (RFC 7413) waits: whether the server takes it shows later. */
  #synData(row: number, segment: Segment): void {
    if (this.#state(row) === SYN_SENT || this.#state(row) === UNDECIDED) this.#keep(row, segment);
    else if (this.#state(row) === WANTED) this.#wanted(row, segment);
  }

  /** Somebody answered, or the client went on as if: no failure. Refused connections come to life again. */
  #answered(row: number): void {
    const state = this.#state(row);
    if (state === SYN_SENT || (state === IGNORED && this.#has(row, RESET))) this.#setState(row, UNDECIDED);
    this.#repeated.delete(row);
  }

  #reset(row: number, segment: Segment): void {
    const stream = this.#stream(row);
    if (this.#state(row) === SYN_SENT) {
      // RFC 9293 section 3.5.2: a RST in answer to a SYN acknowledges it, or comes without an acknowledgement.
      const client = this.#clientSide(row);
      const isForSyn = (segment.flags & ACK) === 0 || this.#isForSyn(row, client, segment.ack);
      if (segment.side !== client && isForSyn) this.#refused(row);
      return;
    }
    this.#mark(row, RESET);
    if (stream === null) return;
    this.#assembler.count(stream, segment);
    this.#assembler.reset(stream, segment.side);
    if (stream.connection === null) this.#lastLook(row, stream);
    if (stream.connection !== null) this.#assembler.flush(stream);
  }

  /** An answer acknowledges the SYN and perhaps data that came with it. */
  #isForSyn(row: number, syn: number, ack: number): boolean {
    const beyond = (ack - this.#word(row, BASE + syn)) | 0;
    return beyond >= 0 && beyond <= 0xffff;
  }

  #refused(row: number): void {
    this.#fail(row, "refused");
    this.#release(row);
    this.#setState(row, IGNORED);
    this.#mark(row, RESET);
  }

  #fail(row: number, how: ConnectionFailure["how"]): void {
    const { rows } = this.#flows;
    const ends = endpointsOf(rows, row, this.#room.addresses);
    const client = this.#clientSide(row);
    const isRefused = how === "refused";
    const first = { seconds: this.#word(row, FIRST_SECONDS) + this.#epoch, nanos: this.#word(row, FIRST_NANOS) };
    const frames = [this.#word(row, FIRST_FRAME), ...(this.#repeated.get(row) ?? [])];
    this.#repeated.delete(row);
    if (isRefused) frames.push(this.#packet.frame);
    const lastTime = isRefused
      ? { seconds: this.#packet.seconds, nanos: this.#packet.nanos }
      : { seconds: this.#word(row, LAST_SECONDS) + this.#epoch, nanos: this.#word(row, LAST_NANOS) };
    this.#room.sink.failed({
      client: ends[client],
      server: ends[client === 0 ? 1 : 0],
      how,
      frames,
      firstTime: first,
      lastTime,
    });
  }

  #established(row: number, segment: Segment): void {
    this.#answered2(row, segment);
    const state = this.#state(row);
    if (state === WANTED) this.#wanted(row, segment);
    else if (state === UNDECIDED) this.#undecided(row, segment);
    if ((segment.flags & FIN) !== 0) this.#mark(row, FIN_SEEN << segment.side);
  }

  /** The first segment behind a handshake tells what the other side's first sequence number was. */
  #answered2(row: number, segment: Segment): void {
    if (this.#state(row) === SYN_SENT) this.#answered(row);
    if (!this.#has(row, CLIENT_KNOWN) || segment.side !== this.#clientSide(row)) return;
    if (this.#word(row, ACK_FRAME) !== 0 || (segment.flags & ACK) === 0) return;
    this.#flows.rows[row + ACK_FRAME] = this.#packet.frame;
    const peer = 1 - segment.side;
    const isThird = this.#word(row, BASE + segment.side) === segment.seq;
    if (isThird && !this.#has(row, BASE_KNOWN << peer)) this.#learnBase(row, peer, segment.ack);
  }

  #wanted(row: number, segment: Segment): void {
    const stream = this.#stream(row);
    if (stream === null) return;
    this.#assembler.count(stream, segment);
    this.#assembler.giveUpLost(stream, segment);
    if (segment.length > 0) this.#assembler.payload(stream, segment);
    this.#assembler.control(stream, segment);
  }

  #undecided(row: number, segment: Segment): void {
    const stream = this.#stream(row);
    if (stream !== null) {
      this.#assembler.control(stream, segment);
      if (stream.halves.some((half) => half.waited > 3 && half.missesWhatPeerHas)) this.#lastLook(row, stream);
      if (this.#state(row) === WANTED) {
        this.#assembler.payload(stream, segment);
        return;
      }
    }
    if (segment.length > 0 && this.#state(row) === UNDECIDED) this.#look(row, stream, segment);
  }

  #look(row: number, stream: Stream | null, segment: Segment): void {
    const startIsKnown = this.#has(row, BASE_KNOWN << segment.side);
    const offset = startIsKnown ? (segment.seq - this.#word(row, BASE + segment.side)) | 0 : 0;
    if (offset < 0) return;
    const isAlone = (stream?.halves[segment.side].held.length ?? 0) === 0;
    if (offset > 0 || !isAlone) {
      this.#collect(row, segment);
      return;
    }
    const look = this.#recogniser.ask(segment);
    if (look === "wait") this.#keep(row, segment);
    else if (look === "no") this.#nobody(row, segment.side);
    else this.#openWith(row, look, segment);
  }

  /** Keeps the segment until there is more to ask about. */
  #keep(row: number, segment: Segment): void {
    const stream = this.#stream(row) ?? this.#newStream(row);
    if (stream !== null) this.#recogniser.keep(stream, segment, this.#has(row, BASE_KNOWN << segment.side));
  }

  #collect(row: number, segment: Segment): void {
    const stream = this.#stream(row) ?? this.#newStream(row);
    if (stream === null) return;
    const look = this.#recogniser.collect(stream, segment, this.#has(row, BASE_KNOWN << segment.side));
    if (look === "no") this.#nobody(row, segment.side);
    else if (look !== "wait") this.#openHeld(row, stream, look);
  }

  /** The held bytes are all there will be. */
  #lastLook(row: number, stream: Stream): void {
    const ports = this.#word(row, PORTS);
    for (const side of [0, 1] as const) {
      const half = stream.halves[side];
      if (half.held.length === 0) continue;
      const [sport, dport] = side === 0 ? [ports >>> 16, ports & 0xffff] : [ports & 0xffff, ports >>> 16];
      const look = this.#recogniser.giveUp(stream, sport, dport, side);
      if (look !== "wait" && look !== "no") {
        this.#openHeld(row, stream, look);
        return;
      }
    }
    this.#release(row);
    this.#setState(row, IGNORED);
  }

  /** Not recognised: at a known start that is the last word, in the middle of a connection one try of several. */
  #nobody(row: number, side: 0 | 1): void {
    const tries = (this.#word(row, META) >>> TRIES_SHIFT) + 1;
    if (this.#has(row, BASE_KNOWN << side) || tries >= this.#room.bounds.recognitionTries) {
      this.#release(row);
      this.#setState(row, IGNORED);
      return;
    }
    this.#flows.rows[row + META] = this.#word(row, META) + TRY;
    const half = this.#stream(row)?.halves[side];
    if (half === undefined) return;
    this.#assembler.drop(half);
    half.isKnown = false;
  }

  #openWith(row: number, look: Exclude<Look, string>, segment: Segment): void {
    const known = this.#stream(row);
    const stream = known ?? this.#newStream(row);
    if (stream === null) return;
    const half = stream.halves[segment.side];
    if (!half.isKnown) half.startAt(segment.seq);
    this.#open(row, stream, look);
    this.#assembler.drainBoth(stream);
    this.#assembler.payload(stream, segment);
    if (known === null) this.#assembler.control(stream, segment);
  }

  #openHeld(row: number, stream: Stream, look: Exclude<Look, string>): void {
    this.#open(row, stream, look);
    this.#assembler.drainBoth(stream);
    // Recognised behind a lost beginning.
    if (stream.halves[look.side].next === 0) this.#assembler.giveUp(stream, look.side);
  }

  #open(row: number, stream: Stream, look: Exclude<Look, string>): void {
    const { rows } = this.#flows;
    stream.clientSide = this.#has(row, CLIENT_KNOWN) ? this.#clientSide(row) : this.#guessClient(row, look);
    const ends = endpointsOf(rows, row, this.#room.addresses);
    const [client, server] = stream.clientSide === 0 ? ends : [ends[1], ends[0]];
    this.#connections += 1;
    const place = { epoch: this.#epoch, packet: this.#packet };
    stream.connection = newConnection(this.#connections, rows, row, [client, server], stream.clientSide, place);
    this.#setState(row, WANTED);
    this.#assembler.publish(stream);
    this.#room.sink.opened(stream.connection, look.protocol);
  }

  #guessClient(row: number, look: Exclude<Look, string>): 0 | 1 {
    const other = look.side === 0 ? 1 : 0;
    if (look.senderIsClient !== null) return look.senderIsClient ? look.side : other;
    const ports = this.#word(row, PORTS);
    if (ports >>> 16 === (ports & 0xffff)) return look.side;
    return ports >>> 16 > (ports & 0xffff) ? 0 : 1;
  }

  #newStream(row: number): Stream | null {
    if (this.#streams.length - this.#freeStreams.length >= this.#room.bounds.streams) this.#evictStreams(row);
    const number = this.#freeStreams.pop() ?? this.#streams.length;
    const stream = newStream();
    for (const side of [0, 1] as const) {
      if (this.#has(row, BASE_KNOWN << side)) stream.halves[side].startAt(this.#word(row, BASE + side));
    }
    this.#streams[number] = stream;
    this.#flows.rows[row + STREAM] = number + 1;
    return stream;
  }

  /** Forgets the stream of a row, without a word. */
  #release(row: number): void {
    const stream = this.#stream(row);
    if (stream === null) return;
    for (const half of stream.halves) this.#assembler.drop(half);
    const number = this.#word(row, STREAM) - 1;
    this.#streams[number] = null;
    this.#freeStreams.push(number);
    this.#flows.rows[row + STREAM] = 0;
  }

  /** Says what is to be said at the end of a connection. */
  #close(row: number): void {
    if (this.#state(row) === SYN_SENT) this.#fail(row, "unanswered");
    const stream = this.#stream(row);
    if (stream === null) return;
    if (stream.connection === null && this.#state(row) === UNDECIDED) this.#lastLook(row, stream);
    this.#assembler.finish(stream);
    this.#release(row);
  }

  #end(row: number): void {
    this.#close(row);
    this.#repeated.delete(row);
    this.#flows.remove(row);
  }

  #evictFlows(): void {
    const { bounds, tell } = this.#room;
    tell(`More than ${bounds.flows} TCP connections at once: the idlest were forgotten.`, this.#packet.frame);
    for (const row of idlestRows(this.#flows, bounds.flows, () => true)) this.#end(row);
  }

  #evictStreams(except: number): void {
    const { bounds, tell } = this.#room;
    tell(`More than ${bounds.streams} connections to be read at once: the idlest were given up.`, this.#packet.frame);
    const isCandidate = (row: number) => row !== except && this.#word(row, STREAM) !== 0;
    for (const row of idlestRows(this.#flows, bounds.streams, isCandidate)) {
      this.#close(row);
      this.#setState(row, IGNORED);
    }
  }
}
