import { limits } from "../../src/bytes/limits.ts";
import { Malformed } from "../../src/bytes/malformed.ts";
import { packetTypes } from "./codes.ts";

export const TDS_HEADER_BYTES = 8;
const LAST = 0x01;
const TLS_HEADER_BYTES = 5;
/** Of a packet: MS-TDS 2.2.3.1.3 has 32767 as the most. */
const MOST = 32_767;

/** A TLS record that follows the handshake: of such is a log-on that alone is encrypted (MS-TDS 2.2.6.5). */
export function isTlsRecord(bytes: Uint8Array, start: number, end: number): boolean {
  const type = bytes[start] ?? 0;
  return type >= 0x14 && type <= 0x17 && (start + 1 >= end || bytes[start + 1] === 3);
}

/**
 * Bytes of the message at `start`: packets of one type up to the one with the status "end of message", or one TLS
 * record. Null while the last packet's header is not there. Throws where no packet begins, or too many follow.
 */
export function tdsFrameLength(bytes: Uint8Array, start: number, end: number): number | null {
  const reach = tdsReach(bytes, start, end);
  return reach.known ? reach.bytes : null;
}

/** How far from `start` the packets are known to go: to the end of the message, or to the header that will tell more. */
export function tdsReach(
  bytes: Uint8Array,
  start: number,
  end: number,
): { readonly bytes: number; readonly known: boolean } {
  if (isTlsRecord(bytes, start, end)) return tlsReach(bytes, start, end);
  let at = start;
  for (let packets = 1; at + TDS_HEADER_BYTES <= end; packets += 1) {
    const length = packetLength(bytes, at);
    if (bytes[at] !== bytes[start] || packets > limits.tdsPackets)
      throw new Malformed("TDS message without an end", at);
    at += length;
    if (at - start > limits.tdsBytes) throw new Malformed(`TDS message of ${at - start} bytes`, start);
    if (((bytes[at - length + 1] ?? 0) & LAST) !== 0) return { bytes: at - start, known: true };
  }
  return { bytes: at - start + TDS_HEADER_BYTES, known: false };
}

function tlsReach(bytes: Uint8Array, start: number, end: number): { readonly bytes: number; readonly known: boolean } {
  if (end - start < TLS_HEADER_BYTES) return { bytes: TLS_HEADER_BYTES, known: false };
  return { bytes: TLS_HEADER_BYTES + u16(bytes, start + 3), known: true };
}

function packetLength(bytes: Uint8Array, at: number): number {
  const type = bytes[at] ?? 0;
  const length = u16(bytes, at + 2);
  if (!types.has(type) || length < TDS_HEADER_BYTES || length > MOST) throw new Malformed("no TDS packet", at);
  return length;
}

const types = new Set<number>(Object.values(packetTypes));

/** The contents of all packets of a message, joined. */
export function tdsBody(bytes: Uint8Array): Uint8Array {
  const joined = new Uint8Array(bytes.length);
  let length = 0;
  for (let at = 0; at + TDS_HEADER_BYTES <= bytes.length; ) {
    const end = at + packetLength(bytes, at);
    const part = bytes.subarray(at + TDS_HEADER_BYTES, end);
    joined.set(part, length);
    length += part.length;
    at = end;
  }
  return joined.subarray(0, length);
}

const PRELOGIN_VERSION = 0;
const LOGIN7_FIXED = 94;

/** How a connection to SQL Server begins: with PRELOGIN, its answer, or LOGIN7 of clients that leave PRELOGIN out. */
export function startOfTds(bytes: Uint8Array, start: number, end: number): "request" | "response" | "more" | "no" {
  const type = bytes[start] ?? 0;
  const { prelogin, login7, result } = packetTypes;
  if (type !== prelogin && type !== login7 && type !== result) return "no";
  if (end - start >= 2 && (bytes[start + 1] ?? 0) > LAST) return "no";
  if (end - start < TDS_HEADER_BYTES + 8) return "more";
  const length = u16(bytes, start + 2);
  if (length < TDS_HEADER_BYTES + 8 || length > MOST || bytes[start + 7] !== 0) return "no";
  if (type === login7) return opensLogin(bytes, start + TDS_HEADER_BYTES) ? "request" : "no";
  return opensPrelogin(bytes, start + TDS_HEADER_BYTES, length) ? (type === prelogin ? "request" : "response") : "no";
}

/** MS-TDS 2.2.6.5: the option VERSION comes first; its offset lies behind the list, its length is 6. */
function opensPrelogin(bytes: Uint8Array, at: number, length: number): boolean {
  const offset = u16(bytes, at + 1);
  return (
    bytes[at] === PRELOGIN_VERSION && offset >= 6 && offset + 6 + TDS_HEADER_BYTES <= length && u16(bytes, at + 3) === 6
  );
}

/** MS-TDS 2.2.6.4: the length of the whole, then a version of 7.0 to 7.4. */
function opensLogin(bytes: Uint8Array, at: number): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, 8);
  return view.getUint32(0, true) >= LOGIN7_FIXED && bytes[at + 2] === 0 && (bytes[at + 7] ?? 0) >> 4 === 7;
}

const u16 = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
