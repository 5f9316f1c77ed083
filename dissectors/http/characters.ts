import { limits } from "../../src/bytes/limits.ts";
import { textOf } from "../../src/bytes/text.ts";

const TOKEN = tableOf("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

function tableOf(characters: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}

/** Offset behind the token (RFC 9110 5.6.2) at `start`. */
export function tokenEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && TOKEN[bytes[at] ?? 0] === 1) at += 1;
  return at;
}

/** Offset behind the spaces and tabs at `start`. */
export function blanksEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && (bytes[at] === 0x20 || bytes[at] === 0x09)) at += 1;
  return at;
}

export function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}

export function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** `HTTP/` with its two digits (RFC 9112 2.3) at `at`. */
export function isVersion(bytes: Uint8Array, at: number, end: number): boolean {
  return (
    at + 8 <= end &&
    bytes[at] === 0x48 &&
    bytes[at + 1] === 0x54 &&
    bytes[at + 2] === 0x54 &&
    bytes[at + 3] === 0x50 &&
    bytes[at + 4] === 0x2f &&
    isDigit(bytes[at + 5] ?? 0) &&
    bytes[at + 6] === 0x2e &&
    isDigit(bytes[at + 7] ?? 0)
  );
}

const utf8 = new TextEncoder();

/** The text of `bytes[start, end)` without blanks around it, kept up to a bound: nobody needs more of a User-Agent. */
export function shortText(bytes: Uint8Array, start: number, end: number): string {
  if (start === end) return "";
  // No character has more than three bytes for each of its code units.
  const stop = Math.min(end, start + 3 * limits.httpFieldCharacters);
  const text = textOf(bytes, start, stop);
  const isTrimmed = isVisible(bytes[start] ?? 0) && isVisible(bytes[stop - 1] ?? 0);
  return shortened(isTrimmed ? text : text.trim());
}

/** No blank of ASCII, and no part of any other. */
function isVisible(byte: number): boolean {
  return byte > 0x20 && byte < 0x7f;
}

/** A copy, so that what is cut off does not stay in memory. */
export function shortened(text: string): string {
  const most = limits.httpFieldCharacters;
  if (text.length <= most) return text;
  const kept = utf8.encode(`${text.slice(0, most - 1)}…`);
  return textOf(kept, 0, kept.length);
}
