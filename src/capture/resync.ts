import { limits } from "../bytes/limits.ts";
import type { ProblemSink } from "../model/problem.ts";
import type { Pieces } from "./pieces.ts";

/** What a record must look like to be believed where reading has lost its place. */
export interface RecordShape {
  /** Bytes of a record header. */
  readonly header: number;
  /** Bytes of the longest record, its header included. */
  readonly longest: number;
  /** Bytes from the header at `at` to the next one; -1 where no record can begin like this. */
  lengthAt(view: DataView, at: number): number;
}

/** So many records one behind the other are no accident; fewer only where the last one ends with the file. */
export const IN_A_ROW = 3;
const A_DAY = 86_400;

/** Records that lie further than a day from the last good one are not believed. */
export function isNear(seconds: number, lastSeconds: number): boolean {
  return Math.abs(seconds - lastSeconds) <= A_DAY;
}

/** Finds the next records behind damage in a format whose records carry no mark. */
export class Resync {
  private readonly pieces: Pieces;
  private readonly report: ProblemSink;
  private readonly shape: RecordShape;
  private what = "";
  private from = 0;

  constructor(pieces: Pieces, report: ProblemSink, shape: RecordShape) {
    this.pieces = pieces;
    this.report = report;
    this.shape = shape;
  }

  /** The record at hand, of which the first byte has arrived, is none. */
  lose(what: string): void {
    this.what = what;
    this.from = this.pieces.offset();
    this.pieces.at += 1;
  }

  /**
   * Moves to the next place at which records can be read and tells what lies before it; `frame`: number of the next.
   *
   * `wait`: more bytes are needed; call again. `none`: there is no such place up to the end of the file.
   */
  search(ended: boolean, frame: number): "found" | "wait" | "none" {
    const result = this.find(ended);
    if (result === "wait") return result;
    const size = this.pieces.offset() - this.from;
    const rest = result === "none" ? NOT_READ : `${size} bytes could not be read, then frames follow again`;
    this.report({ text: damaged(`${this.what}; ${rest}`), frame, offset: this.from });
    return result;
  }

  private find(ended: boolean): "found" | "wait" | "none" {
    const pieces = this.pieces;
    const reach = IN_A_ROW * this.shape.longest;
    for (;;) {
      // Twice the reach at once, so that what is put aside is moved once and not for every place.
      const isLast = !pieces.has(2 * reach);
      if (isLast && !ended) return "wait";
      const stop = isLast ? pieces.limit : pieces.limit - reach;
      for (let at = pieces.at; at < stop; at++) {
        if (!isRecord(pieces.view, at, pieces.limit, this.shape)) continue;
        pieces.at = at;
        return "found";
      }
      pieces.at = stop;
      if (isLast) return "none";
    }
  }
}

/**
 * Whether records follow one another from `first` on. `limit` ends the file, or lies beyond the reach of all records
 * looked at. `least`: so many are enough where the last of them ends the file.
 */
export function isRecord(view: DataView, first: number, limit: number, shape: RecordShape, least = 1): boolean {
  let at = first;
  for (let count = 0; count < IN_A_ROW; count++) {
    if (at === limit && count >= least) return true;
    if (at + shape.header > limit) return false;
    const length = shape.lengthAt(view, at);
    if (length < 0) return false;
    at += length;
  }
  return at <= limit;
}

const NOT_READ = "the rest of the file was not read";

function damaged(what: string): string {
  return `the capture is damaged here: ${what}`;
}

/** The sentence about damage before the first frame: nothing shows what its records look like. */
export function damagedAtStart(what: string): string {
  return damaged(`${what}; ${NOT_READ}`);
}

export function tooLarge(captured: number): string {
  return `a frame announces ${captured} captured bytes (at most ${limits.frameBytes} are possible)`;
}
