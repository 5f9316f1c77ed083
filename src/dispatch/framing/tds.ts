import { startOfTds, tds, tdsFrameLength, tdsReach } from "../../../dissectors/tds/index.ts";
import type { TdsMessage } from "../../../dissectors/tds/message.ts";
import type { Connection, Direction } from "../../model/connection.ts";
import type { Outlet } from "../outlet.ts";
import type { Waiting } from "./gather.ts";
import { type Prefixed, PrefixedStream } from "./prefixed.ts";
import type { Piece, Stream } from "./stream.ts";

/** A log-on to SQL Server; what comes after it is nobody's. */
export class TdsStream implements Stream {
  private readonly packets: PrefixedStream;
  private isOver = false;

  constructor(outlet: Outlet, waiting: Waiting, connection: Connection) {
    this.packets = new PrefixedStream(
      outlet,
      waiting,
      connection,
      framing((message) => this.note(message)),
    );
  }

  data(piece: Piece, direction: Direction): boolean {
    return this.packets.data(piece, direction) && !this.isOver;
  }

  gap(direction: Direction, length: number): boolean {
    return this.packets.gap(direction, length);
  }

  finish(): void {
    this.packets.finish();
  }

  private note(message: TdsMessage): void {
    if (message.kind === "response") this.isOver ||= message.loggedIn || message.errors.length > 0;
  }
}

function framing(note: (message: TdsMessage) => void): Prefixed {
  return {
    decoder: {
      protocol: tds.protocol,
      decode(bytes, fingerprint) {
        const decoded = tds.decode(bytes, fingerprint);
        for (const { message } of decoded) note(message);
        return decoded;
      },
    },
    prefix: 0,
    ports: tds.ports.tcp ?? [],
    frameLength: tdsFrameLength,
    reach: (bytes, start, end) => tdsReach(bytes, start, end).bytes,
    looksRight: (bytes, start, end) => startOfTds(bytes, start, end) !== "no",
  };
}
