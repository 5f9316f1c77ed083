import { limits } from "../../src/bytes/limits.ts";
import { opensNtlm } from "../ntlmssp/decode.ts";
import { fromBase64 } from "./base64.ts";
import { isSpace } from "./characters.ts";
import type { AuthHeader } from "./message.ts";
import { Words } from "./words.ts";

/** A scheme and what stood behind it; the bytes of a token that could be decoded, for the GSS decoder. */
export interface Auth {
  readonly header: AuthHeader;
  readonly token: Uint8Array | null;
}

const tokenSchemes = new Words(["negotiate", "ntlm", "kerberos"]);

export function carriesToken(bytes: Uint8Array, start: number, end: number): boolean {
  return tokenSchemes.find(bytes, start, end) !== null;
}

/** Schemes as they are usually spelled: what says no more than such a name is the same object each time. */
const usual = new Map(["Negotiate", "NTLM", "Kerberos", "Basic", "Digest", "Bearer"].map((name) => [name, bare(name)]));

/** A scheme with nothing behind it that anybody asks for. */
export function schemeAlone(scheme: string): Auth {
  return usual.get(scheme) ?? bare(scheme);
}

function bare(scheme: string): Auth {
  return { header: { scheme, tokenLength: 0, tokenSound: null }, token: null };
}

/** Credentials of another scheme than Negotiate, NTLM and Kerberos are only counted. */
export function withSecret(scheme: string, bytes: Uint8Array, start: number, end: number): Auth {
  return { header: { scheme, tokenLength: charactersOf(bytes, start, end), tokenSound: null }, token: null };
}

/** A token of Negotiate, NTLM or Kerberos. */
export function withToken(scheme: string, bytes: Uint8Array, start: number, end: number): Auth {
  const token = end - start > limits.tokenCharacters ? null : fromBase64(bytes, start, end);
  if (token !== null) return { header: { scheme, tokenLength: end - start, tokenSound: isTokenShaped(token) }, token };
  // Old software folds long tokens; a token itself holds no blanks.
  const text = bytes.subarray(start, end).filter((byte) => !isSpace(byte));
  if (text.length < end - start) return withToken(scheme, text, 0, text.length);
  return { header: { scheme, tokenLength: charactersOf(bytes, start, end), tokenSound: false }, token };
}

/** Characters of UTF-8: bytes that do not continue one. */
function charactersOf(bytes: Uint8Array, start: number, end: number): number {
  let characters = 0;
  for (let at = start; at < end; at += 1) if (((bytes[at] ?? 0) & 0xc0) !== 0x80) characters += 1;
  return characters;
}

/** First bytes of NTLMSSP, or the tag of a GSS, SPNEGO or Kerberos token with a length that fits (RFC 2743 3.1). */
function isTokenShaped(token: Uint8Array): boolean {
  if (opensNtlm(token)) return true;
  const tag = token[0] ?? 0;
  const isKnown = tag === 0x60 || tag === 0xa0 || tag === 0xa1 || (tag >= 0x6a && tag <= 0x7e);
  return isKnown && derLength(token) === token.length;
}

/** Bytes of the outermost element with its header; -1 where the length is not definite. */
function derLength(token: Uint8Array): number {
  const first = token[1] ?? 0;
  if (first < 0x80) return 2 + first;
  const count = first & 0x7f;
  if (count === 0 || count > 4) return -1;
  let length = 0;
  for (let index = 0; index < count; index += 1) length = length * 256 + (token[2 + index] ?? 0);
  return 2 + count + length;
}
