import type { FlowBook } from "./flow-book.ts";
import { FIN_SEEN, FREE, LAST_SECONDS, META, RESET, ROW, STATE, SYN_SENT } from "./flows.ts";
import type { Bounds } from "./packet.ts";

/** Rows are given out in an order that the hash seed has no part in; what is told of them goes by first frame. */
type Rows = number[];

/** Of the rows `from` to `to`, those that ended or were idle for too long at second `now`. */
export function dueRows(book: FlowBook, from: number, to: number, bounds: Bounds): Rows {
  const { rows } = book.flows;
  const { now } = book;
  const due: Rows = [];
  for (let row = from * ROW; row < to * ROW; row += ROW) {
    const meta = rows[row + META] ?? 0;
    if ((meta & STATE) === FREE) continue;
    const idle = (now - (rows[row + LAST_SECONDS] ?? 0)) | 0;
    if (idle >= bounds.closedTcpSeconds && idle >= patience(meta, bounds)) due.push(row);
  }
  return byFirstFrame(book, due);
}

/** Shows all rows of which something is still to be said: connections nobody answered, and streams. */
export function eachOpenRow(book: FlowBook, show: (row: number) => void): void {
  const isOpen = (row: number) => book.state(row) === SYN_SENT || book.stream(row) !== 0;
  const keys = keysOf(book, isOpen, (row) => book.firstFrame(row));
  for (let at = 0; at < keys.length; at += 1) show(rowOf(keys[at] ?? 0));
}

/** A sixteenth of `limit` rows to give up, at least one: those that ended, then SYNs without answer, then the idlest. */
export function idlestRows(book: FlowBook, limit: number, isCandidate: (row: number) => boolean): Rows {
  const keys = keysOf(book, isCandidate, (row) => idlenessOf(book.word(row, META), book.idleMicros(row)));
  const idlest: Rows = [];
  const most = Math.min(keys.length, Math.max(1, limit >> 4));
  for (let at = 0; at < most; at += 1) idlest.push(rowOf(keys[at] ?? 0));
  return byFirstFrame(book, idlest);
}

/** The rows in use for which `fits` holds, sorted by `rank`. As plain numbers they are sorted many times faster. */
function keysOf(book: FlowBook, fits: (row: number) => boolean, rank: (row: number) => number): Float64Array {
  const { high } = book.flows;
  // Of what nobody writes to, the platform gives nothing.
  const keys = new Float64Array(high);
  let count = 0;
  for (let row = 0; row < high * ROW; row += ROW) {
    if (book.state(row) === FREE || !fits(row)) continue;
    keys[count] = rank(row) * NUMBERS + row / ROW;
    count += 1;
  }
  return keys.subarray(0, count).sort();
}

/** More than there are rows. */
const NUMBERS = 2 ** 21;
/** Some twenty minutes: whoever is idle for longer is all the same. */
const MICROS = 2 ** 30;

/** As a small integer, which the code that reads rows is compiled for. */
function rowOf(key: number): number {
  return ((key % NUMBERS) | 0) * ROW;
}

function idlenessOf(meta: number, idle: number): number {
  return rankOf(meta) * MICROS + MICROS - 1 - Math.max(0, Math.min(MICROS - 1, idle));
}

function isClosed(meta: number): boolean {
  const bothFins = FIN_SEEN | (FIN_SEEN << 1);
  return (meta & RESET) !== 0 || (meta & bothFins) === bothFins;
}

function patience(meta: number, bounds: Bounds): number {
  if (isClosed(meta)) return bounds.closedTcpSeconds;
  return (meta & STATE) === SYN_SENT ? bounds.idleSynSeconds : bounds.idleTcpSeconds;
}

function rankOf(meta: number): number {
  if (isClosed(meta)) return 0;
  return (meta & STATE) === SYN_SENT ? 1 : 2;
}

function byFirstFrame(book: FlowBook, some: Rows): Rows {
  return some.length < 2 ? some : some.sort((a, b) => book.firstFrame(a) - book.firstFrame(b));
}
