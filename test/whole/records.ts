import { concat } from "../capture/build.ts";

const PCAPNG = 0x0a0d0d0a;

/** Offsets at which a record (or block) of a well-formed little-endian capture ends, the file header's end included. */
export function boundaries(capture: Uint8Array): ReadonlySet<number> {
  const view = new DataView(capture.buffer, capture.byteOffset, capture.byteLength);
  const isBlocks = view.getUint32(0, true) === PCAPNG;
  const ends = new Set<number>();
  for (let at = isBlocks ? 0 : 24; at <= capture.length; ) {
    if (at > 0) ends.add(at);
    if (at + 16 > capture.length && !(isBlocks && at + 12 <= capture.length)) break;
    at += isBlocks ? view.getUint32(at + 4, true) : 16 + view.getUint32(at + 8, true);
  }
  return ends;
}

/** The parts of a capture between its boundaries: `[header, record, record, …]`. */
export function partsOf(capture: Uint8Array): Uint8Array[] {
  let from = 0;
  return [...boundaries(capture)].map((end) => {
    const part = capture.subarray(from, end);
    from = end;
    return part;
  });
}

/** A capture of other records behind the first one's header. */
export function rebuilt(header: Uint8Array, records: readonly Uint8Array[]): Uint8Array {
  return concat([header, ...records]);
}
