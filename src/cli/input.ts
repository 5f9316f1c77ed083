import { accessSync, constants, fstatSync, type Stats, statSync } from "node:fs";
import { isatty } from "node:tty";
import { limits } from "../bytes/limits.ts";
import { compressionOf } from "../capture/compression.ts";
import type { ProblemSink } from "../model/problem.ts";
import { gunzip, type Meter } from "./gunzip.ts";
import { fileSource, pipeSource, type Source, streamSource } from "./source.ts";

const STANDARD_INPUT = 0;
const BYTES_TO_RECOGNISE = 3;

/** One input of the command line, opened when its chunks are asked for. */
export interface Input {
  /** As the user named it; `-` is standard input. */
  readonly name: string;
  /** Bytes on disk; null for a pipe. */
  readonly size: number | null;
  /** Compression that is undone on the way; null until the first chunk was asked for, and where there is none. */
  readonly compression: string | null;
  /**
   * The decompressed bytes, once. A chunk is valid until the next one is asked for. Reading errors and damaged
   * compression become problems and end the chunks; leaving the loop early closes whatever was opened.
   */
  chunks(): AsyncIterable<Uint8Array>;
}

/** Opens a path, or `-` for standard input; a sentence of complaint where that is not possible. */
export function openInput(path: string, report: ProblemSink): Input | string {
  if (path !== "-") return openPath(path, report);
  if (isatty(STANDARD_INPUT)) return "standard input is a terminal; give a file or pipe a capture into it";
  const stats = fstatSync(STANDARD_INPUT);
  if (stats.isDirectory()) return "standard input is a directory, not a capture";
  if (stats.isFile()) return new OpenedInput("-", stats.size, () => fileSource(STANDARD_INPUT), report);
  return new OpenedInput("-", null, () => streamSource(process.stdin), report);
}

function openPath(path: string, report: ProblemSink): Input | string {
  try {
    const stats = statSync(path);
    const complaint = complaintAbout(stats);
    if (complaint !== null) return `${path}: ${complaint}`;
    accessSync(path, constants.R_OK);
    if (stats.isFile()) return new OpenedInput(path, stats.size, () => fileSource(path), report);
    return new OpenedInput(path, null, () => pipeSource(path), report);
  } catch (error) {
    return `${path}: ${reasonOf(error)}`;
  }
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
};

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return reasons[code] ?? `cannot be read (${code === "" ? String(error) : code})`;
}

class OpenedInput implements Input {
  readonly name: string;
  readonly size: number | null;
  compression: string | null = null;
  private readonly open: () => Source;
  private readonly report: ProblemSink;

  constructor(name: string, size: number | null, open: () => Source, report: ProblemSink) {
    this.name = name;
    this.size = size;
    this.open = open;
    this.report = report;
  }

  async *chunks(): AsyncGenerator<Uint8Array, void> {
    let source: Source | null = null;
    try {
      source = await this.unpacked(this.withoutErrors(this.open()));
      for (let chunk = await source.next(); chunk !== null; chunk = await source.next()) yield chunk;
    } catch (error) {
      this.report({ text: `${this.name}: ${reasonOf(error)}` });
    } finally {
      source?.close();
    }
  }

  /** A reading error half-way is told and ends the input; what was read before stays. */
  private withoutErrors(source: Source): Source {
    return {
      next: async () => {
        try {
          return await source.next();
        } catch (error) {
          this.report({ text: `${this.name}: ${reasonOf(error)}; what came before was read` });
          return null;
        }
      },
      close: () => source.close(),
    };
  }

  private async unpacked(raw: Source): Promise<Source> {
    const meter: Meter = { consumed: 0 };
    let source = await peekable(raw);
    for (let depth = 0; depth < limits.compressionDepth; depth++) {
      if (compressionOf(source.head)?.name !== "gzip") break;
      this.compression = "gzip";
      source = await peekable(gunzip(source, { report: this.report, meter, isOutermost: depth === 0, bounds: limits }));
    }
    return source;
  }
}

/** Reads the first pieces of a source, enough to recognise a compression, and gives them again. */
async function peekable(source: Source): Promise<Source & { readonly head: Uint8Array }> {
  let head = new Uint8Array(0);
  let piece = await source.next();
  while (piece !== null && head.length + piece.length < BYTES_TO_RECOGNISE) {
    head = joined(head, piece);
    piece = await source.next();
  }
  const first = piece === null ? head : head.length === 0 ? piece : joined(head, piece);
  let given = false;
  const next = () => {
    if (given) return source.next();
    given = true;
    return Promise.resolve(first.length === 0 ? null : first);
  };
  return { head: first, next, close: () => source.close() };
}

function joined(head: Uint8Array, tail: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(head.length + tail.length);
  both.set(head);
  both.set(tail, head.length);
  return both;
}
