import { Malformed } from "../../src/bytes/malformed.ts";

const HANDSHAKE = 22;
const CLIENT_HELLO = 1;
const RECORD_HEADER = 5;
const HANDSHAKE_HEADER = 4;

export interface Handshake {
  /** The body of the ClientHello as far as it is there. */
  readonly body: Uint8Array;
  /** Bytes of the stream that are needed at least to know more; not more than there are when it is whole. */
  readonly wants: number;
}

/** What the first bytes of a stream say. */
export function startOf(bytes: Uint8Array, start: number, end: number): "client-hello" | "more" | "no" {
  const known = Math.min(end - start, RECORD_HEADER + 1);
  for (let at = 0; at < known; at += 1) if (!fits(at, bytes[start + at] ?? 0)) return "no";
  return known === RECORD_HEADER + 1 ? "client-hello" : "more";
}

/** RFC 8446 5.1: type, legacy version 3.0 to 3.4, length; then the handshake type. */
function fits(at: number, byte: number): boolean {
  if (at === 0) return byte === HANDSHAKE;
  if (at === 1) return byte === 3;
  if (at === 2) return byte <= 4;
  if (at === 3) return byte <= 0x40;
  return at === 4 || byte === CLIENT_HELLO;
}

/** Joins the handshake records at the start of `bytes`; a ClientHello may be spread over several (RFC 8446 5.1). */
export function readClientHelloBody(bytes: Uint8Array): Handshake {
  if (startOf(bytes, 0, bytes.length) !== "client-hello") throw new Malformed("no ClientHello", 0);
  const joined = new Uint8Array(bytes.length);
  let length = 0;
  let at = 0;
  while (at + RECORD_HEADER <= bytes.length && bytes[at] === HANDSHAKE) {
    const size = ((bytes[at + 3] ?? 0) << 8) | (bytes[at + 4] ?? 0);
    const part = bytes.subarray(at + RECORD_HEADER, at + RECORD_HEADER + size);
    joined.set(part, length);
    length += part.length;
    at += RECORD_HEADER + size;
  }
  const promised = ((joined[1] ?? 0) << 16) | ((joined[2] ?? 0) << 8) | (joined[3] ?? 0);
  const end = HANDSHAKE_HEADER + promised;
  const whole = length >= HANDSHAKE_HEADER && length >= end;
  return {
    body: joined.subarray(HANDSHAKE_HEADER, Math.max(HANDSHAKE_HEADER, Math.min(length, end))),
    wants: whole ? bytes.length : Math.max(at, bytes.length + 1),
  };
}
