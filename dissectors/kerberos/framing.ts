import { standsAt } from "../../src/bytes/find.ts";
import { limits } from "../../src/bytes/limits.ts";
import { Malformed } from "../../src/bytes/malformed.ts";
import { isKerberosTag } from "./decode.ts";

const PREFIX = 4;
/** pvno 5 as the first or second field: `30 … A0|A1 03 02 01 05`. */
const PVNO = Uint8Array.of(0x03, 0x02, 0x01, 0x05);

/**
 * Bytes of the framed message at `bytes[start, end)`, its 4-byte length included; null while fewer than five bytes are
 * there to say. Throws `Malformed` where no Kerberos message of a sane size begins (RFC 4120 7.2.2).
 */
export function kerberosFrameLength(bytes: Uint8Array, start: number, end: number): number | null {
  const length = prefixLength(bytes, start, end);
  if (length === null || start + PREFIX >= end) return null;
  if (!isKerberosTag(bytes[start + PREFIX] ?? 0)) throw new Malformed("no Kerberos message", start + PREFIX);
  return length + PREFIX;
}

/** The same for port 464, where a kpasswd message begins with its own length in 16 bits (RFC 3244 2). */
export function kpasswdFrameLength(bytes: Uint8Array, start: number, end: number): number | null {
  const length = prefixLength(bytes, start, end);
  if (length === null || start + PREFIX + 2 > end) return null;
  const first = bytes[start + PREFIX] ?? 0;
  const own = first * 256 + (bytes[start + PREFIX + 1] ?? 0);
  if (own !== length && !isKerberosTag(first)) throw new Malformed("no kpasswd message", start + PREFIX);
  return length + PREFIX;
}

function prefixLength(bytes: Uint8Array, start: number, end: number): number | null {
  if (end - start < PREFIX) return null;
  let length = 0;
  for (let i = 0; i < PREFIX; i++) length = length * 256 + (bytes[start + i] ?? 0);
  // The high bit is reserved; with it the number is above every limit too.
  if (length === 0 || length > limits.kerberosBytes) throw new Malformed(`length ${length} of a message`, start);
  return length;
}

/**
 * Whether `bytes[start, end)` opens like a Kerberos message: a datagram that holds exactly one, or a stream that
 * begins with a framed one (of which the first 24 bytes suffice).
 */
export function looksLikeKerberos(bytes: Uint8Array, start: number, end: number): boolean {
  if (isKerberosTag(bytes[start] ?? 0)) return opensMessage(bytes, start, end, end - start);
  if (end - start < PREFIX + 16 || bytes[start] !== 0) return false;
  const length = ((bytes[start + 1] ?? 0) << 16) | ((bytes[start + 2] ?? 0) << 8) | (bytes[start + 3] ?? 0);
  if (length > limits.kerberosBytes || !isKerberosTag(bytes[start + PREFIX] ?? 0)) return false;
  return opensMessage(bytes, start + PREFIX, end, length);
}

/** An APPLICATION tag over `size` bytes, a SEQUENCE that fills it, and pvno 5 as its first field. */
function opensMessage(bytes: Uint8Array, start: number, end: number, size: number): boolean {
  const outer = contentsAt(bytes, start);
  if (outer + contentLength(bytes, start) !== start + size || bytes[outer] !== 0x30) return false;
  const inner = contentsAt(bytes, outer);
  if (inner + contentLength(bytes, outer) !== start + size || inner + 5 > end) return false;
  const request = bytes[start] === 0x6a || bytes[start] === 0x6c;
  return bytes[inner] === (request ? 0xa1 : 0xa0) && standsAt(bytes, inner + 1, PVNO);
}

function contentsAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at + 1] ?? 0;
  return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
}

function contentLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at + 1] ?? 0;
  if (first < 0x80) return first;
  const octets = first & 0x7f;
  if (octets === 0 || octets > 3) return -1;
  let length = 0;
  for (let i = 0; i < octets; i++) length = length * 256 + (bytes[at + 2 + i] ?? 0);
  return length;
}
