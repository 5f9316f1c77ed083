import { accessSync, constants, fstatSync, type Stats, statSync } from "node:fs";
import { isatty } from "node:tty";
import { fileRanges, type Ranges } from "./ranges.ts";
import { fileSource, pipeSource, type Source, streamSource } from "./source.ts";

const STANDARD_INPUT = 0;

/** Where the bytes of an input lie, as they are on disk or come through a pipe. */
export interface Origin {
  /** Bytes; null for a pipe. */
  readonly size: number | null;
  /** From front to back; throws where the system refuses. A pipe can be opened once. */
  stream(): Source;
  /** Any range; null for a pipe. */
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
  if (isatty(STANDARD_INPUT)) return "standard input is a terminal; give a file or pipe a capture into it";
  const stats = fstatSync(STANDARD_INPUT);
  if (stats.isDirectory()) return "standard input is a directory, not a capture";
  return stats.isFile() ? file(STANDARD_INPUT, stats.size) : pipe(() => streamSource(process.stdin));
}

function file(path: string | number, size: number): Origin {
  return { size, stream: () => fileSource(path), ranges: () => fileRanges(path, size) };
}

function pipe(stream: () => Source): Origin {
  return { size: null, stream, ranges: null };
}

function complaintAbout(stats: Stats): string | null {
  if (stats.isDirectory()) return "is a directory, not a capture";
  return stats.isSocket() ? "is a socket, not a capture" : null;
}

const reasons: { readonly [code: string]: string } = {
  ENOENT: "there is no such file",
  ENOTDIR: "a part of the path is not a directory",
  EACCES: "permission denied",
  EPERM: "permission denied",
  ELOOP: "too many symbolic links",
  ENAMETOOLONG: "the name is too long",
  EMFILE: "too many files are open",
  EIO: "the device reports a reading error",
  ENOSPC: "there is no room left",
};

/** What an error of the system means, in words that go on from a colon. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return reasons[code] ?? `cannot be read (${code === "" ? String(error) : code})`;
}
