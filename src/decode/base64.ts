import type { Stray, Unpacked } from "./paste.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const VALUES = new Map([...ALPHABET].map((letter, value) => [letter, value]));
VALUES.set("-", 62);
VALUES.set("_", 63);

/** White space, soft hyphens, zero-width characters, and what shells and programs put around strings. */
const PASSED_OVER = /[\s\u00ad\u200b-\u200d\u2060\ufeff\\"'`<>;]/;
/** Of this share of strange characters on, a text is something else. */
const STRANGE = 0.2;

/**
 * Base64 or base64url (RFC 4648 4 and 5), wrapped or not, padded or not. A strange character stands for six bits that
 * are 0, so that what follows it keeps its place.
 */
export function base64(text: string): Unpacked | null {
  const values: number[] = [];
  const where: number[] = [];
  const strays: Stray[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? "";
    const value = VALUES.get(character);
    if (value === undefined && PASSED_OVER.test(character)) continue;
    if (character === "=") {
      checkTail(text, at, strays);
      break;
    }
    if (value === undefined) strays.push({ at, character });
    values.push(value ?? 0);
    where.push(at);
  }
  if (values.length < 2 || strays.length > values.length * STRANGE) return null;
  const isUrl = /[-_]/.test(text) && !/[+/]/.test(text);
  return { encoding: isUrl ? "base64url" : "base64", strays, ...packed(values, where) };
}

/** Behind the padding nothing should follow. */
function checkTail(text: string, from: number, strays: Stray[]): void {
  const tail = /[^=\s"'`;\\<>]/.exec(text.slice(from));
  if (tail !== null) strays.push({ at: from + tail.index, character: tail[0] });
}

/** Six bits each into bytes; a lone last character holds no whole byte. */
function packed(values: readonly number[], where: readonly number[]): Pick<Unpacked, "bytes" | "places"> {
  const bytes = new Uint8Array(Math.floor((values.length * 6) / 8));
  const places: number[] = [];
  for (let at = 0; at < bytes.length; at++) {
    const first = Math.floor((at * 8) / 6);
    const shift = (at * 8) % 6;
    const bits = ((values[first] ?? 0) << 12) | ((values[first + 1] ?? 0) << 6) | (values[first + 2] ?? 0);
    bytes[at] = bits >>> (10 - shift);
    places.push(where[first] ?? 0);
  }
  places.push((where.at(-1) ?? -1) + 1);
  return { bytes, places };
}
