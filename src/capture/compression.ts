import { ascii, carries, type Signature } from "./signature.ts";

interface Row extends Signature {
  readonly name: string;
  /** What is done with it: undone on the way, taken apart, or told with a command that unpacks it. */
  readonly use: "undone" | "archive" | { readonly unpack: string };
}

/** Compressions and archives in which captures travel. */
const compressions = [
  { name: "gzip", bytes: [0x1f, 0x8b, 0x08], use: "undone" },
  { name: "zstd", bytes: [0x28, 0xb5, 0x2f, 0xfd], use: "undone" },
  { name: "lz4", bytes: [0x04, 0x22, 0x4d, 0x18], use: "undone" },
  /** The legacy frame. */
  { name: "lz4", bytes: [0x02, 0x21, 0x4c, 0x18], use: "undone" },
  { name: "xz", bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], use: "undone" },
  { name: "zip", bytes: [0x50, 0x4b, 0x03, 0x04], use: "archive" },
  { name: "cab", bytes: ascii("MSCF"), use: "archive" },
  { name: "tar", at: 257, bytes: ascii("ustar"), use: "archive" },
  { name: "bzip2", bytes: ascii("BZh"), use: "undone" },
  { name: "7z", bytes: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], use: { unpack: "7z x FILE" } },
  { name: "compress", bytes: [0x1f, 0x9d], use: { unpack: "uncompress FILE" } },
  { name: "rar", bytes: ascii("Rar!\x1a\x07"), use: { unpack: "unrar x FILE" } },
] as const satisfies readonly Row[];

export type Compression = (typeof compressions)[number];

/** The compression or archive that `bytes`, the first of a file (262 are enough), belong to; null for none. */
export function compressionOf(bytes: Uint8Array): Compression | null {
  return compressions.find((row) => carries(bytes, row)) ?? null;
}

/** Whether a frame of foreign data begins, as may stand before frames of zstd and lz4. */
export function beginsSkippable(bytes: Uint8Array): boolean {
  return ((bytes[0] ?? 0) & 0xf0) === 0x50 && carries(bytes, { at: 1, bytes: [0x2a, 0x4d, 0x18] });
}
