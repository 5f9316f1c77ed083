import type { ProblemSink } from "../../../model/problem.ts";
import type { ByteRange } from "../../reader.ts";

/** A file in an archive, as far as the archive is to be believed: sizes and names are claims. */
export interface Member {
  /** To be shown, never a path to write to. */
  readonly name: string;
  /** Where its packed bytes begin in the archive, and how many they are at most. */
  readonly at: number;
  readonly packedSize: number;
  readonly coding: Coding;
}

export type Coding =
  /** As it is. */
  | { readonly kind: "stored"; readonly checksum: Checksum | null }
  /** RFC 1951 */
  | { readonly kind: "deflate"; readonly checksum: Checksum | null }
  | CabinetCoding
  /** `why` goes on after a colon. */
  | { readonly kind: "unreadable"; readonly why: string };

/** What must come out. */
export interface Checksum {
  readonly crc32: number;
  readonly size: number;
}

/** A stretch of what the data blocks of a cabinet hold. */
export interface CabinetCoding {
  readonly kind: "cabinet";
  readonly blocks: number;
  /** Bytes in front of the data of each block that are not ours. */
  readonly reserve: number;
  readonly isPacked: boolean;
  readonly from: number;
  readonly size: number;
}

/** The search for the members of an archive: yields the range it must see next and is given its bytes. */
export type Listing = Generator<ByteRange, readonly Member[], Uint8Array>;

export interface Archive {
  /** Lists what an archive of `size` bytes holds, without a look at it. */
  members(size: number, report: ProblemSink): Listing;
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
