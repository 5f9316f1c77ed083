import { smb } from "../../../dissectors/smb/index.ts";
import {
  FRAME_BYTES,
  isSealedPdu,
  isSessionMessage,
  isSmb1,
  isWantedPdu,
  PDU_BYTES,
  pduLength,
  sessionLength,
  smb2,
  startOf,
} from "../../../dissectors/smb2/index.ts";
import { limits } from "../../bytes/limits.ts";
import { Malformed } from "../../bytes/malformed.ts";
import type { Connection, Direction } from "../../model/connection.ts";
import type { Instant } from "../../model/time.ts";
import { FrameList } from "../frame-list.ts";
import type { Outlet } from "../outlet.ts";
import { placeInStream } from "../place.ts";
import { Gather, type Waiting } from "./gather.ts";
import type { Piece, Stream } from "./stream.ts";

/** What one direction of an SMB connection is in the middle of. */
class Side {
  readonly gather: Gather;
  readonly frames = new FrameList();
  /** `frame`: type and length of a session packet; `head`: the first bytes of a message; `body`: a message somebody reads. */
  state: "frame" | "head" | "body" | "lost" = "frame";
  /** Bytes without which it cannot go on. */
  need = FRAME_BYTES;
  /** Bytes of the session packet from the present message on. */
  left = 0;
  /** Bytes to pass over first: contents of files, and messages that nobody reads. */
  skip = 0;

  constructor(waiting: Waiting) {
    this.gather = new Gather(waiting);
  }

  startFrame(): void {
    this.clear("frame", FRAME_BYTES);
  }

  /** The next message of the packet, or the next packet. */
  startMessage(): void {
    if (this.left === 0) this.startFrame();
    else this.clear("head", Math.min(PDU_BYTES, this.left));
  }

  /** Passes over `length` bytes of the packet, of which `known` were seen. */
  pass(length: number, known: number): void {
    this.left -= length;
    this.skip = length - known;
    this.startMessage();
  }

  lose(): void {
    this.clear("lost", FRAME_BYTES);
    this.skip = 0;
    this.gather.lost = false;
  }

  private clear(state: Side["state"], need: number): void {
    this.state = state;
    this.need = need;
    this.gather.clear();
    this.frames.clear();
  }
}

/**
 * SMB of all versions over TCP: session packets (RFC 1002 4.3.1, MS-SMB2 2.1) with one message or a compound each.
 *
 * Messages of a login are gathered and decoded; all others are passed over by their lengths.
 */
export class SmbStream implements Stream {
  private readonly outlet: Outlet;
  private readonly connection: Connection;
  private readonly sides: readonly [Side, Side];
  private messages = 0;
  private told = false;

  constructor(outlet: Outlet, waiting: Waiting, connection: Connection) {
    this.outlet = outlet;
    this.connection = connection;
    this.sides = [new Side(waiting), new Side(waiting)];
  }

  data(piece: Piece, direction: Direction): boolean {
    const side = this.sides[direction];
    if (side.gather.lost) side.lose();
    if (side.state === "lost") {
      if (!opens(piece.bytes, piece.start, piece.end)) return true;
      side.startFrame();
    }
    for (let at = piece.start; at < piece.end && !isLost(side); ) at = this.step(side, direction, piece, at);
    return this.messages > 0 || !isLost(side);
  }

  gap(direction: Direction, length: number): boolean {
    const side = this.sides[direction];
    if (side.skip >= length) {
      side.skip -= length;
      return false;
    }
    const end = side.state === "body" ? side.need : side.left;
    const rest = side.skip + end - side.gather.length - length;
    if (side.state === "frame" || side.state === "lost" || rest < 0) {
      side.lose();
      return true;
    }
    this.tellCut(side, direction);
    // The packet's own length leads on to the next one.
    side.pass(end, end - rest);
    return true;
  }

  finish(): void {
    for (const side of this.sides) side.gather.clear();
  }

  /** Reads on at `at`; returns where the rest begins. */
  private step(side: Side, direction: Direction, piece: Piece, at: number): number {
    if (side.skip > 0) {
      const passed = Math.min(side.skip, piece.end - at);
      side.skip -= passed;
      return at + passed;
    }
    const { gather } = side;
    const end = Math.min(piece.end, at + side.need - gather.length);
    if (gather.length === 0 && end - at === side.need) return this.read(side, direction, piece, piece.bytes, at, end);
    gather.keep(piece.bytes, at, end);
    side.frames.add(piece.frame);
    if (gather.length < side.need) return end;
    this.read(side, direction, piece, gather.view(), 0, end);
    return end;
  }

