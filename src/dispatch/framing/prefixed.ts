import { limits } from "../../bytes/limits.ts";
import { Malformed } from "../../bytes/malformed.ts";
import type { Connection, Direction } from "../../model/connection.ts";
import { FrameList } from "../frame-list.ts";
import type { Decoder, Outlet } from "../outlet.ts";
import { placeInStream } from "../place.ts";
import { Gather, type Waiting } from "./gather.ts";
import type { Piece, Stream } from "./stream.ts";

/** A protocol whose messages say at their start how long they are. */
export interface Prefixed {
  readonly decoder: Decoder;
  /** Bytes of a length that is not part of the message. */
  readonly prefix: number;
  readonly ports: readonly number[];
  /** Bytes of the message with its length, null while too few bytes say; throws `Malformed`. */
  frameLength(bytes: Uint8Array, start: number, end: number): number | null;
  /** Bytes from `start` on that tell more, where they do not say yet; absent: `HEADER_BYTES` always do. */
  reach?(bytes: Uint8Array, start: number, end: number): number;
  /** Whether anybody reads the message at `start`, whose length is known; others are passed over. Absent: yes. */
  isWanted?(bytes: Uint8Array, start: number, end: number): boolean;
  /** Whether a message seems to start here: asked where the way was lost. */
  looksRight(bytes: Uint8Array, start: number, end: number): boolean;
}

/** Bytes after which most length functions have an answer. */
const HEADER_BYTES = 8;

interface Side {
  readonly gather: Gather;
  readonly frames: FrameList;
  /** Length of the message being gathered, once known. */
  wanted: number | null;
  /** Bytes still to come of a message that nobody reads. */
  passing: number;
  /** Bytes are missing: the next message must be found again. */
  lost: boolean;
}

/**
 * Kerberos, kpasswd and DNS over TCP (RFC 4120 7.2.2, RFC 3244 2, RFC 1035 4.2.2), LDAP (RFC 4511 5.1), DCE-RPC
 * (C706 12.6.3.1) and TDS (MS-TDS 2.2.3.1).
 */
export class PrefixedStream implements Stream {
  private readonly outlet: Outlet;
  private readonly connection: Connection;
  private readonly protocol: Prefixed;
  private readonly waiting: Waiting;
  /** By direction, from its first bytes on. */
  private readonly sides: [Side | null, Side | null] = [null, null];
  private messages = 0;
  private told = false;

  constructor(outlet: Outlet, waiting: Waiting, connection: Connection, protocol: Prefixed) {
    this.outlet = outlet;
    this.connection = connection;
    this.protocol = protocol;
    this.waiting = waiting;
  }

  data(piece: Piece, direction: Direction): boolean {
    const side = this.side(direction);
    if (side.gather.lost) this.lose(side);
    if (side.lost) {
      if (!this.protocol.looksRight(piece.bytes, piece.start, piece.end)) return true;
      side.lost = false;
    }
    for (let at = piece.start; at < piece.end && !side.lost; ) at = this.step(side, direction, piece, at);
    return !side.lost || this.messages > 0;
  }

  gap(direction: Direction, length: number): boolean {
    const side = this.side(direction);
    const isPassed = side.passing >= length;
    if (isPassed) side.passing -= length;
    else this.lose(side);
    return !isPassed;
  }

  finish(): void {
    for (const side of this.sides) side?.gather.clear();
  }

  private side(direction: Direction): Side {
    const side = this.sides[direction] ?? {
      gather: new Gather(this.waiting),
      frames: new FrameList(),
      wanted: null,
      passing: 0,
      lost: false,
    };
    this.sides[direction] = side;
    return side;
  }

  /** Reads on at `at`; returns where the rest begins. */
  private step(side: Side, direction: Direction, piece: Piece, at: number): number {
    if (side.passing > 0) return this.pass(side, piece, at);
    const { gather } = side;
    const before = gather.length;
    side.frames.add(piece.frame);
    const most = side.wanted === null ? this.headerEnd(gather, at, piece.end) : at + side.wanted - before;
    const end = Math.min(piece.end, most);
    if (before > 0) gather.keep(piece.bytes, at, end);
    const bytes = before > 0 ? gather.bytes : piece.bytes;
    const start = before > 0 ? 0 : at;
    const length = before + end - at;
    if (side.wanted === null && !this.measure(bytes, start, start + length, piece.frame, side)) {
      side.passing -= before;
      return side.lost ? piece.end : at;
    }
    if (side.wanted === null || length < side.wanted) {
      if (before === 0) gather.keep(piece.bytes, at, end);
      return end;
    }
    const next = at + side.wanted - before;
    this.deliver(side, direction, bytes.subarray(start + this.protocol.prefix, start + side.wanted), piece, next);
    return next;
  }

  private pass(side: Side, piece: Piece, at: number): number {
    const passed = Math.min(side.passing, piece.end - at);
    side.passing -= passed;
    return at + passed;
  }

  /** Without anything gathered the whole piece may be looked at; else only as much as tells the length. */
  private headerEnd(gather: Gather, at: number, end: number): number {
    if (gather.length === 0) return end;
    const reach = this.protocol.reach?.(gather.bytes, 0, gather.length) ?? HEADER_BYTES;
    return at + Math.max(1, reach - gather.length);
  }

  /** Finds the length of the message that begins with `bytes[start, end)`; false where it is not to be read. */
  private measure(bytes: Uint8Array, start: number, end: number, frame: number, side: Side): boolean {
    const length = this.outlet.attempt(this.protocol.frameLength, bytes, start, end);
    if (length instanceof Malformed) {
      this.complain(new Malformed(length.what, length.at - start).message, frame);
      this.lose(side);
      return false;
    }
    if (length === null || this.protocol.isWanted?.(bytes, start, end) !== false) {
      side.wanted = length;
      return true;
    }
    this.forget(side);
    side.passing = length;
    return false;
  }

  private deliver(side: Side, direction: Direction, bytes: Uint8Array, piece: Piece, next: number): void {
    const decoded = this.outlet.decode(this.protocol.decoder, bytes);
    const offset = piece.offset + next - piece.start;
    const place = placeInStream(this.connection, direction, side.frames, offset, piece.now);
    this.forget(side);
    if (decoded instanceof Malformed) {
      this.outlet.problem(this.protocol.decoder.protocol, decoded.message, place.frame);
      return;
    }
    this.messages += 1;
    for (const each of decoded) this.outlet.emit(each, place);
  }

  private forget(side: Side): void {
    side.wanted = null;
    side.gather.clear();
    side.frames.clear();
  }

  private lose(side: Side): void {
    this.forget(side);
    side.lost = true;
    side.passing = 0;
    side.gather.lost = false;
  }

  /** Once per connection, and only of one that was of this protocol by its port or by what it gave before. */
  private complain(what: string, frame: number): void {
    const expected = this.messages > 0 || this.protocol.ports.includes(this.connection.server.port);
    if (!expected || this.told) return;
    this.told = true;
    this.outlet.problem(this.protocol.decoder.protocol, what, frame);
  }
}

/** RFC 1035 4.2.2: two bytes of length. */
export function dnsFrameLength(bytes: Uint8Array, start: number, end: number): number | null {
  if (end - start < 2) return null;
  const length = ((bytes[start] ?? 0) << 8) | (bytes[start + 1] ?? 0);
  if (length < 12 || length > limits.dnsMessageBytes) throw new Malformed(`length ${length} of a message`, start);
  return length + 2;
}
