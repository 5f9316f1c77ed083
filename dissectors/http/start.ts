import { textOf } from "../../src/bytes/text.ts";
import { isDigit, isVersion } from "./characters.ts";

/** What the first bytes of a stream or of a message say. */
export type Start = "request" | "response" | "http2" | "more" | "no";

/** RFC 9110 9.3, RFC 5789, WebDAV (RFC 4918, 3253, 3648, 3744, 5323), and methods of Windows services (WinRM, BITS, RPC over HTTP, WebDAV of Exchange). */
const METHODS = [
  ...["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"],
  ...["PROPFIND", "PROPPATCH", "MKCOL", "COPY", "MOVE", "LOCK", "UNLOCK", "SEARCH", "REPORT", "ACL"],
  ...["CHECKOUT", "CHECKIN", "UNCHECKOUT", "MERGE", "MKACTIVITY", "MKWORKSPACE", "VERSION-CONTROL", "UPDATE", "LABEL"],
  ...["BASELINE-CONTROL", "ORDERPATCH", "MKCALENDAR", "BIND", "UNBIND", "REBIND", "POLL", "SUBSCRIBE", "UNSUBSCRIBE"],
  ...["NOTIFY", "BCOPY", "BMOVE", "BDELETE", "BPROPFIND", "BPROPPATCH", "RPC_IN_DATA", "RPC_OUT_DATA", "BITS_POST"],
  ...["CCM_POST", "DEBUG"],
] as const;
const KNOWN: ReadonlySet<string> = new Set(METHODS);
const LONGEST_METHOD = 20;
/** Bytes after which an unknown method must have shown its `HTTP/1.` */
const ENOUGH = 72;
/** Bytes of the target that are searched for it where they have come already. */
const WINDOW = 512;

/** Looks at `bytes[start, end)`; `more` where they could still become either. */
export function startOf(bytes: Uint8Array, start: number, end: number): Start {
  let from = start;
  while (from < end && from < start + 4 && (bytes[from] === 0x0d || bytes[from] === 0x0a)) from += 1;
  let at = from;
  while (at < end && at - from <= LONGEST_METHOD && isTokenByte(bytes[at] ?? 0)) at += 1;
  if (at === end) return at - from <= LONGEST_METHOD ? "more" : "no";
  if (bytes[at] === 0x2f && isWord(bytes, from, at, HTTP)) return version(bytes, at + 1, end);
  if (bytes[at] !== 0x20 || !isMethodLike(bytes, from, at)) return "no";
  return isWord(bytes, from, at, PRI) ? "http2" : request(bytes, from, at, end);
}

function version(bytes: Uint8Array, at: number, end: number): Start {
  if (at + 2 > end) return at === end || bytes[at] === 0x31 ? "more" : "no";
  return bytes[at] === 0x31 && bytes[at + 1] === 0x2e ? "response" : "no";
}

/** A known method and the first character of a target; of an unknown one the whole line up to `HTTP/1.` */
function request(bytes: Uint8Array, start: number, methodEnd: number, end: number): Start {
  const target = methodEnd + 1;
  if (target === end) return "more";
  if (!isTargetByte(bytes[target] ?? 0)) return "no";
  const window = Math.min(end, target + WINDOW);
  for (let at = target; at < window; at += 1) {
    if (bytes[at] === 0x0a) return "no";
    if (bytes[at] === 0x20 && isVersion(bytes, at + 1, window) && bytes[at + 6] === 0x31) return "request";
  }
  if (KNOWN.has(textOf(bytes, start, methodEnd))) return "request";
  return end - target < ENOUGH ? "more" : "no";
}

/** Methods are case-sensitive and in practice upper case; the lower case of chat and mail protocols is not theirs. */
function isMethodLike(bytes: Uint8Array, start: number, end: number): boolean {
  if (!isUpperCase(bytes[start] ?? 0)) return false;
  for (let at = start + 1; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (!isUpperCase(byte) && byte !== 0x2d && byte !== 0x5f) return false;
  }
  return start < end;
}

function isUpperCase(byte: number): boolean {
  return byte >= 0x41 && byte <= 0x5a;
}

const HTTP = codes("HTTP");
const PRI = codes("PRI");

function codes(word: string): Uint8Array {
  return Uint8Array.from(word, (letter) => letter.charCodeAt(0));
}

function isWord(bytes: Uint8Array, start: number, end: number, word: Uint8Array): boolean {
  if (end - start !== word.length) return false;
  for (let at = 0; at < word.length; at += 1) if (bytes[start + at] !== word[at]) return false;
  return true;
}

/** RFC 9110 5.6.2, as far as methods use it. */
function isTokenByte(byte: number): boolean {
  return isLetter(byte) || isDigit(byte) || byte === 0x2d || byte === 0x5f;
}

function isLetter(byte: number): boolean {
  return (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;
}

/** RFC 9112 3.2: a path, `*`, an absolute URI, or host and port. */
function isTargetByte(byte: number): boolean {
  return byte === 0x2f || byte === 0x2a || byte === 0x5b || isDigit(byte) || isLetter(byte);
}