  /** Takes the next `side.need` bytes, which are at `bytes[at]`; returns where the piece goes on, of which `end` is used. */
  private read(side: Side, direction: Direction, piece: Piece, bytes: Uint8Array, at: number, end: number): number {
    if (side.state === "body") {
      this.deliver(side, direction, bytes.subarray(at, at + side.need), piece, end);
      return end;
    }
    const isHead = side.state === "head";
    if (isHead && this.messages === 0 && isSealedPdu(bytes, at)) {
      this.tellSealed(side, direction, bytes.subarray(at, at + side.need), piece, end);
    }
    const isHere = bytes === piece.bytes;
    const wanted = this.outlet.attempt(
      () => (isHead ? readHead(side, bytes, at) : readFrame(side, bytes, at)),
      bytes,
      at,
      end,
    );
    if (wanted instanceof Malformed) {
      this.complain(wanted.what, piece.frame);
      side.lose();
      return piece.end;
    }
    if (!isHead && isHere && end === piece.end) side.frames.add(piece.frame);
    // A message that somebody reads is taken from its first byte on, where that is still here.
    return isHead && wanted && isHere ? at : end;
  }

  private deliver(side: Side, direction: Direction, bytes: Uint8Array, piece: Piece, end: number): void {
    side.frames.add(piece.frame);
    this.decode(side, direction, bytes, piece.offset + end - piece.start, piece.now, false);
    side.pass(side.need, side.need);
  }

  /** A connection joined after its login, and encrypted: that is worth a word, once. */
  private tellSealed(side: Side, direction: Direction, bytes: Uint8Array, piece: Piece, end: number): void {
    side.frames.add(piece.frame);
    this.decode(side, direction, bytes, piece.offset + end - piece.start, piece.now, false);
  }

  private decode(
    side: Side,
    direction: Direction,
    bytes: Uint8Array,
    offset: number,
    now: Instant,
    cut: boolean,
  ): void {
    const place = placeInStream(this.connection, direction, side.frames, offset, now);
    const decoder = isSmb1(bytes) ? smb : smb2;
    const decoded = this.outlet.decode(decoder, bytes, cut);
    if (decoded instanceof Malformed) {
      this.outlet.problem(decoder.protocol, decoded.message, place.frame);
      return;
    }
    this.messages += 1;
    for (const each of decoded) this.outlet.emit(each, place);
  }

  /** A message of a login of which the capture holds the beginning only (snap length). */
  private tellCut(side: Side, direction: Direction): void {
    if (side.state !== "body" || side.gather.length < PDU_BYTES || isSmb1(side.gather.view())) return;
    const { lastTime, seen } = this.connection;
    this.decode(side, direction, side.gather.view(), seen[direction], { ...lastTime }, true);
  }

  /** Once per connection, and only of one that was SMB by its port or by what it gave before. */
  private complain(what: string, frame: number): void {
    const isExpected = this.messages > 0 || (smb2.ports.tcp ?? []).includes(this.connection.server.port);
    if (!isExpected || this.told) return;
    this.told = true;
    this.outlet.problem(smb2.protocol, what, frame);
  }
}

const isLost = (side: Side) => side.state === "lost";

function opens(bytes: Uint8Array, start: number, end: number): boolean {
  const start1 = startOf(bytes, start, end);
  return start1 !== "no" && start1 !== "more";
}

/** Session requests, their answers and keep-alives are passed over. */
function readFrame(side: Side, bytes: Uint8Array, at: number): boolean {
  const length = sessionLength(bytes, at);
  side.left = length;
  if (isSessionMessage(bytes, at)) side.startMessage();
  else side.pass(length, 0);
  return false;
}

/** True where somebody reads the message. */
function readHead(side: Side, bytes: Uint8Array, at: number): boolean {
  const known = side.need;
  const length = pduLength(bytes, at, known, side.left);
  if (!isWantedPdu(bytes, at, known) || length > limits.smbMessageBytes) {
    side.pass(length, known);
    return false;
  }
  side.state = "body";
  side.need = length;
  return true;
}
