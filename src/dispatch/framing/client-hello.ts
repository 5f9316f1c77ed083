import { clientHelloWants, tls } from "../../../dissectors/tls/index.ts";
import { limits } from "../../bytes/limits.ts";
import { Malformed } from "../../bytes/malformed.ts";
import { type Connection, type Direction, FROM_CLIENT } from "../../model/connection.ts";
import type { Instant } from "../../model/time.ts";
import { FrameList } from "../frame-list.ts";
import type { Outlet } from "../outlet.ts";
import { placeInStream } from "../place.ts";
import { Gather, type Waiting } from "./gather.ts";
import type { Piece, Stream } from "./stream.ts";

/** Waits for the ClientHello of a TLS connection; what follows it is encrypted and nobody's. */
export class ClientHelloStream implements Stream {
  private readonly outlet: Outlet;
  private readonly connection: Connection;
  private readonly gather: Gather;
  private readonly frames = new FrameList();
  private wants = 0;
  private endOffset = 0;
  private now: Instant = { seconds: 0, nanos: 0 };

  constructor(outlet: Outlet, waiting: Waiting, connection: Connection) {
    this.outlet = outlet;
    this.connection = connection;
    this.gather = new Gather(waiting);
  }

  data(piece: Piece, direction: Direction): boolean {
    if (direction !== FROM_CLIENT) return true;
    if (this.gather.lost) return false;
    const end = Math.min(piece.end, piece.start + limits.clientHelloBytes - this.gather.length);
    this.gather.keep(piece.bytes, piece.start, end);
    this.frames.add(piece.frame);
    this.endOffset = piece.offset + end - piece.start;
    this.now = { seconds: piece.now.seconds, nanos: piece.now.nanos };
    return this.waitsOn();
  }

  /** What is sealed shows no login, and the ClientHello is none. */
  gap(direction: Direction): boolean {
    if (direction === FROM_CLIENT) this.tell();
    return false;
  }

  finish(): void {
    this.tell();
  }

  /** Tells the ClientHello once it is whole or too long; true while it is neither. */
  private waitsOn(): boolean {
    if (this.gather.length < Math.min(this.wants, limits.clientHelloBytes)) return true;
    const wants = this.outlet.attempt(clientHelloWants, this.gather.view(), 0, this.gather.length);
    if (wants instanceof Malformed) {
      this.wants = this.gather.length + 1;
      return this.gather.length < 6;
    }
    this.wants = wants;
    if (wants > this.gather.length && this.gather.length < limits.clientHelloBytes) return true;
    this.tell();
    return false;
  }

  private tell(): void {
    if (this.gather.length === 0) return;
    const decoded = this.outlet.decode(tls, this.gather.view());
    this.gather.clear();
    if (decoded instanceof Malformed) return;
    const place = placeInStream(this.connection, FROM_CLIENT, this.frames, this.endOffset, this.now);
    for (const each of decoded) this.outlet.emit(each, place);
  }
}
