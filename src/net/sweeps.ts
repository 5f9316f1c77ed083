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

/** A sixteenth of `limit` rows to give up, at least one: by `rankOf`, the idlest of a rank first. */
export function idlestRows(book: FlowBook, limit: number, isCandidate: (row: number) => boolean): Rows {
  const most = Math.max(1, limit >> 4);
  const grades = gradesOf(book, isCandidate);
  const edge = edgeOf(grades, most);
  const idlest: Rows = [];
  for (let row = 0; row < grades.length; row += 1) if ((grades[row] ?? 0) > edge) idlest.push(row * ROW);
  if (edge > NO_GRADE) {
    const keys = keysOf(
      book,
      (row) => grades[row / ROW] === edge,
      (row) => MICROS - idleMicros(book, row),
    );
    const missing = Math.min(keys.length, most - idlest.length);
    for (let at = 0; at < missing; at += 1) idlest.push(rowOf(keys[at] ?? 0));
  }
  return byFirstFrame(book, idlest);
}

/** Of each row how early it should leave, the earlier the higher: small numbers, so that few need be sorted. */
function gradesOf(book: FlowBook, isCandidate: (row: number) => boolean): Uint16Array {
  const { high } = book.flows;
  const grades = new Uint16Array(high);
  for (let row = 0; row < high; row += 1) {
    const at = row * ROW;
    if (book.state(at) === FREE || !isCandidate(at)) continue;
    grades[row] = rankOf(book, at) * GRADES + gradeOf(idleMicros(book, at)) + 1;
  }
  return grades;
}

/** The grade above which fewer than `most` rows are, and from which on there are as many; `NO_GRADE`: there are not. */
function edgeOf(grades: Uint16Array, most: number): number {
  const counts = new Int32Array(RANKS * GRADES + 1);
  for (let row = 0; row < grades.length; row += 1) {
    const grade = grades[row] ?? 0;
    counts[grade] = (counts[grade] ?? 0) + 1;
  }
  let edge = RANKS * GRADES;
  for (let above = counts[edge] ?? 0; above < most && edge > NO_GRADE; above += counts[edge] ?? 0) edge -= 1;
  return edge;
}

/** The rows in use for which `fits` holds, sorted by `rank`. As plain numbers they are sorted many times faster. */
function keysOf(book: FlowBook, fits: (row: number) => boolean, rank: (row: number) => number): Float64Array {
  const end = book.flows.high * ROW;
  let count = 0;
  for (let row = 0; row < end; row += ROW) if (book.state(row) !== FREE && fits(row)) count += 1;
  const keys = new Float64Array(count);
  for (let row = 0; row < end; row += ROW) {
    if (book.state(row) === FREE || !fits(row)) continue;
    count -= 1;
    keys[count] = rank(row) * NUMBERS + row / ROW;
  }
  return keys.sort();
}

/** More than there are rows. */
const NUMBERS = 2 ** 21;
/** Some twenty minutes: whoever is idle for longer is all the same. */
const MICROS = 2 ** 30;
/** Grades of one rank: two times share one where they differ by less than a 512th. */
const FINE_BITS = 9;
const GRADES = (30 - FINE_BITS + 1) << FINE_BITS;
const RANKS = 4;
/** Of rows that stay. */
const NO_GRADE = 0;

/** As a small integer, which the code that reads rows is compiled for. */
function rowOf(key: number): number {
  return ((key % NUMBERS) | 0) * ROW;
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

function byFirstFrame(book: FlowBook, some: Rows): Rows {
  return some.length < 2 ? some : some.sort((a, b) => book.firstFrame(a) - book.firstFrame(b));
}
