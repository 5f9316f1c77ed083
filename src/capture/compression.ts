import { ascii, carries, type Signature } from "./signature.ts";

interface Row extends Signature {
  readonly name: string;
  /** A command that unpacks such a file; null where kflow reads it itself. */
  readonly unpack: string | null;
}

/** Compressions and archives in which captures travel. */
const compressions = [
  { name: "gzip", bytes: [0x1f, 0x8b, 0x08], unpack: null },
  { name: "zstd", bytes: [0x28, 0xb5, 0x2f, 0xfd], unpack: "zstd -d FILE" },
  { name: "lz4", bytes: [0x04, 0x22, 0x4d, 0x18], unpack: "lz4 -d FILE" },
  { name: "lz4 (legacy)", bytes: [0x02, 0x21, 0x4c, 0x18], unpack: "lz4 -d FILE" },
  { name: "xz", bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], unpack: "xz -d FILE" },
  { name: "bzip2", bytes: ascii("BZh"), unpack: "bzip2 -d FILE" },
  { name: "zip", bytes: [0x50, 0x4b, 0x03, 0x04], unpack: "unzip FILE" },
  { name: "7z", bytes: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], unpack: "7z x FILE" },
  { name: "compress", bytes: [0x1f, 0x9d], unpack: "uncompress FILE" },
  { name: "rar", bytes: ascii("Rar!\x1a\x07"), unpack: "unrar x FILE" },
  { name: "Windows cabinet", bytes: ascii("MSCF"), unpack: "expand -F:*.etl FILE ." },
  { name: "tar", at: 257, bytes: ascii("ustar"), unpack: "tar -xf FILE" },
] as const satisfies readonly Row[];

export type Compression = (typeof compressions)[number];

/** The compression or archive that `bytes`, the first of a file (262 are enough), belong to; null for none. */
export function compressionOf(bytes: Uint8Array): Compression | null {
  return compressions.find((row) => carries(bytes, row)) ?? skippableFrame(bytes);
}

/** A zstd file may begin with a frame of foreign data; lz4 shares these numbers, but its tools do not write them. */
function skippableFrame(bytes: Uint8Array): Compression | null {
  const isSkippable = ((bytes[0] ?? 0) & 0xf0) === 0x50 && carries(bytes, { at: 1, bytes: [0x2a, 0x4d, 0x18] });
  return isSkippable ? compressions[1] : null;
}
