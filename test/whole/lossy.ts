import { concat } from "../capture/build.ts";
import type { Random } from "./random.ts";
import { partsOf } from "./records.ts";

/** What happens to captures: frames are lost, doubled and out of order. */

const HEADER = 16;

/** The frames of a capture (pcap, little-endian): records, each with its number in the whole. */
export interface Frame {
  readonly number: number;
  readonly record: Uint8Array;
}

/** A capture taken apart. */
export interface Frames {
  readonly header: Uint8Array;
  readonly frames: readonly Frame[];
}

export function framesOf(capture: Uint8Array): Frames {
  const [header = capture, ...records] = partsOf(capture);
  return { header, frames: records.map((record, at) => ({ number: at + 1, record })) };
}

export const rebuiltOf = (header: Uint8Array, frames: readonly Frame[]): Uint8Array =>
  concat([header, ...frames.map(({ record }) => record)]);

/** Some frames are missing. */
export const without = (frames: readonly Frame[], isLost: (frame: Frame) => boolean): readonly Frame[] =>
  frames.filter((frame) => !isLost(frame));

const MICROSECONDS = 1_000_000;

/** Microseconds since 1970, of a capture that counts in such. */
function timeOf({ record }: Frame): number {
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
  return view.getUint32(0, true) * MICROSECONDS + view.getUint32(4, true);
}

function at(frame: Frame, time: number): Frame {
  const record = frame.record.slice();
  const view = new DataView(record.buffer);
  view.setUint32(0, Math.floor(time / MICROSECONDS), true);
  view.setUint32(4, time % MICROSECONDS, true);
  return { ...frame, record };
}

/** Neighbours that are no farther apart change places, as packets of two queues of an adapter do. */
const NEAR_MICROSECONDS = 500;

export function shuffled(frames: readonly Frame[], random: Random): readonly Frame[] {
  const order = [...frames];
  for (let at = 0; at + 1 < order.length; at++) {
    const [one, next] = [order[at], order[at + 1]];
    if (!one || !next || random.below(3) > 0 || timeOf(next) - timeOf(one) > NEAR_MICROSECONDS) continue;
    order[at] = next;
    order[at + 1] = one;
    at++;
  }
  return order;
}

/** The frames of both by time, as if the second capture had begun when the first did. */
export function interleaved(first: readonly Frame[], second: readonly Frame[]): readonly Frame[] {
  const [start, other] = [first[0], second[0]];
  if (!start || !other) return [...first, ...second];
  const shift = timeOf(start) - timeOf(other);
  return [...first, ...second.map((frame) => at(frame, timeOf(frame) + shift))].sort((a, b) => timeOf(a) - timeOf(b));
}

const ETHERNET = 1;

export function isEthernet({ header }: Frames): boolean {
  return new DataView(header.buffer, header.byteOffset).getUint32(20, true) === ETHERNET;
}

const typeOf = (record: Uint8Array): number => ((record[HEADER + 12] ?? 0) << 8) | (record[HEADER + 13] ?? 0);

/** The hosts of Ethernet frames with IPv4 have other addresses. */
export function elsewhere(frames: readonly Frame[]): readonly Frame[] {
  return frames.map((frame) => {
    if (typeOf(frame.record) !== 0x0800) return frame;
    const record = frame.record.slice();
    for (const octet of [HEADER + 14 + 14, HEADER + 14 + 18]) record[octet] = (record[octet] ?? 0) ^ 0x40;
    return { ...frame, record };
  });
}

/** Every frame of Ethernet twice, the second time behind a router: other stations, one hop less. */
export function mirrored(frames: readonly Frame[]): readonly Frame[] {
  return frames.flatMap((frame) => [frame, { ...frame, record: routed(frame.record) }]);
}

function routed(record: Uint8Array): Uint8Array {
  const copy = record.slice();
  for (const station of [HEADER + 5, HEADER + 11]) copy[station] = (copy[station] ?? 0) ^ 0x55;
  if (typeOf(copy) === 0x0800) hopOf4(copy, HEADER + 14);
  else if (typeOf(copy) === 0x86dd) copy[HEADER + 21] = (copy[HEADER + 21] ?? 1) - 1;
  return copy;
}

/** RFC 1624: the checksum follows. */
function hopOf4(copy: Uint8Array, at: number): void {
  copy[at + 8] = (copy[at + 8] ?? 1) - 1;
  const sum = (((copy[at + 10] ?? 0) << 8) | (copy[at + 11] ?? 0)) + 0x100;
  const carried = (sum & 0xffff) + (sum >> 16);
  copy[at + 10] = carried >> 8;
  copy[at + 11] = carried & 0xff;
}
