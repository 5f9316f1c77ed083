import { closeSync, openSync, readSync } from "node:fs";

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
