import { limits } from "../../src/bytes/limits.ts";
import { fromBase64 } from "./base64.ts";
import type { AuthHeader } from "./message.ts";

/** A scheme and what stood behind it; the bytes of a token that could be decoded, for the GSS decoder. */
export interface Auth {
  readonly header: AuthHeader;
  readonly token: Uint8Array | null;
}

const TOKEN_SCHEMES: ReadonlySet<string> = new Set(["negotiate", "ntlm", "kerberos"]);

export function carriesToken(scheme: string): boolean {
  return TOKEN_SCHEMES.has(scheme.toLowerCase());
}

/** `text`: all that stands behind the scheme. Of other schemes than Negotiate, NTLM and Kerberos it is only counted. */
export function authOf(scheme: string, text: string): Auth {
  if (!carriesToken(scheme) || text === "") {
    return { header: { scheme, tokenLength: text.length, tokenSound: null }, token: null };
  }
  const token = text.length > limits.tokenCharacters ? null : fromBase64(text);
  const tokenSound = token !== null && isTokenShaped(token);
  return { header: { scheme, tokenLength: text.length, tokenSound }, token };
}

const NTLMSSP = [0x4e, 0x54, 0x4c, 0x4d, 0x53, 0x53, 0x50, 0] as const;

/** First bytes of NTLMSSP, or the tag of a GSS, SPNEGO or Kerberos token with a length that fits (RFC 2743 3.1). */
function isTokenShaped(token: Uint8Array): boolean {
  if (NTLMSSP.every((byte, index) => token[index] === byte)) return true;
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
