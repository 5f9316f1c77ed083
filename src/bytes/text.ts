import { limits } from "./limits.ts";
import { OPENING_BYTES, Openings } from "./openings.ts";

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
/** Texts read lately, at the places of their openings. */
const known = new Array<string>(limits.sharedTexts).fill("");
const openings = new Openings(limits.sharedTexts);
const DOT = 0x2e;
/** Up to some length character codes make a string faster than TextDecoder: one list for each length, used again. */
const codes: readonly number[][] = Array.from({ length: 33 }, (_, length) => new Array<number>(length).fill(0));

/**
 * The string in `bytes[start, end)`, read as UTF-8; what is not UTF-8 becomes U+FFFD.
 *
 * Names come again with every client, so equal short ones are one string, which lies in memory by itself: neither a
 * slice of a larger one nor a chain of parts.
 */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
  if (start === end) return "";
  if (end - start > limits.sharedTextBytes) return utf8.decode(bytes.subarray(start, end));
  const newer = openings.look(bytes, start, end);
  for (let place = newer; place <= newer + 1; place++) {
    if (!openings.is(place)) continue;
    const text = known[place] ?? "";
    if (goesOn(text, bytes, start, end)) return text;
  }
  if (!isAscii(bytes, start, end)) return utf8.decode(bytes.subarray(start, end));
  const text = flat(bytes, start, end);
  if (!openings.cameBefore()) return text;
  openings.take(newer);
  known[newer + 1] = known[newer] ?? "";
  known[newer] = text;
  return text;
}

/** Whether the text is that of `bytes[start, end)` behind the opening, too. */
function goesOn(text: string, bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start;
  for (let at = OPENING_BYTES; at < length; at++) if (text.charCodeAt(at) !== bytes[start + at]) return false;
  return true;
}

function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if ((bytes[at] ?? 0) > 0x7f) return false;
  return true;
}

/** ASCII as one string. */
function flat(bytes: Uint8Array, start: number, end: number): string {
  const list = codes[end - start];
  if (list === undefined) return utf8.decode(bytes.subarray(start, end));
  for (let at = start; at < end; at++) list[at - start] = bytes[at] ?? 0;
  return String.fromCharCode(...list);
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
