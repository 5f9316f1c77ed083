import { limits } from "../../bytes/limits.ts";
import { Malformed } from "../../bytes/malformed.ts";
import type { Connection, Direction } from "../../model/connection.ts";
import { FrameList } from "../frame-list.ts";
import type { Decoder, Outlet } from "../outlet.ts";
import { placeInStream } from "../place.ts";
import { Gather, type Waiting } from "./gather.ts";
import type { Piece, Stream } from "./stream.ts";

/** A protocol whose messages follow a length. */
export interface Prefixed {
  readonly decoder: Decoder;
  /** Bytes of the length itself. */
  readonly prefix: number;
  readonly port: number;
  /** Bytes of the message with its length, null while too few bytes say; throws `Malformed`. */
  frameLength(bytes: Uint8Array, start: number, end: number): number | null;
  /** Whether a message seems to start here: asked where the way was lost. */
  looksRight(bytes: Uint8Array, start: number, end: number): boolean;
}

/** Bytes after which every length function has an answer. */
const HEADER_BYTES = 8;

interface Side {
  readonly gather: Gather;
  readonly frames: FrameList;
  /** Length of the message being gathered, once known. */
  wanted: number | null;
  /** Bytes are missing: the next message must be found again. */
  lost: boolean;
}

/** Kerberos, kpasswd and DNS over TCP (RFC 4120 7.2.2, RFC 3244 2, RFC 1035 4.2.2). */
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

  gap(direction: Direction): void {
    this.lose(this.side(direction));
  }

  finish(): void {
    for (const side of this.sides) side?.gather.clear();
  }

  private side(direction: Direction): Side {
    const side = this.sides[direction] ?? {
      gather: new Gather(this.waiting),
      frames: new FrameList(),
      wanted: null,
      lost: false,
    };
    this.sides[direction] = side;
    return side;
  }

  /** Reads on at `at`; returns where the rest begins. */
  private step(side: Side, direction: Direction, piece: Piece, at: number): number {
    const { gather } = side;
    const before = gather.length;
    side.frames.add(piece.frame);
    const most = side.wanted === null ? this.headerEnd(before, at, piece.end) : at + side.wanted - before;
    const end = Math.min(piece.end, most);
    const view = gather.join(piece.bytes, at, end);
    side.wanted ??= this.lengthOf(view, piece.frame, side);
    if (side.lost) return piece.end;
    if (side.wanted === null || view.length < side.wanted) {
      if (before === 0) gather.keep(piece.bytes, at, end);
      return end;
    }
    const next = at + side.wanted - before;
    this.deliver(side, direction, view.subarray(this.protocol.prefix, side.wanted), piece, next);
    return next;
  }

  /** Without anything gathered the whole piece may be looked at; else only as much as tells the length. */
  private headerEnd(gathered: number, at: number, end: number): number {
    return gathered === 0 ? end : at + Math.max(1, HEADER_BYTES - gathered);
  }

  private lengthOf(view: Uint8Array, frame: number, side: Side): number | null {
    const length = this.outlet.attempt(() => this.protocol.frameLength(view, 0, view.length));
    if (!(length instanceof Malformed)) return length;
    this.complain(length.message, frame);
    this.lose(side);
    return null;
  }

  private deliver(side: Side, direction: Direction, bytes: Uint8Array, piece: Piece, next: number): void {
    const offset = piece.offset + next - piece.start;
    const place = placeInStream(this.connection, direction, side.frames, offset, piece.now);
    const decoded = this.outlet.decode(this.protocol.decoder, bytes);
    side.gather.clear();
    side.frames.clear();
    side.wanted = null;
    if (decoded instanceof Malformed) {
      this.outlet.problem(this.protocol.decoder.protocol, decoded.message, place.frame);
      return;
    }
    this.messages += 1;
    for (const each of decoded) this.outlet.emit(each, place);
  }

  private lose(side: Side): void {
    side.lost = true;
    side.wanted = null;
    side.gather.clear();
    side.gather.lost = false;
    side.frames.clear();
  }

  /** Once per connection, and only of one that was of this protocol by its port or by what it gave before. */
  private complain(what: string, frame: number): void {
    const expected = this.messages > 0 || this.connection.server.port === this.protocol.port;
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
