import { limits } from "./limits.ts";

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
/** Texts read lately, in pairs by hash, the newer of a pair first. */
const known: string[] = Array.from({ length: limits.sharedTexts }, () => "");
const DOT = 0x2e;
const SHORT = 24;
const PAIRS = limits.sharedTexts / 2 - 1;

/**
 * The string in `bytes[start, end)`, read as UTF-8; what is not UTF-8 becomes U+FFFD.
 *
 * Names come again with every client, so equal short ones are one string, which lies in memory by itself: neither a
 * slice of a larger one nor a chain of parts.
 */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
  const length = end - start;
  if (length > limits.sharedTextBytes) return utf8.decode(bytes.subarray(start, end));
  let hash = length;
  let highest = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    highest |= byte;
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  if (length === 0 || highest > 0x7f) return utf8.decode(bytes.subarray(start, end));
  const newer = ((hash ^ (hash >>> 15)) & PAIRS) * 2;
  const first = known[newer] ?? "";
  if (isSame(first, bytes, start, length)) return first;
  const second = known[newer + 1] ?? "";
  if (isSame(second, bytes, start, length)) return second;
  const text = flat(bytes, start, end);
  known[newer + 1] = first;
  known[newer] = text;
  return text;
}

const spelled = new Uint8Array(limits.sharedTextBytes);

/** The same text, as `textOf` would give it: of a text put together from parts, or cut out of a longer one. */
export function sharedText(text: string): string {
  const { length } = text;
  if (length > spelled.length) return text;
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at);
    if (code > 0x7f) return text;
    spelled[at] = code;
  }
  return textOf(spelled, 0, length);
}

/** ASCII as one string; up to some length faster without TextDecoder. */
function flat(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > SHORT) return utf8.decode(bytes.subarray(start, end));
  const codes: number[] = [];
  for (let at = start; at < end; at++) codes.push(bytes[at] ?? 0);
  return String.fromCharCode(...codes);
}

function isSame(text: string, bytes: Uint8Array, start: number, length: number): boolean {
  if (text.length !== length) return false;
  for (let at = 0; at < length; at++) if (text.charCodeAt(at) !== bytes[start + at]) return false;
  return true;
}

/** Writes an IPv4 address in dots at `at`; returns the offset behind it. */
export function writeDotted(bytes: Uint8Array, at: number, a: number, b: number, c: number, d: number): number {
  let end = writeNumber(bytes, at, a);
  bytes[end] = DOT;
  end = writeNumber(bytes, end + 1, b);
  bytes[end] = DOT;
  end = writeNumber(bytes, end + 1, c);
  bytes[end] = DOT;
  return writeNumber(bytes, end + 1, d);
}

/** Writes a number of at most five digits at `at`; returns the offset behind it. */
export function writeNumber(bytes: Uint8Array, at: number, value: number): number {
  let end = at;
  for (let unit = value < 10 ? 1 : value < 100 ? 10 : value < 1000 ? 100 : 10_000; unit >= 1; unit = (unit / 10) | 0) {
    const digit = ((value / unit) | 0) % 10;
    if (digit === 0 && end === at && unit > 1) continue;
    bytes[end] = 0x30 + digit;
    end += 1;
  }
  return end;
}
