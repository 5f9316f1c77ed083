import { limits } from "../bytes/limits.ts";

/** How the records of one pcap file are laid out; see /formats of the libpcap file format and its descendants. */
export interface PcapLayout {
  readonly littleEndian: boolean;
  /** Bytes of the file header. */
  readonly fileHeader: number;
  /** Bytes of a record header. */
  readonly recordHeader: number;
  /** Nanoseconds of one unit of the fraction. */
  readonly unit: 1 | 1000;
  /** Whether the original length stands before the captured one: `larger` where captured may not exceed original. */
  readonly swapped: "never" | "always" | "larger";
  readonly linkType: number;
}

export const FILE_HEADER = 24;
const RECORD_HEADER = 16;

/** The magic numbers as a little-endian reader sees them in a little-endian file. */
const magics = [
  { magic: 0xa1b2c3d4, unit: 1000, fileHeader: FILE_HEADER, recordHeader: RECORD_HEADER },
  { magic: 0xa1b23c4d, unit: 1, fileHeader: FILE_HEADER, recordHeader: RECORD_HEADER },
  // Kuznetzov's patch: interface, protocol and packet type behind the lengths.
  { magic: 0xa1b2cd34, unit: 1000, fileHeader: FILE_HEADER, recordHeader: 24 },
  // Ixia: the file header ends with the size of all records.
  { magic: 0x1c0001ab, unit: 1000, fileHeader: 28, recordHeader: RECORD_HEADER },
  { magic: 0x1c0001ac, unit: 1, fileHeader: 28, recordHeader: RECORD_HEADER },
] as const;
export type PcapMagic = (typeof magics)[number] & { readonly littleEndian: boolean };

/** The pcap magic number in the four bytes at `at`, or null. */
export function pcapMagic(view: DataView, at: number): PcapMagic | null {
  for (const littleEndian of [true, false]) {
    const value = view.getUint32(at, littleEndian);
    const found = magics.find((row) => row.magic === value);
    if (found !== undefined) return { ...found, littleEndian };
  }
  return null;
}

/** Whether a whole file header, as `cat` leaves it behind another capture, stands at `at`. */
export function isSecondFile(view: DataView, at: number): boolean {
  const found = pcapMagic(view, at);
  if (found === null) return false;
  return view.getUint16(at + 4, found.littleEndian) === 2 && view.getUint16(at + 6, found.littleEndian) === 4;
}

/** RFC 1573 interface types that AIX wrote in place of link types. */
const aixLinkTypes: { readonly [ifType: number]: number } = { 6: 1, 9: 6, 15: 10, 24: 0 };
const DG_UX_MAJOR = 543;

/** The layout that a file header announces, or a sentence of complaint. */
export function readLayout(view: DataView, at: number, found: PcapMagic): PcapLayout | string {
  const { littleEndian, fileHeader, recordHeader, unit } = found;
  const major = view.getUint16(at + 4, littleEndian);
  const minor = view.getUint16(at + 6, littleEndian);
  if (major !== 2 && major !== DG_UX_MAJOR) return `pcap version ${major}.${minor} is not known`;
  const announced = view.getUint16(at + (littleEndian ? 20 : 22), littleEndian);
  const swapped = major === DG_UX_MAJOR || minor < 3 ? "always" : minor === 3 ? "larger" : "never";
  const aix = major === 2 && minor === 2 ? aixLinkTypes[announced] : undefined;
  if (aix !== undefined && found.magic === 0xa1b2c3d4) {
    return { littleEndian, fileHeader, recordHeader, unit: 1, swapped: "always", linkType: aix };
  }
  return { littleEndian, fileHeader, recordHeader, unit, swapped, linkType: announced };
}

/** Record headers that were written under the same magic number, the likeliest first. */
export function rivals(layout: PcapLayout, magic: number): readonly PcapLayout[] {
  // Of those with this magic number, AIX alone counts nanoseconds.
  if (magic === 0xa1b2c3d4 && layout.unit === 1) return [layout];
  if (magic === 0xa1b2c3d4) return [layout, { ...layout, recordHeader: 24 }, { ...layout, recordHeader: 20 }];
  if (magic === 0xa1b2cd34) return [layout, { ...layout, recordHeader: 28 }];
  return [layout];
}

const RECORDS_TRIED = 3;
const LARGEST_ORIGINAL = 128 * 1024 * 1024;

/**
 * Whether the first three records can be read in this layout: `true`, `false`, or the number of bytes from `at` that
 * are needed to say more.
 */
export function chainIsPossible(layout: PcapLayout, view: DataView, at: number, limit: number): boolean | number {
  let next = at;
  for (let record = 0; record < RECORDS_TRIED; record++) {
    if (limit - next < layout.recordHeader) return next - at + layout.recordHeader;
    if (record > 0 && isSecondFile(view, next)) return true;
    if (!isPossible(layout, view, next)) return false;
    next += layout.recordHeader + capturedLength(layout, view, next);
  }
  return true;
}

export function capturedLength(layout: PcapLayout, view: DataView, at: number): number {
  const first = view.getUint32(at + 8, layout.littleEndian);
  const second = view.getUint32(at + 12, layout.littleEndian);
  if (layout.swapped === "always") return second;
  return layout.swapped === "larger" ? Math.min(first, second) : first;
}

function originalLength(layout: PcapLayout, view: DataView, at: number): number {
  const first = view.getUint32(at + 8, layout.littleEndian);
  const second = view.getUint32(at + 12, layout.littleEndian);
  if (layout.swapped === "always") return first;
  return layout.swapped === "larger" ? Math.max(first, second) : second;
}

/** Bytes of the record at `at` where all that its header says is likely, -1 otherwise: for searching among any bytes. */
export function likelyLength(layout: PcapLayout, view: DataView, at: number): number {
  const captured = capturedLength(layout, view, at);
  const isLikely = captured > 0 && captured <= originalLength(layout, view, at) && isPossible(layout, view, at);
  return isLikely ? layout.recordHeader + captured : -1;
}

function isPossible(layout: PcapLayout, view: DataView, at: number): boolean {
  const fraction = view.getUint32(at + 4, layout.littleEndian);
  const secondIsPossible = fraction < (layout.unit === 1 ? 1_000_000_000 : 1_000_000);
  if (!secondIsPossible || originalLength(layout, view, at) > LARGEST_ORIGINAL) return false;
  if (capturedLength(layout, view, at) > limits.frameBytes) return false;
  return layout.recordHeader < 24 || hasLinuxExtras(layout, view, at);
}

/** Kuznetzov's extras: an interface number and, behind the protocol, a packet type of 0 to 4. */
function hasLinuxExtras(layout: PcapLayout, view: DataView, at: number): boolean {
  return view.getUint32(at + 16, layout.littleEndian) <= 10_000 && view.getUint8(at + 22) <= 4;
}
