import zlib from "node:zlib";
import type { ByteRange } from "../capture/reader.ts";
import type { InflateBlock } from "../capture/unpack/archive/cabinet.ts";
import type { Archive, Checksum, Member } from "../capture/unpack/archive/member.ts";
import { unpackerOf } from "../capture/unpack/unpacker.ts";
import type { ProblemSink } from "../model/problem.ts";
import { bounded, portioned, type Unpacking } from "./bounds.ts";
import { Arriving, Inflation } from "./inflate.ts";
import { type Ranges, rangeSource } from "./ranges.ts";
import { type Source, withoutErrors } from "./source.ts";
import { throughUnpacker } from "./unpack.ts";

/** Archives by the name of their format, each loaded when it is met. */
export const archives: { readonly [name in "zip" | "cab" | "tar"]: () => Promise<Archive> } = {
  zip: async () => (await import("../capture/unpack/archive/zip.ts")).zip,
  cab: async () => (await import("../capture/unpack/archive/cabinet.ts")).cabinet,
  tar: async () => (await import("../capture/unpack/archive/tar.ts")).tar,
};

/** Node before 20.15 has none; then only lengths are compared. */
const crc32: typeof zlib.crc32 | undefined = zlib.crc32;

/** Lists what an archive holds, reading of it what is needed for that. */
export async function membersOf(archive: Archive, ranges: Ranges, report: ProblemSink): Promise<readonly Member[]> {
  const listing = archive.members(ranges.size, report);
  let step = listing.next();
  while (step.done !== true) step = listing.next(await part(ranges, step.value));
  return step.value;
}

async function part(ranges: Ranges, { from, length }: ByteRange): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  return bytes.subarray(0, await ranges.read(from, bytes));
}

/** The content of a member, from front to back; `ranges` are the archive's, and closed with it. */
export async function contentOf(ranges: Ranges, member: Member, unpacking: Unpacking): Promise<Source> {
  const { at, packedSize, coding } = member;
  const packed = withoutErrors(rangeSource(ranges, at, packedSize), unpacking.report);
  switch (coding.kind) {
    case "stored":
      return coding.checksum === null ? packed : checked(packed, coding.checksum, unpacking.report);
    case "deflate": {
      const plain = bounded(inflated(portioned(packed, unpacking.meter), unpacking.report), unpacking);
      return coding.checksum === null ? plain : checked(plain, coding.checksum, unpacking.report);
    }
    case "cabinet": {
      const { cabinetFile } = await import("../capture/unpack/archive/cabinet.ts");
      const unpacker = unpackerOf(cabinetFile(coding, inflateBlock), unpacking.report);
      return bounded(throughUnpacker(portioned(packed, unpacking.meter), unpacker), unpacking);
    }
    case "unreadable":
      packed.close();
      return { next: () => Promise.resolve(null), close: () => {} };
    default:
      return coding satisfies never;
  }
}

function inflated(input: Source, report: ProblemSink): Source {
  const inflation = new Inflation(new Arriving(input));
  const pieces = inflation.pieces();
  return {
    async next() {
      const { value, done } = await pieces.next();
      if (done !== true) return value;
      if (value === false) report({ text: "the zip data is damaged; what stands before was read" });
      return null;
    },
    close() {
      inflation.close();
      input.close();
    },
  };
}

/** Tells at the end when other bytes came out than went in. */
function checked(source: Source, { crc32: wanted, size }: Checksum, report: ProblemSink): Source {
  let sum = 0;
  let length = 0;
  let ended = false;
  return {
    async next() {
      const piece = ended ? null : await source.next();
      if (piece !== null) {
        sum = crc32?.(piece, sum) ?? 0;
        length += piece.length;
      } else if (!ended) {
        ended = true;
        if (length < size) report({ text: "the zip data is cut short or damaged; what there is was read" });
        else if (length > size || (crc32 !== undefined && sum !== wanted)) report({ text: WRONG });
      }
      return piece;
    },
    close: () => source.close(),
  };
}

const WRONG = "the zip checksum is wrong, so the data may be damaged; it was read all the same";

const inflateBlock: InflateBlock = (packed, before, most) => {
  try {
    const dictionary = before.length === 0 ? {} : { dictionary: before };
    return zlib.inflateRawSync(packed, { ...dictionary, maxOutputLength: most });
  } catch {
    return null;
  }
};
