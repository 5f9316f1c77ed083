import { startOf as startOfHttp } from "../../../dissectors/http/index.ts";
import { startOf as startOfTls } from "../../../dissectors/tls/index.ts";
import { type Direction, FROM_CLIENT } from "../../model/connection.ts";
import type { Piece, Stream } from "./stream.ts";

/** What may be found inside a tunnel. */
export interface TunnelContents {
  tls(): Stream;
  http(): Stream;
}

/** The connection behind a CONNECT that succeeded: TLS as a rule, HTTP now and then, else nobody's. */
export class Tunnel implements Stream {
  private readonly contents: TunnelContents;
  private inner: Stream | null = null;

  constructor(contents: TunnelContents) {
    this.contents = contents;
  }

  data(piece: Piece, direction: Direction): boolean {
    this.inner ??= this.recognise(piece, direction);
    return this.inner?.data(piece, direction) ?? false;
  }

  gap(direction: Direction, length: number): boolean {
    return this.inner?.gap(direction, length) ?? false;
  }

  finish(): void {
    this.inner?.finish();
  }

  private recognise({ bytes, start, end }: Piece, direction: Direction): Stream | null {
    if (direction !== FROM_CLIENT) return null;
    if (startOfTls(bytes, start, end) !== "no") return this.contents.tls();
    return startOfHttp(bytes, start, end) === "request" ? this.contents.http() : null;
  }
}
