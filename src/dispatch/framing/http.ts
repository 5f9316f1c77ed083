import {
  type Block,
  type Body,
  bodyOf,
  decodeHead,
  expectsContinue,
  http,
  readBlock,
  readStartLine,
  type StartLine,
  startOf,
} from "../../../dissectors/http/index.ts";
import type { HttpMessage } from "../../../dissectors/http/message.ts";
import { limits } from "../../bytes/limits.ts";
import { Malformed } from "../../bytes/malformed.ts";
import { type Connection, type Direction, FROM_CLIENT, FROM_SERVER } from "../../model/connection.ts";
import type { Outlet } from "../outlet.ts";
import { placeInStream } from "../place.ts";
import { ClientHelloStream } from "./client-hello.ts";
import type { HttpSide, HttpSides } from "./http-side.ts";
import { Pending } from "./pending.ts";
import type { Piece, Stream } from "./stream.ts";
import { Tunnel } from "./tunnel.ts";

const LINE_FEED = 10;

/**
 * HTTP/1.x: header blocks are decoded, bodies passed over by count (RFC 9112 6 and 7).
 *
 * A message is told when its body is complete, which is the frame that protocol analysers give it; before that when
 * its answer has come, or when the body is too slow or too large to wait for.
 */
export class HttpStream implements Stream {
  private readonly outlet: Outlet;
  private readonly spare: HttpSides;
  private connection: Connection;
  /** By direction, while there is a message: most connections of a large capture say nothing at most times. */
  private readonly sides: [HttpSide | null, HttpSide | null] = [null, null];
  private readonly pending = new Pending();
  private tunnel: Tunnel | null = null;
  private hasMessages = false;
  /** A complaint. */
  told = false;
  private done = false;

  constructor(outlet: Outlet, spare: HttpSides, connection: Connection) {
    this.outlet = outlet;
    this.spare = spare;
    this.connection = connection;
  }

  /** Between two messages nothing is to be known of a connection but what it complained of. */
  get isAtRest(): boolean {
    const [client, server] = this.sides;
    return client === null && server === null && this.hasMessages && this.pending.isEmpty && this.tunnel === null;
  }

  /** Lends itself to a new connection, when it is at rest. */
  begin(connection: Connection): void {
    this.connection = connection;
    this.hasMessages = false;
    this.told = false;
  }

  /** Lends itself to one that had messages before. */
  goOnAfter(told: boolean): void {
    this.hasMessages = true;
    this.told = told;
  }

  data(piece: Piece, direction: Direction): boolean {
    if (this.tunnel !== null) return this.tunnel.data(piece, direction);
    const side = this.side(direction);
    if (side.gather.lost) side.lose();
    let at = piece.start;
    while (at < piece.end && !this.done && this.tunnel === null) at = this.step(side, direction, piece, at);
    if (side.isBetweenMessages) {
      this.sides[direction] = null;
      this.spare.giveBack(side);
    }
    return !this.done;
  }

  private side(direction: Direction): HttpSide {
    const side = this.sides[direction] ?? this.spare.take();
    this.sides[direction] = side;
    return side;
  }

  gap(direction: Direction, length: number): boolean {
    if (this.tunnel !== null) return this.tunnel.gap(direction, length);
    const side = this.side(direction);
    if (side.passGap(length)) {
      this.endBody(side, direction);
      return false;
    }
    // Requests or responses may be among the lost bytes: who answers whom is open again.
    this.pending.forget();
    this.tell(side, direction);
    this.tellCut(side, direction);
    side.lose();
    return true;
  }

  /** A header block of which the capture holds the beginning (snap length): its whole lines are told, as cut. */
  private tellCut(side: HttpSide, direction: Direction): void {
    if (side.mode !== "head" || side.gather.length === 0) return;
    const bytes = side.gather.view();
    const lines = bytes.subarray(0, bytes.lastIndexOf(LINE_FEED) + 1);
    const read = this.outlet.attempt(readHeader, lines, 0, lines.length);
    if (read instanceof Malformed || read.line.kind !== expected(direction)) return;
    const { message } = decodeHead(read.block, read.line);
    side.hold({ message: { ...message, cut: true } }, this.connection.seen[direction], this.connection.lastTime);
    this.hasMessages = true;
    this.tell(side, direction);
  }

  finish(): void {
    this.tunnel?.finish();
    this.tell(this.sides[FROM_CLIENT], FROM_CLIENT);
    this.addClosing(this.sides[FROM_SERVER]);
    this.tell(this.sides[FROM_SERVER], FROM_SERVER);
    for (const side of this.sides) side?.gather.clear();
  }

  /** Reads on at `at`; returns where the rest begins. */
  private step(side: HttpSide, direction: Direction, piece: Piece, at: number): number {
    if (side.mode === "lost") return this.find(side, direction, piece, at);
    return side.mode === "head" ? this.head(side, direction, piece, at) : this.body(side, direction, piece, at);
  }

  /** Looks for the next message at the start of a segment. */
  private find(side: HttpSide, direction: Direction, piece: Piece, at: number): number {
    if (at !== piece.start || startOf(piece.bytes, at, piece.end) !== expected(direction)) return piece.end;
    side.startHead();
    return at;
  }

