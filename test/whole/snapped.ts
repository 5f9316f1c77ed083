import { concat } from "../capture/build.ts";
import { partsOf } from "./records.ts";

/** The same capture (pcap, little-endian) as a snap length of so many bytes a frame would have left it. */
export function snapped(capture: Uint8Array, length: number): Uint8Array {
  const [header, ...records] = partsOf(capture);
  if (header === undefined) return capture;
  return concat([header, ...records.map((record) => cutRecord(record, length))]);
}

function cutRecord(record: Uint8Array, length: number): Uint8Array {
  const short = record.slice(0, 16 + length);
  new DataView(short.buffer).setUint32(8, short.length - 16, true);
  return short;
}
