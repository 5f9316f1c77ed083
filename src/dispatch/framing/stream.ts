import type { Direction } from "../../model/connection.ts";
import type { Instant } from "../../model/time.ts";

/** Bytes of a stream, in order; a reused view like `FrameView`. */
export interface Piece {
  bytes: Uint8Array;
  start: number;
  end: number;
  /** Offset in the stream of bytes[start]. */
  offset: number;
  /** The frame that carried them. */
  frame: number;
  now: Instant;
}

/** Finds the messages of one connection. */
export interface Stream {
  /** False when nobody wants any more of this connection. */
  data(piece: Piece, direction: Direction): boolean;
  /** `length` bytes of that direction are lost; true where they may belong to a message that somebody reads. */
  gap(direction: Direction, length: number): boolean;
  /** Nothing more will come: what was held back is told now. */
  finish(): void;
}
