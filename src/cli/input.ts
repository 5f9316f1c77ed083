import { limits } from "../bytes/limits.ts";
import { compressionOf } from "../capture/compression.ts";
import { isStreamed, needsRanges } from "../capture/formats.ts";
import type { ByteRange } from "../capture/reader.ts";
import { BYTES_TO_RECOGNISE } from "../capture/recognise.ts";
import type { Problem } from "../model/problem.ts";
import { gunzip, type Meter } from "./gunzip.ts";
import { type Origin, originOf, reasonOf } from "./origin.ts";
import type { Ranges } from "./ranges.ts";
import { type Peekable, peekable, type Source } from "./source.ts";
import { spool } from "./spool.ts";

/** One capture of the command line, opened when it is its turn. */
export interface Input {
  /** As the user named it (`-` is standard input); of a member of an archive `x.zip/inner.pcap`. */
  readonly name: string;
  /** Bytes on disk; null for a pipe. */
  readonly size: number | null;
  /** Compressions that are undone on the way, outermost first (`gzip+zstd`); null before `open`, and where there is none. */
  readonly compression: string | null;
  /** Bytes of `size` that were read so far. */
  readonly consumed: number;
  /** Once only. What goes wrong, now or later, becomes a problem: then the capture ends early. */
  open(): Promise<Opened>;
}

/** A capture without its compression: a stream, or ranges of a format that cannot be read from front to back. */
export type Opened =
  | {
      readonly kind: "stream";
      /** The next bytes, valid until the one after is asked for; null at the end. */
      next(): Promise<Uint8Array | null>;
      /** Lets go of what was opened; may be called early, and twice. */
      close(): void;
    }
  | {
      readonly kind: "ranges";
      readonly size: number;
      /** The bytes of a range, valid until the next is asked for; fewer where the file turned out shorter. */
      read(range: ByteRange): Promise<Uint8Array>;
      close(): void;
    };

export type InputProblemSink = (problem: Problem, input: Input) => void;

/** The captures that a path, or `-` for standard input, names; a sentence of complaint where it cannot be opened. */
export async function openInputs(path: string, report: InputProblemSink): Promise<readonly Input[] | string> {
  const origin = originOf(path);
  return typeof origin === "string" ? origin : [new PackedInput(path, origin, report)];
}

class PackedInput implements Input {
  readonly name: string;
  readonly size: number | null;
  compression: string | null = null;
  private readonly origin: Origin;
  private readonly report: (problem: Problem) => void;
  private readonly meter: Meter = { consumed: 0 };

  constructor(name: string, origin: Origin, report: InputProblemSink) {
    this.name = name;
    this.size = origin.size;
    this.origin = origin;
    this.report = (problem) => report(problem, this);
  }

  get consumed(): number {
    return this.meter.consumed;
  }

  async open(): Promise<Opened> {
    try {
      const raw = await peekable(this.withoutErrors(this.origin.stream()), isRecognised);
      const source = await this.unpacked(raw);
      if (!needsRanges(source.head)) return { kind: "stream", next: () => source.next(), close: () => source.close() };
      return this.ranged(await this.ranges(source));
    } catch (error) {
      this.report({ text: `${this.name}: ${reasonOf(error)}` });
      return { kind: "stream", next: () => Promise.resolve(null), close: () => {} };
    }
  }

  private async ranges(source: Source): Promise<Ranges> {
    if (this.compression !== null || this.origin.ranges === null) {
      return await spool(source, { report: this.report, bounds: limits });
    }
    source.close();
    return this.origin.ranges();
  }

  private ranged(ranges: Ranges): Opened {
    let buffer = new Uint8Array(0);
    return {
      kind: "ranges",
      size: ranges.size,
      read: async ({ from, length }) => {
        if (buffer.length < length) buffer = new Uint8Array(length);
        return buffer.subarray(0, await this.got(ranges, from, buffer.subarray(0, length)));
      },
      close: () => ranges.close(),
    };
  }

  private async got(ranges: Ranges, from: number, into: Uint8Array): Promise<number> {
    try {
      const got = await ranges.read(from, into);
      if (this.compression === null) this.meter.consumed = Math.min(ranges.size, this.meter.consumed + got);
      return got;
    } catch (error) {
      this.report({ text: `${this.name}: ${reasonOf(error)}`, offset: from });
      return 0;
    }
  }

  /** A reading error half-way is told and ends the input; what was read before stays. */
  private withoutErrors(source: Source): Source {
    return {
      next: async () => {
        try {
          const piece = await source.next();
          if (this.compression === null) this.meter.consumed += piece?.length ?? 0;
          return piece;
        } catch (error) {
          this.report({ text: `${this.name}: ${reasonOf(error)}; what came before was read` });
          return null;
        }
      },
      close: () => source.close(),
    };
  }

  private async unpacked(raw: Peekable): Promise<Peekable> {
    let source = raw;
    for (let depth = 0; depth < limits.compressionDepth; depth++) {
      const name = compressionOf(source.head)?.name;
      if (name !== "gzip") break;
      this.compression = this.compression === null ? name : `${this.compression}+${name}`;
      const unpacking = { report: this.report, meter: this.meter, isOutermost: depth === 0, bounds: limits };
      source = await peekable(gunzip(source, unpacking), isRecognised);
    }
    return source;
  }
}

/** A pipe that trickles is not waited for longer than its first bytes leave a doubt. */
function isRecognised(head: Uint8Array): boolean {
  return head.length >= BYTES_TO_RECOGNISE || isStreamed(head) || compressionOf(head) !== null;
}

/** The bytes of a capture from front to back; leaving the loop early closes it. */
export async function* chunksOf(input: Input): AsyncGenerator<Uint8Array, void> {
  const opened = await input.open();
  try {
    if (opened.kind === "stream") {
      for (let chunk = await opened.next(); chunk !== null; chunk = await opened.next()) yield chunk;
      return;
    }
    for (let from = 0; from < opened.size; ) {
      const chunk = await opened.read({ from, length: Math.min(limits.blockBytes, opened.size - from) });
      if (chunk.length === 0) return;
      from += chunk.length;
      yield chunk;
    }
  } finally {
    opened.close();
  }
}
