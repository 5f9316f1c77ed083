import { concat } from "../build.ts";

/** Compresses without looking for matches: one word of zero flags before every 32 bytes. */
export function literalsOnly(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += 32) parts.push(new Uint8Array(4), bytes.subarray(at, at + 32));
  if (bytes.length % 32 === 0) parts.push(new Uint8Array(4).fill(0xff));
  return concat(parts);
}

const LONGEST = 0x20000;
const FURTHEST = 8_192;

/** Compresses as MS-XCA 2.3 says: the latest match of three bytes or more is taken wherever there is one. */
export function compressed(bytes: Uint8Array): Uint8Array {
  const out: number[] = [0, 0, 0, 0];
  let flagsAt = 0;
  let flags = 0;
  let count = 0;
  let halfAt = -1;
  const seen = new Map<number, number>();
  const flag = (bit: 0 | 1) => {
    flags = ((flags << 1) | bit) >>> 0;
    count += 1;
    if (count < 32) return;
    write32(out, flagsAt, flags);
    flagsAt = out.length;
    out.push(0, 0, 0, 0);
    count = 0;
    flags = 0;
  };
  const putLength = (rest: number) => {
    if (halfAt < 0) {
      halfAt = out.length;
      out.push(Math.min(rest, 15));
    } else {
      out[halfAt] = (out[halfAt] ?? 0) | (Math.min(rest, 15) << 4);
      halfAt = -1;
    }
    if (rest < 15) return;
    const length = rest + 7;
    if (rest - 15 < 255) out.push(rest - 15);
    else if (length < 0x10000) out.push(255, length & 0xff, length >> 8);
    else out.push(255, 0, 0, length & 0xff, (length >> 8) & 0xff, (length >> 16) & 0xff, length >>> 24);
  };
  for (let at = 0; at < bytes.length; ) {
    const key = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const from = seen.get(key);
    const length = from === undefined || at - from > FURTHEST ? 0 : matchLength(bytes, from, at);
    if (at + 2 < bytes.length) seen.set(key, at);
    if (from === undefined || length < 3) {
      out.push(bytes[at] ?? 0);
      at += 1;
      flag(0);
      continue;
    }
    const token = ((at - from - 1) << 3) | Math.min(length - 3, 7);
    out.push(token & 0xff, token >> 8);
    if (length - 3 >= 7) putLength(length - 10);
    at += length;
    flag(1);
  }
  write32(out, flagsAt, count === 0 ? 0xffffffff : ((flags << (32 - count)) | (2 ** (32 - count) - 1)) >>> 0);
  return Uint8Array.from(out);
}

function matchLength(bytes: Uint8Array, from: number, at: number): number {
  let length = 0;
  while (length < LONGEST && at + length < bytes.length && bytes[from + length] === bytes[at + length]) length += 1;
  return length;
}

function write32(out: number[], at: number, value: number): void {
  for (let byte = 0; byte < 4; byte++) out[at + byte] = (value >>> (8 * byte)) & 0xff;
}
