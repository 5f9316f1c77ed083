import type { Field } from "./block.ts";
import { blanksEnd, isSpace, shortText, tokenEnd } from "./characters.ts";
import { type Auth, carriesToken, schemeAlone, withSecret, withToken } from "./token.ts";

const COMMA = 0x2c;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const EQUALS = 0x3d;

const NONE: readonly Auth[] = [];

/**
 * The first `most` challenges of one WWW-Authenticate or Proxy-Authenticate value, RFC 9110 11.6.1: commas separate challenges and
 * also the parameters of one, so each part is looked at: a parameter belongs to the challenge before it.
 */
export function readChallenges({ bytes, start, end }: Field, most: number): readonly Auth[] {
  let challenges: Auth[] | null = null;
  for (let at = start; at <= end && (challenges === null || challenges.length < most); ) {
    const partEnd = endOfPart(bytes, at, end);
    const challenge = readPart(bytes, at, partEnd, challenges !== null);
    if (challenge !== null && challenges === null) challenges = [challenge];
    else if (challenge !== null) challenges?.push(challenge);
    at = partEnd + 1;
  }
  return challenges ?? NONE;
}

/** Offset of the comma outside quotes that ends the part at `start`, or `end`. */
function endOfPart(bytes: Uint8Array, start: number, end: number): number {
  let isQuoted = false;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at];
    if (byte === BACKSLASH && isQuoted) at += 1;
    else if (byte === QUOTE) isQuoted = !isQuoted;
    else if (byte === COMMA && !isQuoted) return at;
  }
  return end;
}

function readPart(bytes: Uint8Array, from: number, to: number, mayBeParameter: boolean): Auth | null {
  let start = from;
  let end = to;
  while (start < end && isSpace(bytes[start] ?? 0)) start += 1;
  while (end > start && isSpace(bytes[end - 1] ?? 0)) end -= 1;
  const schemeEnd = tokenEnd(bytes, start, end);
  if (schemeEnd === start) return null;
  if (schemeEnd === end) return schemeAlone(shortText(bytes, start, end));
  if (mayBeParameter && isParameter(bytes, start, end)) return null;
  const rest = blanksEnd(bytes, schemeEnd, end);
  if (rest === schemeEnd) return null;
  const scheme = shortText(bytes, start, schemeEnd);
  if (!carriesToken(bytes, start, schemeEnd) || isParameter(bytes, rest, end)) return schemeAlone(scheme);
  return withToken(scheme, bytes, rest, end);
}

/** A name, `=`, and something behind it that is no padding of base64. */
function isParameter(bytes: Uint8Array, start: number, end: number): boolean {
  const nameEnd = tokenEnd(bytes, start, end);
  const equals = blanksEnd(bytes, nameEnd, end);
  if (nameEnd === start || equals === end || bytes[equals] !== EQUALS) return false;
  const value = blanksEnd(bytes, equals + 1, end);
  return value < end && bytes[value] !== EQUALS && !isSpace(bytes[value] ?? 0);
}

/** The credentials of Authorization or Proxy-Authorization, RFC 9110 11.6.2. */
export function readCredentials({ bytes, start, end }: Field): Auth | null {
  const schemeEnd = tokenEnd(bytes, start, end);
  if (schemeEnd === start) return null;
  const scheme = shortText(bytes, start, schemeEnd);
  if (schemeEnd === end) return schemeAlone(scheme);
  const rest = blanksEnd(bytes, schemeEnd, end);
  if (rest === schemeEnd) return null;
  const read = carriesToken(bytes, start, schemeEnd) ? withToken : withSecret;
  return read(scheme, bytes, rest, end);
}
