import { findByte, standsAt } from "../../src/bytes/find.ts";
import { Malformed } from "../../src/bytes/malformed.ts";
import { textOf } from "../../src/bytes/text.ts";
import type { Block } from "./block.ts";
import { isDigit, isVersion, shortText, tokenEnd } from "./characters.ts";
import { withoutSecrets } from "./target.ts";

/** `target` is without what may be secret. */
export type StartLine =
  | { readonly kind: "request"; readonly method: string; readonly target: string; readonly version: string }
  | { readonly kind: "response"; readonly status: number; readonly reason: string; readonly version: string };

const CR = 0x0d;
const SPACE = 0x20;
/** Characters of `HTTP/1.1`. */
const VERSION = 8;
const USUAL_VERSION = Uint8Array.from("HTTP/1.1", (letter) => letter.charCodeAt(0));

/** RFC 9112 3 and 4. */
export function readStartLine({ bytes, lineStart, lineEnd }: Block): StartLine {
  const isWhole = findByte(bytes, CR, lineStart, lineEnd) < 0;
  const line = isWhole ? (statusLine(bytes, lineStart, lineEnd) ?? requestLine(bytes, lineStart, lineEnd)) : null;
  if (line === null) throw new Malformed("neither request nor status line", 0);
  return line;
}

function statusLine(bytes: Uint8Array, start: number, end: number): StartLine | null {
  if (!isVersion(bytes, start, end)) return null;
  const status = spacesEnd(bytes, start + VERSION, end);
  const a = bytes[status] ?? 0;
  const b = bytes[status + 1] ?? 0;
  const c = bytes[status + 2] ?? 0;
  if (status === start + VERSION || status + 3 > end || !isDigit(a) || !isDigit(b) || !isDigit(c)) return null;
  if (status + 3 < end && bytes[status + 3] !== SPACE) return null;
  return {
    kind: "response",
    status: (a - 0x30) * 100 + (b - 0x30) * 10 + (c - 0x30),
    reason: shortText(bytes, Math.min(status + 4, end), end),
    version: versionAt(bytes, start),
  };
}

/** The target may hold spaces and be empty; around it is at least one. */
function requestLine(bytes: Uint8Array, start: number, end: number): StartLine | null {
  const methodEnd = tokenEnd(bytes, start, end);
  const lineEnd = spacesStart(bytes, methodEnd, end);
  const version = lineEnd - VERSION;
  if (methodEnd === start || version < methodEnd + 2 || !isVersion(bytes, version, lineEnd)) return null;
  if (bytes[methodEnd] !== SPACE || bytes[version - 1] !== SPACE) return null;
  const target = spacesEnd(bytes, methodEnd, version);
  return {
    kind: "request",
    method: shortText(bytes, start, methodEnd),
    target: withoutSecrets(bytes, target, spacesStart(bytes, target, version)),
    version: versionAt(bytes, version),
  };
}

function versionAt(bytes: Uint8Array, at: number): string {
  return standsAt(bytes, at, USUAL_VERSION) ? "HTTP/1.1" : textOf(bytes, at, at + VERSION);
}

function spacesEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] === SPACE) at += 1;
  return at;
}

function spacesStart(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && bytes[at - 1] === SPACE) at -= 1;
  return at;
}
