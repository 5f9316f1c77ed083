import { closeSync, openSync, readSync } from "node:fs";
import type { Source } from "./source.ts";

/** Bytes of which any range can be read, again and again. */
export interface Ranges {
  readonly size: number;
  /** Fills `into` from offset `from` on and says how many bytes it got: fewer only at the end. */
  read(from: number, into: Uint8Array): Promise<number>;
  /** May be called twice. */
  close(): void;
}

/** A plain file, a path or an open descriptor. */
export function fileRanges(file: string | number, size: number): Ranges {
  const descriptor = typeof file === "number" ? file : openSync(file, "r");
  let open = true;
  return {
    size,
    async read(from, into) {
      return open ? readFully(descriptor, from, into) : 0;
    },
    close() {
      if (open && typeof file === "string") closeSync(descriptor);
      open = false;
    },
  };
}

/** The system may give less than was asked for. */
export function readFully(descriptor: number, from: number, into: Uint8Array): number {
  let got = 0;
  while (got < into.length) {
    const more = readSync(descriptor, into, got, into.length - got, from + got);
    if (more === 0) break;
    got += more;
  }
  return got;
}

/** A stretch of other ranges. */
export function stretchOf(ranges: Ranges, from: number, size: number): Ranges {
  return {
    size,
    read: (at, into) => ranges.read(from + at, into.subarray(0, Math.max(0, Math.min(into.length, size - at)))),
    close: () => ranges.close(),
  };
}

const PIECE = 256 * 1024;

/** A stretch of ranges from front to back, in one reused buffer. */
export function rangeSource(ranges: Ranges, from: number, size: number): Source {
  const buffer = new Uint8Array(Math.min(PIECE, size));
  let at = 0;
  return {
    async next() {
      const wanted = Math.min(buffer.length, size - at);
      const got = wanted === 0 ? 0 : await ranges.read(from + at, buffer.subarray(0, wanted));
      at += got;
      return got === 0 ? null : buffer.subarray(0, got);
    },
    close: () => ranges.close(),
  };
}

/** Opens one store again and again; the last to close it lets it go. */
export function sharing(store: Ranges): () => Ranges {
  let users = 0;
  return () => {
    let isOpen = true;
    users++;
    return {
      size: store.size,
      read: (from, into) => store.read(from, into),
      close() {
        if (isOpen) users--;
        if (isOpen && users === 0) store.close();
        isOpen = false;
      },
    };
  };
}
