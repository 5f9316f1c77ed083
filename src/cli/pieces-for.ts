import type { Feeding } from "../index.ts";
import type { Opened } from "./input.ts";

export interface Piece {
  readonly capture: number;
  /** null: the input is over. */
  readonly bytes: Uint8Array | null;
}

/** What is asked for, piece after piece, until nothing more is. */
export async function* piecesFor(fed: Pick<Feeding, "wants">, opened: readonly Opened[]): AsyncGenerator<Piece, void> {
  for (let need = fed.wants(); need !== null; need = fed.wants()) {
    const { capture, want } = need;
    const input = opened[capture];
    if (input === undefined) return;
    if (input.kind === "stream") yield { capture, bytes: await input.next() };
    else yield { capture, bytes: want === "more" ? null : await atLeastOne(input.read(want)) };
  }
}

/** A range that brings nothing will not bring more next time. */
async function atLeastOne(read: Promise<Uint8Array>): Promise<Uint8Array | null> {
  const bytes = await read;
  return bytes.length === 0 ? null : bytes;
}
