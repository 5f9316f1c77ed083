import { closeSync, createReadStream, openSync, readSync } from "node:fs";
import type { ProblemSink } from "../model/problem.ts";
import { reasonOf } from "./reasons.ts";

/** A promise only where it has to be waited for: those of a large file would cost a tenth of reading it. */
export type Soon<T> = T | Promise<T>;

export function whenThere<T, U>(soon: Soon<T>, go: (value: T) => U): Soon<U> {
  return soon instanceof Promise ? soon.then(go) : go(soon);
}

/** Where bytes come from: the next piece, valid until the one after it is asked for, or null at the end. */
export interface Source {
  next(): Soon<Uint8Array | null>;
  /** Lets go of descriptors; `next` answers null from then on. May be called twice. */
  close(): void;
}

/** Hundreds of captures may be open at once, each with a piece at hand; and one this small stays in the cache of a processor. */
const PIECE = 128 * 1024;
/** Pieces read in a row before signals and timers get their turn. */
const PIECES_PER_TURN = 64;

/** A plain file (a path or an open descriptor), read synchronously into one buffer, which is the fastest way in Node. */
export function fileSource(file: string | number): Source {
  const descriptor = typeof file === "number" ? file : openSync(file, "r");
  const buffer = new Uint8Array(PIECE);
  let open = true;
  let pieces = 0;
  const read = () => {
    if (!open) return null;
    const length = readSync(descriptor, buffer, 0, PIECE, null);
    return length === 0 ? null : buffer.subarray(0, length);
  };
  return {
    next() {
      pieces++;
      return pieces % PIECES_PER_TURN === 0 ? new Promise(setImmediate).then(read) : read();
    },
    close() {
      if (open && typeof file === "string") closeSync(descriptor);
      open = false;
    },
  };
}

/** A named pipe or a device, read when it has something to give. */
export function pipeSource(path: string): Source {
  return streamSource(createReadStream(path, { highWaterMark: PIECE }));
}

export function streamSource(stream: NodeJS.ReadableStream & { destroy(): unknown }): Source {
  const pieces = stream[Symbol.asyncIterator]();
  let open = true;
  return {
    async next() {
      if (!open) return null;
      try {
        const { value, done } = await pieces.next();
        return done === true ? null : asBytes(value);
      } catch (error) {
        if (open) throw error;
        return null;
      }
    },
    close() {
      open = false;
      stream.destroy();
    },
  };
}

/** The core is handed plain arrays only: a Buffer's `slice` would not copy. */
export function asBytes(piece: string | Uint8Array): Uint8Array {
  if (typeof piece === "string") return new TextEncoder().encode(piece);
  return new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength);
}

/** A reading error half-way is told and ends the source; what was read before stays. */
export function withoutErrors(source: Source, report: ProblemSink): Source {
  const failed = (error: unknown) => {
    report({ text: `reading failed: ${reasonOf(error)}; what came before was read` });
    return null;
  };
  return {
    next() {
      try {
        const piece = source.next();
        return piece instanceof Promise ? piece.catch(failed) : piece;
      } catch (error) {
        return failed(error);
      }
    },
    close: () => source.close(),
  };
}

/** A source whose first bytes can be looked at before they are given. */
export interface Peekable extends Source {
  /** As much as was enough, or all there is. */
  readonly head: Uint8Array;
}

/** Reads the first pieces of a source until they are `enough`, and gives them again. */
export async function peekable(source: Source, enough: (head: Uint8Array) => boolean): Promise<Peekable> {
  let head = (await source.next()) ?? new Uint8Array(0);
  while (head.length > 0 && !enough(head)) {
    // Asking for the next piece may overwrite this one.
    const first = head.slice();
    const more = await source.next();
    head = more === null ? first : joined(first, more);
    if (more === null) break;
  }
  let given = head.length === 0;
  const next = () => {
    if (given) return source.next();
    given = true;
    return head;
  };
  return { head, next, close: () => source.close() };
}

function joined(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const both = new Uint8Array(head.length + tail.length);
  both.set(head);
  both.set(tail, head.length);
  return both;
}
