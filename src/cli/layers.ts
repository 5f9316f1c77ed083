import { beginsSkippable, compressionOf } from "../capture/compression.ts";
import { isCapture } from "../capture/formats.ts";
import { BYTES_TO_RECOGNISE } from "../capture/recognise.ts";
import { methods } from "../capture/unpack/methods.ts";
import { skippable } from "../capture/unpack/skippable.ts";
import { type Method, unpackerOf } from "../capture/unpack/unpacker.ts";
import { bounded, portioned, type Unpacking } from "./bounds.ts";
import { type Peekable, peekable, type Source } from "./source.ts";
import { throughUnpacker } from "./unpack.ts";

/** A source, and the compressions that were undone for it, outermost first. */
export interface Undone {
  readonly source: Peekable;
  readonly names: readonly string[];
}

export interface Around {
  /** Compressions that may still be undone. */
  readonly depth: number;
  /** Whether one was, and so measures what goes in. */
  readonly isMetered: boolean;
}

/** Undoes compressions inside one another until something else begins. */
export async function undo(raw: Source, { depth, isMetered }: Around, unpacking: Unpacking): Promise<Undone> {
  let source = await peekable(raw, isRecognised);
  const names: string[] = [];
  while (names.length < depth) {
    if (beginsSkippable(source.head)) source = await peekable(through(source, skippable, unpacking), isRecognised);
    const row = isCapture(source.head) ? null : compressionOf(source.head);
    if (row?.use !== "undone") break;
    const packed = names.length === 0 && !isMetered ? portioned(source, unpacking.meter) : source;
    names.push(row.name);
    const plain = await unpacked(row.name, packed, unpacking);
    source = await peekable(bounded(plain, unpacking), isRecognised);
  }
  return { source, names };
}

async function unpacked(name: "gzip" | keyof typeof methods, packed: Source, unpacking: Unpacking): Promise<Source> {
  if (name !== "gzip") return through(packed, await methods[name](), unpacking);
  const { gunzip } = await import("./gunzip.ts");
  return gunzip(packed, unpacking.report);
}

function through(packed: Source, method: Method, { report }: Unpacking): Source {
  return throughUnpacker(packed, unpackerOf(method, report));
}

/** A pipe that trickles is not waited for longer than its first bytes leave a doubt. */
function isRecognised(head: Uint8Array): boolean {
  return head.length >= BYTES_TO_RECOGNISE || isCapture(head) || compressionOf(head) !== null;
}
