import type { Feeding } from "../index.ts";
import type { Opened } from "./input.ts";
import { type Soon, whenThere } from "./source.ts";

export interface Piece {
  readonly capture: number;
  /** null: the input is over. */
  readonly bytes: Uint8Array | null;
}

/** One piece after the other, then null. */
export interface Pieces<P> {
  next(): Soon<P | null>;
}

/** What is asked for, piece after piece, until nothing more is. */
export function piecesFor(fed: Pick<Feeding, "wants">, opened: readonly Opened[]): Pieces<Piece> {
  return {
    next() {
      const need = fed.wants();
      const input = need === null ? undefined : opened[need.capture];
      if (need === null || input === undefined) return null;
      const { capture, want } = need;
      if (input.kind === "stream") return whenThere(input.next(), (bytes) => ({ capture, bytes }));
      if (want === "more") return { capture, bytes: null };
      // A range that brings nothing will not bring more next time.
      return input.read(want).then((bytes) => ({ capture, bytes: bytes.length === 0 ? null : bytes }));
    },
  };
}