  private head(side: HttpSide, direction: Direction, piece: Piece, at: number): number {
    if (side.gather.length === 0 && !startsRight(direction, piece, at)) {
      return this.loseWay(side, `no ${expected(direction)} where one should begin`, piece);
    }
    side.frames.add(piece.frame);
    const headEnd = side.headEnd.find(piece.bytes, at, piece.end);
    const end = headEnd < 0 ? piece.end : headEnd;
    if (side.gather.length + end - at > limits.httpHeaderBytes) {
      this.complain(`header block of more than ${limits.httpHeaderBytes} bytes`, piece.frame);
      this.done = true;
      return piece.end;
    }
    if (headEnd < 0) {
      side.gather.keep(piece.bytes, at, end);
      return end;
    }
    const { gather } = side;
    if (gather.length > 0) gather.keep(piece.bytes, at, end);
    const read =
      gather.length > 0
        ? this.outlet.attempt(readHeader, gather.bytes, 0, gather.length)
        : this.outlet.attempt(readHeader, piece.bytes, at, end);
    if (read instanceof Malformed) return this.loseWay(side, read.message, piece);
    return this.takeHead(side, direction, read, piece, end);
  }

  private takeHead(side: HttpSide, direction: Direction, { block, line }: Head, piece: Piece, end: number): number {
    if (line.kind !== expected(direction)) return this.loseWay(side, `${line.kind} from the wrong side`, piece);
    this.hasMessages = true;
    const body = this.bodyAfter(block, line, piece.frame);
    // The answer shows that the request was complete enough for its server.
    if (line.kind === "response" && line.status >= 200) this.tell(this.sides[FROM_CLIENT], FROM_CLIENT);
    const decoded = decodeHead(block, line);
    if (hasManyChallenges(decoded.message)) {
      this.complain(
        `${limits.httpChallenges} challenges or more in one response: no further ones were read`,
        piece.frame,
      );
    }
    side.hold(decoded, piece.offset + end - piece.start, piece.now);
    side.mayOmitBody = expectsContinue(block);
    if (!side.startBody(body)) this.goOn(side, direction, line, body, piece.frame);
    return side.mode === "lost" ? piece.end : end;
  }

  private bodyAfter(block: Block, line: StartLine, frame: number): Body {
    if (line.kind === "response") return bodyOf(block, line, this.pending.answeredBy(line));
    if (!this.pending.request(line.method)) {
      this.complain(`more than ${limits.pipelinedRequests} requests without a response`, frame);
    }
    return bodyOf(block, line, null);
  }

  /** Behind a message without a body. */
  private goOn(side: HttpSide, direction: Direction, line: StartLine, body: Body, frame: number): void {
    this.tell(side, direction);
    side.startHead();
    if (body.kind === "tunnel") {
      this.tunnel = new Tunnel({
        tls: () => new ClientHelloStream(this.outlet, this.spare.waiting, this.connection),
        http: () => new HttpStream(this.outlet, this.spare, this.connection),
      });
    } else if (body.kind === "unknown") {
      if (line.kind === "response" && line.status === 101) {
        this.done = true;
        return;
      }
      this.complain("body of a length that cannot be known", frame);
      side.lose();
    }
  }

  private body(side: HttpSide, direction: Direction, piece: Piece, at: number): number {
    if (side.mayOmitBody && at === piece.start && startOf(piece.bytes, at, piece.end) === "request") {
      this.tell(side, direction);
      side.startHead();
      return at;
    }
    side.mayOmitBody = false;
    const end = side.passBody(piece.bytes, at, piece.end);
    if (side.chunks?.damaged) {
      this.tell(side, direction);
      return this.loseWay(side, "damaged chunk size", piece);
    }
    if (side.held !== null) this.hold(side, direction, piece, end - at);
    this.endBody(side, direction);
    return end;
  }

  private hold(side: HttpSide, direction: Direction, piece: Piece, bytes: number): void {
    if (side.held === null) return;
    side.addBody(piece.frame, bytes, piece.now);
    const waited = piece.now.seconds - side.since;
    if (side.bodyBytes > limits.httpHeldBytes || waited > limits.httpHeldSeconds) this.tell(side, direction);
  }

  private endBody(side: HttpSide, direction: Direction): void {
    if (!side.bodyEnded()) return;
    this.tell(side, direction);
    side.startHead();
  }

  private tell(side: HttpSide | null, direction: Direction): void {
    if (side === null || side.held === null) return;
    this.outlet.emit(side.held, placeInStream(this.connection, direction, side.frames, side.endOffset, side));
    side.held = null;
  }

  /** The server's FIN completes a body that ends with the connection. */
  private addClosing(side: HttpSide | null): void {
    const { closed } = this.connection;
    if (side === null || side.held === null || side.mode !== "until-close") return;
    if (closed?.by !== "server" || closed.how !== "fin" || closed.frame === null) return;
    side.frames.add(closed.frame);
    side.seconds = closed.time.seconds;
    side.nanos = closed.time.nanos;
  }

  private loseWay(side: HttpSide, what: string, piece: Piece): number {
    this.complain(what, piece.frame);
    if (!this.hasMessages) this.done = true;
    side.lose();
    return piece.end;
  }

  /** Once per connection, and only of one that was HTTP by its port or by what it gave before. */
  private complain(what: string, frame: number): void {
    const isExpected = this.hasMessages || (http.ports.tcp ?? []).includes(this.connection.server.port);
    if (!isExpected || this.told) return;
    this.told = true;
    this.outlet.problem(http.protocol, what, frame);
  }
}

function hasManyChallenges(message: HttpMessage): boolean {
  if (message.kind !== "response") return false;
  return Math.max(message.challenges.length, message.proxyChallenges.length) >= limits.httpChallenges;
}

function expected(direction: Direction): "request" | "response" {
  return direction === FROM_CLIENT ? "request" : "response";
}

function startsRight(direction: Direction, piece: Piece, at: number): boolean {
  const start = startOf(piece.bytes, at, piece.end);
  return start === "more" || start === expected(direction);
}

interface Head {
  readonly block: Block;
  readonly line: StartLine;
}

function readHeader(bytes: Uint8Array, start: number, end: number): Head {
  const block = readBlock(bytes, start, end);
  return { block, line: readStartLine(block) };
}
