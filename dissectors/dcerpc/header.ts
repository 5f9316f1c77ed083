import { Malformed } from "../../src/bytes/malformed.ts";
import { packetTypes } from "./codes.ts";

export const RPC_HEADER_BYTES = 16;
const AUTH_TRAILER_BYTES = 8;
/** Bytes after which the length is known. */
const LENGTH_END = 10;
const LITTLE = 0x10;

/** Bytes of the PDU at `start` (C706 12.6.3.1: frag_length); null while they are not there. Throws where none begins. */
export function rpcFrameLength(bytes: Uint8Array, start: number, end: number): number | null {
  if (!opensPdu(bytes, start, end)) throw new Malformed("no RPC PDU", start);
  if (end - start < LENGTH_END) return null;
  const length = isLittle(bytes, start) ? u16(bytes, start + 8) : u16big(bytes, start + 8);
  if (length < RPC_HEADER_BYTES) throw new Malformed(`frag_length ${length}`, start + 8);
  return length;
}

/** What can be a log-on or its refusal; calls and their results are passed over. */
export function isRpcWanted(bytes: Uint8Array, start: number): boolean {
  const type = bytes[start + 2] ?? 0;
  return type === packetTypes.fault || (type >= packetTypes.bind && type <= packetTypes.auth3);
}

/** rpc_vers 5, rpc_vers_minor 0 or 1, a PTYPE, and an NDR format label of ASCII and IEEE with zeros behind. */
function opensPdu(bytes: Uint8Array, start: number, end: number): boolean {
  const known = Math.min(end - start, 8);
  for (let at = 0; at < known; at += 1) if (!fits(at, bytes[start + at] ?? 0)) return false;
  return true;
}

function fits(at: number, byte: number): boolean {
  if (at === 0) return byte === 5;
  if (at === 1) return byte <= 1;
  if (at === 2) return byte <= packetTypes.orphaned;
  if (at === 4) return byte === 0 || byte === LITTLE;
  return at === 3 || byte === 0;
}

/** Whether a PDU begins at `start`, with lengths that agree. */
export function startOfRpc(bytes: Uint8Array, start: number, end: number): "request" | "reply" | "more" | "no" {
  if (!opensPdu(bytes, start, end)) return "no";
  if (end - start < RPC_HEADER_BYTES) return "more";
  const little = isLittle(bytes, start);
  const length = little ? u16(bytes, start + 8) : u16big(bytes, start + 8);
  const auth = little ? u16(bytes, start + 10) : u16big(bytes, start + 10);
  if (length < RPC_HEADER_BYTES || (auth > 0 && RPC_HEADER_BYTES + AUTH_TRAILER_BYTES + auth > length)) return "no";
  return isFromClient(bytes[start + 2] ?? 0) ? "request" : "reply";
}

function isFromClient(type: number): boolean {
  const { request, bind, alter_context, auth3, co_cancel, orphaned } = packetTypes;
  return [request, bind, alter_context, auth3, co_cancel, orphaned].some((each) => each === type);
}

export const isLittle = (bytes: Uint8Array, start: number): boolean => ((bytes[start + 4] ?? 0) & LITTLE) !== 0;
const u16 = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
const u16big = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
