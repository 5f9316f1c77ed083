/** Kinds of records of an event trace, by the third byte of records whose fourth is 0xc0. */
export const record = {
  system32: 0x01,
  system64: 0x02,
  compact32: 0x03,
  compact64: 0x04,
  classic32: 0x0a,
  instance32: 0x0b,
  perf32: 0x10,
  perf64: 0x11,
  event32: 0x12,
  event64: 0x13,
  classic64: 0x14,
  instance64: 0x15,
} as const;

/** Behind the last record of a buffer. */
const NO_RECORD = [0, 0xffffffff];
const HEADER_FLAGS = 0xc0;
export const RECORD_ALIGNMENT = 8;
/** EVENT_HEADER. */
export const EVENT_HEADER = 0x50;
/** EVENT_TRACE_HEADER. */
export const CLASSIC_HEADER = 0x30;

/** Where a record keeps its size and its time stamp, and the bytes of its header. */
interface RecordKind {
  readonly sizeAt: 0 | 4;
  /** null: none that is comparable. */
  readonly timeAt: 8 | 16 | null;
  readonly header: number;
}

const system: RecordKind = { sizeAt: 4, timeAt: 16, header: 0x20 };
const compact: RecordKind = { sizeAt: 4, timeAt: 16, header: 0x18 };
const perf: RecordKind = { sizeAt: 4, timeAt: 8, header: 0x10 };
const classic: RecordKind = { sizeAt: 0, timeAt: 16, header: CLASSIC_HEADER };
const event: RecordKind = { sizeAt: 0, timeAt: 16, header: EVENT_HEADER };
/** WPP messages, errors, and what is not known: passed over by size. */
const other: RecordKind = { sizeAt: 0, timeAt: null, header: 8 };

const kinds: ReadonlyMap<number, RecordKind> = new Map([
  [record.system32, system],
  [record.system64, system],
  [record.compact32, compact],
  [record.compact64, compact],
  [record.classic32, classic],
  [record.classic64, classic],
  [record.instance32, classic],
  [record.instance64, classic],
  [record.perf32, perf],
  [record.perf64, perf],
  [record.event32, event],
  [record.event64, event],
]);
const WPP_FLAGS = 0x90;
const ERROR = 0x0d;

/** Whether no record begins with this word. */
export function isEnd(word: number): boolean {
  return word === NO_RECORD[0] || word === NO_RECORD[1];
}

export function recordKind(word: number): RecordKind {
  return (word >>> 24 === HEADER_FLAGS ? kinds.get((word >>> 16) & 0xff) : undefined) ?? other;
}

/** Whether records that begin like this are ever written. */
export function isKnownRecord(word: number): boolean {
  const flags = word >>> 24;
  const type = (word >>> 16) & 0xff;
  return (flags & 0xf0) === WPP_FLAGS || (flags === HEADER_FLAGS && (kinds.has(type) || type === ERROR));
}

/** Whether this word begins a manifest event. */
export function isEvent(word: number): boolean {
  const head = word >>> 16;
  return head === 0xc013 || head === 0xc012;
}

/** Whether this word begins a classic event. */
export function isClassic(word: number): boolean {
  const head = word >>> 16;
  return head === 0xc014 || head === 0xc00a;
}

/** Where the user data of the event record `view[at, at + size)` begins; null where its extended items are damaged. */
export function userDataAt(view: DataView, at: number, size: number): number | null {
  const end = at + size;
  let item = at + EVENT_HEADER;
  let more = (view.getUint16(at + 4, true) & 1) !== 0;
  while (more) {
    if (item + 8 > end) return null;
    const length = view.getUint16(item, true);
    if (length < 8) return null;
    more = (view.getUint16(item + 4, true) & 1) !== 0;
    item += length;
  }
  return item <= end ? item : null;
}
