import { unicode } from "../bytes/unicode.ts";

/** The little-endian UTF-16 in `bytes[start, end)` up to its first zero; unpaired surrogates become U+FFFD. */
export function utf16Of(bytes: Uint8Array, start: number, end: number): string {
  return unicode(bytes.subarray(start, endOfUtf16(bytes, start, end) ?? end));
}

/** Where the zero stands that ends the UTF-16 at `start`; null where there is none before `end`. */
export function endOfUtf16(bytes: Uint8Array, start: number, end: number): number | null {
  for (let at = start; at + 2 <= end; at += 2) if (bytes[at] === 0 && bytes[at + 1] === 0) return at;
  return null;
}
