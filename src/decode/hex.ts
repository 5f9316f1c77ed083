import type { Unpacked } from "./paste.ts";

/** An offset, as xxd, tcpdump -X and Wireshark write it, then the bytes of the line, then perhaps their letters. */
const DUMP_LINE = /^[ \t]*(?:0x)?([0-9a-f]{4,8}):?[ \t]+((?:[0-9a-f]{2}[ \t]?)+)(?=[ \t]|$)/i;
/** hexdump -C frames the letters with bars and has a wider gap in the middle of the bytes. */
const BARRED_LINE = /^[ \t]*([0-9a-f]{8})[ \t]+((?:[0-9a-f]{2}[ \t]*)+)\|/i;
/** Behind the last line some programs write the offset of the end. */
const LAST_OFFSET = /\n[0-9a-f]{7,8}\s*$/i;
const LONGEST_ROW = 16;

/** A dump with offsets; null where the text is none. */
export function hexDump(text: string): Unpacked | null {
  const bytes: number[] = [];
  const places: number[] = [];
  const rows = rowsOf(text.replace(LAST_OFFSET, "\n"));
  const base = rows?.[0]?.offset;
  if (rows === null || base === undefined || (rows.length === 1 && base !== 0)) return null;
  for (const [index, { offset, pairs }] of rows.entries()) {
    if (offset - base !== bytes.length) return null;
    const count = (rows[index + 1]?.offset ?? Number.POSITIVE_INFINITY) - offset;
    for (const pair of pairs.slice(0, Math.max(0, Math.min(count, LONGEST_ROW)))) {
      bytes.push(Number.parseInt(pair.text, 16));
      places.push(pair.at);
    }
  }
  places.push((places.at(-1) ?? -2) + 2);
  return { encoding: "hex dump", bytes: Uint8Array.from(bytes), places, strays: [] };
}

interface Row {
  readonly offset: number;
  readonly pairs: readonly { readonly text: string; readonly at: number }[];
}

function rowsOf(text: string): Row[] | null {
  const rows: Row[] = [];
  for (const line of text.matchAll(/[^\r\n]+/g)) {
    if (line[0].trim() === "") continue;
    const row = rowOf(line[0], line.index);
    if (row === null) return null;
    rows.push(row);
  }
  return rows;
}

function rowOf(line: string, place: number): Row | null {
  const match = BARRED_LINE.exec(line) ?? DUMP_LINE.exec(line);
  if (match === null) return null;
  const [, offset = "", octets = ""] = match;
  const start = place + line.indexOf(octets, line.indexOf(offset) + offset.length);
  const pairs = [...octets.matchAll(/[0-9a-f]{2}/gi)].map((pair) => ({ text: pair[0], at: start + pair.index }));
  return { offset: Number.parseInt(offset, 16), pairs };
}

const SEPARATORS = /[\s:,;{}()"'`\\-]/;
/** Of this share of strange characters on, a text is no hex: base64 has many more. */
const STRANGE = 0.05;

/**
 * Hex digits with or without blanks, colons, commas, `0x` and `\x`; null where there is much else. A strange character
 * stands for a digit 0, so that what follows it keeps its place.
 */
export function hexDigits(text: string): Unpacked | null {
  const digits = [...text.matchAll(/0x|\\x|[\s\S]/gi)].filter(([one]) => one.length === 1 && !SEPARATORS.test(one));
  const strays = digits.flatMap(({ 0: character, index: at }) => (isHex(character) ? [] : [{ at, character }]));
  if (digits.length < 4 || strays.length > digits.length * STRANGE) return null;
  const places: number[] = [];
  const bytes = new Uint8Array(digits.length >>> 1);
  for (let at = 0; at < bytes.length; at++) {
    const [high, low] = [digits[2 * at], digits[2 * at + 1]];
    bytes[at] = (digit(high?.[0]) << 4) | digit(low?.[0]);
    places.push(high?.index ?? 0);
  }
  places.push((digits.at(-1)?.index ?? -1) + 1);
  const odd = digits.length % 2 === 1 ? digits.at(-1) : undefined;
  const all = odd === undefined ? strays : [...strays, { at: odd.index, character: odd[0] }];
  return { encoding: "hex", bytes, places, strays: all };
}

function isHex(character: string): boolean {
  return /^[0-9a-f]$/i.test(character);
}

function digit(character = "0"): number {
  return isHex(character) ? Number.parseInt(character, 16) : 0;
}
