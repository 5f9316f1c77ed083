import type { Instant } from "../model/time.ts";
import { compareInstants } from "../model/time.ts";

interface AtFrame {
  readonly frame: number;
}

interface AtTime {
  readonly time: Instant;
}

/** In order of frames; what stands in order already, as nearly always, comes back as it is. */
export function inOrderOfFrames<T extends AtFrame>(pieces: readonly T[]): readonly T[] {
  return sorted(pieces, byFrame);
}

/** The same by time. */
export function inOrderOfTime<T extends AtTime>(pieces: readonly T[]): readonly T[] {
  return sorted(pieces, byTime);
}

/** Neighbours that the capture swapped are no farther apart. */
export const SWAPPED_SECONDS = 0.01;

const byFrame = (a: AtFrame, b: AtFrame) => a.frame - b.frame;
const byTime = (a: AtTime, b: AtTime) => compareInstants(a.time, b.time);

type Compare<T> = (a: T, b: T) => number;

function sorted<T>(pieces: readonly T[], compare: Compare<T>): readonly T[] {
  let before = pieces[0];
  for (const piece of pieces) {
    if (before !== undefined && compare(before, piece) > 0) return rearranged(pieces, compare);
    before = piece;
  }
  return pieces;
}

/** Up to so many, insertion is faster than a sort with its working memory. */
const FEW = 12;

function rearranged<T>(pieces: readonly T[], compare: Compare<T>): readonly T[] {
  if (pieces.length > FEW) return pieces.toSorted(compare);
  const row = pieces.slice();
  for (let i = 1; i < row.length; i++) {
    const piece = row[i];
    if (piece === undefined) continue;
    let at = i;
    for (let before = row[at - 1]; before !== undefined && compare(before, piece) > 0; before = row[at - 1]) {
      row[at] = before;
      at--;
    }
    row[at] = piece;
  }
  return row;
}

/** A list that is added to by `grown` alone, so that it may begin as the one that all share. */
export type Growing<T> = T[] | readonly [];

/** `list` with one more piece. Lists of up to three are made to measure: `push` makes room for seventeen. */
export function grown<T>(list: Growing<T> | null, piece: T): T[] {
  if (list === null || isEmpty(list)) return [piece];
  const first = list[0];
  const second = list[1];
  if (first !== undefined && list.length === 1) return [first, piece];
  if (first !== undefined && second !== undefined && list.length === 2) return [first, second, piece];
  list.push(piece);
  return list;
}

function isEmpty<T>(list: Growing<T>): list is readonly [] {
  return list.length === 0;
}

/** The list of nothing, shared by all who have nothing. */
export const NONE: readonly [] = [];

/** The pieces that fit; most clients have none at all of the kinds that tell of trouble. */
export function those<T>(pieces: readonly T[], fits: (piece: T) => boolean): readonly T[] {
  let found: T[] | null = null;
  for (const piece of pieces) if (fits(piece)) found = grown(found, piece);
  return found ?? NONE;
}

/** How far back an answer looks for what it answers: a client with more open questions than this is a forger's. */
const LOOK_BACK = 256;

/** The last piece that fits, of the newest. */
export function lastOf<T>(pieces: readonly T[], fits: (piece: T) => boolean): T | undefined {
  const stop = Math.max(0, pieces.length - LOOK_BACK);
  for (let at = pieces.length - 1; at >= stop; at--) {
    const piece = pieces[at];
    if (piece !== undefined && fits(piece)) return piece;
  }
  return undefined;
}

/** Each frame once, in order; what is in order already comes back as it is. */
export function inOrder(frames: readonly number[]): readonly number[] {
  for (let i = 1; i < frames.length; i++) {
    if ((frames[i] ?? 0) <= (frames[i - 1] ?? 0)) return [...new Set(frames)].sort((a, b) => a - b);
  }
  return frames;
}
