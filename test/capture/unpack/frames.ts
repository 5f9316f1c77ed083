import { Bytes } from "../build.ts";

/** Frames built by hand, for what no tool would write. */

/** A block header of zstd (RFC 8878 3.1.1.2). */
export function zstdBlock(kind: 0 | 1 | 2, size: number, isLast: boolean): Uint8Array {
  const head = (size << 3) | (kind << 1) | Number(isLast);
  return Uint8Array.of(head & 0xff, (head >> 8) & 0xff, head >> 16);
}

/** A zstd frame with a window of `2 ** (10 + exponent)` bytes, without checksum, of ready blocks. */
export function zstdFrame(exponent: number, ...blocks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Bytes().u32(0xfd2fb528).raw([0, exponent << 3]);
  for (const block of blocks) bytes.raw(block);
  return bytes.done();
}

export function skippableFrame(length: number, low = 0): Uint8Array {
  return new Bytes()
    .u32(0x184d2a50 + low, length)
    .raw(new Uint8Array(length).fill(0xaa))
    .done();
}
