import { limits } from "../../src/bytes/limits.ts";

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
/** Texts read lately, in pairs by hash, the newer of a pair first. */
const known: string[] = Array.from({ length: limits.sharedTexts }, () => "");
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
  const text = utf8.decode(bytes.subarray(start, end));
  known[newer + 1] = first;
  known[newer] = text;
  return text;
}

function isSame(text: string, bytes: Uint8Array, start: number, length: number): boolean {
  if (text.length !== length) return false;
  for (let at = 0; at < length; at++) if (text.charCodeAt(at) !== bytes[start + at]) return false;
  return true;
}

/** `text` on one line of a terminal: control, line-separating and direction-changing characters become U+FFFD. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, "\ufffd");
}
