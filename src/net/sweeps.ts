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
  return due.length < 2 ? due : byFirstFrame(book, due);
}

/** Shows all rows of which something is still to be said: connections nobody answered, and streams. */
export function eachOpenRow(book: FlowBook, show: (row: number) => void): void {
  const end = book.flows.high * ROW;
  let count = 0;
  for (let row = 0; row < end; row += ROW) if (isOpen(book, row)) count += 1;
  const keys = new Float64Array(count);
  for (let row = 0; row < end; row += ROW) {
    if (!isOpen(book, row)) continue;
    count -= 1;
    keys[count] = keyOf(firstFrame(book, row), row);
  }
  keys.sort();
  for (let at = 0; at < keys.length; at += 1) show(rowOf(keys[at] ?? 0));
}

function isOpen(book: FlowBook, row: number): boolean {
  const state = book.state(row);
  return state === SYN_SENT || (state !== FREE && book.stream(row) !== 0);
}

/** Of all rows a sixteenth of `limit` to give up, at least one: by `rankOf`, the idlest of a rank first. */
export function idlestRows(book: FlowBook, limit: number): Rows {
  const most = shareOf(limit);
  const counts = new Int32Array(RANKS * GRADES + 1);
  const grades = gradesOf(book, counts);
  const edge = edgeOf(counts, most);
  const leaving: Rows = [];
  const last: Rows = [];
  for (let row = 0; row < grades.length; row += 1) {
    const grade = grades[row] ?? 0;
    if (grade > edge) leaving.push(row * ROW);
    else if (grade === edge) last.push(row * ROW);
  }
  for (const row of idlestFirst(book, last).slice(0, most - leaving.length)) leaving.push(row);
  return byFirstFrame(book, leaving);
}

/** The same of `some` rows. */
export function idlestOf(book: FlowBook, some: Rows, limit: number): Rows {
  return byFirstFrame(book, idlestFirst(book, some).slice(0, shareOf(limit)));
}

function shareOf(limit: number): number {
  return Math.max(1, limit >> 4);
}

function idlestFirst(book: FlowBook, some: Rows): Rows {
  const longest = RANKS * MICROS - 1;
  return inOrder(some, (row) => longest - rankOf(book, row) * MICROS - idleMicros(book, row));
}

/**
 * Of each row how early it should leave, the earlier the higher: small numbers, so that few need be sorted. Counts the
 * rows of each grade.
 */
function gradesOf(book: FlowBook, counts: Int32Array): Uint16Array {
  const { high } = book.flows;
  const grades = new Uint16Array(high);
  for (let row = 0; row < high; row += 1) {
    const at = row * ROW;
    if (book.state(at) === FREE) continue;
    const grade = rankOf(book, at) * GRADES + gradeOf(idleMicros(book, at)) + 1;
    grades[row] = grade;
    counts[grade] = (counts[grade] ?? 0) + 1;
  }
  return grades;
}

/** The highest grade that, with those above it, at least `most` rows have; the lowest if there are fewer rows. */
function edgeOf(counts: Int32Array, most: number): number {
  let edge = RANKS * GRADES;
  for (let above = counts[edge] ?? 0; above < most && edge > 1; above += counts[edge] ?? 0) edge -= 1;
  return edge;
}

function byFirstFrame(book: FlowBook, some: Rows): Rows {
  return inOrder(some, (row) => firstFrame(book, row));
}

function firstFrame(book: FlowBook, row: number): number {
  return book.firstFrame(row) >>> 0;
}

/** Sorts rows, in place; as plain numbers they are sorted many times faster. */
function inOrder(some: Rows, rank: (row: number) => number): Rows {
  const keys = new Float64Array(some.length);
  for (let at = 0; at < some.length; at += 1) keys[at] = keyOf(rank(some[at] ?? 0), some[at] ?? 0);
  keys.sort();
  for (let at = 0; at < some.length; at += 1) some[at] = rowOf(keys[at] ?? 0);
  return some;
}

/** More than there are rows. */
const NUMBERS = 2 ** 20;
/** Some twenty minutes: whoever is idle for longer is all the same. */
const MICROS = 2 ** 30;
/** Grades of one rank: two times share one where they differ by less than a 512th. */
const FINE_BITS = 9;
const GRADES = (30 - FINE_BITS + 1) << FINE_BITS;
const RANKS = 4;

/** Sorts by `rank`, whole and not negative, then by row. */
function keyOf(rank: number, row: number): number {
  return rank * NUMBERS + row / ROW;
}

/** As a small integer, which the code that reads rows is compiled for. */
function rowOf(key: number): number {
  return ((key - Math.floor(key / NUMBERS) * NUMBERS) | 0) * ROW;
}

/** From 0 to `MICROS - 1`. */
function idleMicros(book: FlowBook, row: number): number {
  return Math.max(0, Math.min(MICROS - 1, book.idleMicros(row)));
}

/** Grows with `idle`: its first ten bits, and how many follow. */
function gradeOf(idle: number): number {
  const rest = Math.max(0, 31 - Math.clz32(idle) - FINE_BITS);
  return (rest << FINE_BITS) + (idle >>> rest);
}

function isClosed(meta: number): boolean {
  const bothFins = FIN_SEEN | (FIN_SEEN << 1);
  return (meta & RESET) !== 0 || (meta & bothFins) === bothFins;
}

function patience(meta: number, bounds: Bounds): number {
  if (isClosed(meta)) return bounds.closedTcpSeconds;
  return (meta & STATE) === SYN_SENT ? bounds.idleSynSeconds : bounds.idleTcpSeconds;
}

/** Those that ended leave first, then SYNs without answer; what ended may be read on while bytes of it are sent again. */
function rankOf(book: FlowBook, row: number): number {
  const meta = book.word(row, META);
  if (isClosed(meta)) return book.stream(row) === 0 ? 3 : 1;
  return (meta & STATE) === SYN_SENT ? 2 : 0;
}
