import { accessSync, constants, fstatSync, type Stats, statSync } from "node:fs";
import type { Unpacking } from "./bounds.ts";
import { isTerminal } from "./builtin.ts";
import { fileRanges, type Ranges } from "./ranges.ts";
import { reasonOf } from "./reasons.ts";
import { fileSource, pipeSource, type Source, streamSource } from "./source.ts";

const STANDARD_INPUT = 0;

/** Where the bytes of an input come from: a file, a pipe, or a member of an archive. */
export interface Origin {
  /** Bytes on disk; null for a pipe. */
  readonly size: number | null;
  /** Compressions and archives that lie around it, outermost first. */
  readonly within: readonly string[];
  /** Whether it was unpacked already, and so is measured. */
  readonly isMetered: boolean;
  /** From front to back; throws where the system refuses. A pipe can be opened once. */
  stream(unpacking: Unpacking): Promise<Source>;
  /** Any range; null where there is none, as of a pipe. */
  readonly ranges: (() => Ranges) | null;
}

/** The origin that a path, or `-` for standard input, names; a complaint where there is none. */
export function originOf(path: string): Origin | string {
  if (path === "-") return standardInput();
  try {
    const stats = statSync(path);
    const complaint = complaintAbout(stats);
    if (complaint !== null) return `${path}: ${complaint}`;
    accessSync(path, constants.R_OK);
    return stats.isFile() ? file(path, stats.size) : pipe(() => pipeSource(path));
  } catch (error) {
    return `${path}: ${reasonOf(error)}`;
  }
}

function standardInput(): Origin | string {
  if (isTerminal(STANDARD_INPUT)) return "standard input is a terminal; give a file or pipe a capture into it";
  const stats = fstatSync(STANDARD_INPUT);
  if (stats.isDirectory()) return "standard input is a directory, not a capture";
  return stats.isFile() ? file(STANDARD_INPUT, stats.size) : pipe(() => streamSource(process.stdin));
}

function file(path: string | number, size: number): Origin {
  const ranges = () => fileRanges(path, size);
  return { size, within: [], isMetered: false, stream: async () => fileSource(path), ranges };
}

function pipe(stream: () => Source): Origin {
  return { size: null, within: [], isMetered: false, stream: async () => stream(), ranges: null };
}

function complaintAbout(stats: Stats): string | null {
  if (stats.isDirectory()) return "is a directory, not a capture";
  return stats.isSocket() ? "is a socket, not a capture" : null;
}
