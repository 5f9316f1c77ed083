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

/** All rows of which something is still to be said: connections nobody answered, and streams. */
export function openRows(book: FlowBook): Rows {
  const { rows, high } = book.flows;
  const keys = new Float64Array(high);
  let count = 0;
  for (let number = 0; number < high; number += 1) {
    const row = number * ROW;
    const state = (rows[row + META] ?? 0) & STATE;
    if (state === FREE || (state !== SYN_SENT && book.stream(row) === 0)) continue;
    keys[count] = book.firstFrame(row) * NUMBERS + number;
    count += 1;
  }
  return rowsOf(keys.subarray(0, count).sort());
}

/** A sixteenth of `limit` rows to give up, at least one: those that ended, then SYNs without answer, then the idlest. */
export function idlestRows(book: FlowBook, limit: number, isCandidate: (row: number) => boolean): Rows {
  const { rows, high } = book.flows;
  const keys = new Float64Array(high);
  let count = 0;
  for (let number = 0; number < high; number += 1) {
    const row = number * ROW;
    const meta = rows[row + META] ?? 0;
    if ((meta & STATE) === FREE || !isCandidate(row)) continue;
    keys[count] = keyOf(meta, book.idleMicros(row)) + number;
    count += 1;
  }
  const first = keys
    .subarray(0, count)
    .sort()
    .subarray(0, Math.max(1, limit >> 4));
  return byFirstFrame(book, rowsOf(first));
}

/** Rows are sorted as plain numbers, many times faster than by a comparison: rank, time, number of the row. */
const NUMBERS = 2 ** 21;
/** Some twenty minutes: whoever is idle for longer is all the same. */
const MICROS = 2 ** 30;

/** As small integers, which the code that reads rows is compiled for. */
function rowsOf(keys: Float64Array): Rows {
  const rows: Rows = [];
  for (let at = 0; at < keys.length; at += 1) rows.push((((keys[at] ?? 0) % NUMBERS) | 0) * ROW);
  return rows;
}

function keyOf(meta: number, idle: number): number {
  const freshness = MICROS - 1 - Math.max(0, Math.min(MICROS - 1, idle));
  return (rankOf(meta) * MICROS + freshness) * NUMBERS;
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
