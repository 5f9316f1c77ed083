import { beginsSkippable, compressionOf } from "../capture/compression.ts";
import { isCapture } from "../capture/formats.ts";
import type { ByteRange } from "../capture/reader.ts";
import { BYTES_TO_RECOGNISE } from "../capture/recognise.ts";
import type { Problem } from "../model/problem.ts";
import { originOf } from "./origin.ts";
import { PackedInput } from "./packed-input.ts";
import type { Ranges } from "./ranges.ts";
import { reasonOf } from "./reasons.ts";
import type { Soon } from "./source.ts";

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
      next(): Soon<Uint8Array | null>;
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

/**
 * The captures that a path, or `-` for standard input, names: several where it is an archive. A sentence of complaint
 * where it cannot be opened. What is found wrong with an archive is told when its first capture is opened.
 */
export async function openInputs(path: string, report: InputProblemSink): Promise<readonly Input[] | string> {
  const origin = originOf(path);
  if (typeof origin === "string") return origin;
  try {
    const input = new PackedInput(path, origin, report);
    if (origin.ranges !== null && (await beginsPlainly(origin.ranges()))) return [input];
    const archive = await input.asArchive();
    if (archive === null) return [input];
    const { capturesIn } = await import("./archive-inputs.ts");
    return await capturesIn(archive, path, report);
  } catch (error) {
    return `${path}: ${reasonOf(error)}`;
  }
}

/** A look at the first bytes of a file, which spares most files from being opened twice. */
async function beginsPlainly(ranges: Ranges): Promise<boolean> {
  try {
    const head = new Uint8Array(BYTES_TO_RECOGNISE);
    const bytes = head.subarray(0, await ranges.read(0, head));
    return isCapture(bytes) || (compressionOf(bytes) === null && !beginsSkippable(bytes));
  } finally {
    ranges.close();
  }
}
