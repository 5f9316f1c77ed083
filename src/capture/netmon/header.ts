import type { Moment } from "../moment.ts";

export const HEADER_BYTES = 128;

/** How the frames of one version are laid out. */
export interface RecordLayout {
  /** Bytes in front of a frame: 8 with milliseconds and lengths of 16 bits, else 16. */
  readonly header: 8 | 16;
  /** Bytes behind a frame. */
  readonly trailer: 0 | 2 | 6 | 15;
}

/** What the 128 bytes at the start of a file say. */
export interface NetmonHeader extends RecordLayout {
  /** Of frames that do not say it themselves. */
  readonly mediaType: number;
  /** Local time of the capturing machine, taken for UTC; null where it is no date. */
  readonly start: Moment | null;
  readonly tableAt: number;
  /** Bytes. */
  readonly tableLength: number;
  /** 0 where the version has none. */
  readonly commentsAt: number;
  readonly commentsLength: number;
  readonly processesAt: number;
  readonly processes: number;
}

const TRAILERS = [0, 2, 6, 15] as const;
/** The first minor version of 2 that has comments and processes; before, statistics stand in their fields. */
const WITH_TABLES = 2;

/** Reads the header; a sentence of complaint where the version is not known. */
export function readHeader(view: DataView, at: number): NetmonHeader | string {
  const minor = view.getUint8(at + 4);
  const major = view.getUint8(at + 5);
  if (major !== 1 && major !== 2) return `version ${major}.${minor} of Network Monitor files is not known`;
  const hasTables = major === 2 && minor >= WITH_TABLES;
  const field = (offset: number) => (hasTables ? view.getUint32(at + offset, true) : 0);
  return {
    header: major === 1 ? 8 : 16,
    trailer: major === 1 ? 0 : (TRAILERS[Math.min(minor, 3)] ?? 0),
    mediaType: view.getUint16(at + 6, true),
    start: readStart(view, at + 8),
    tableAt: view.getUint32(at + 24, true),
    tableLength: view.getUint32(at + 28, true),
    commentsAt: field(40),
    commentsLength: field(44),
    processesAt: field(48),
    processes: field(52),
  };
}

/** SYSTEMTIME: year, month, day of the week, day, hour, minute, second, milliseconds, of 16 bits each. */
function readStart(view: DataView, at: number): Moment | null {
  const [year = 0, month = 0, , day = 0, hour = 0, minute = 0, second = 0, milliseconds = 0] = Array.from(
    { length: 8 },
    (_, index) => view.getUint16(at + 2 * index, true),
  );
  const isDate = year >= 1970 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
  if (!isDate || hour > 23 || minute > 59 || second > 60) return null;
  const seconds = Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
  // Other programs leave anything in the milliseconds.
  return { seconds, nanos: milliseconds < 1000 ? milliseconds * 1_000_000 : 0 };
}
