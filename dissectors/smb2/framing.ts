import { Malformed } from "../../src/bytes/malformed.ts";
import { isSmb1Login, SMB1_HEADER_BYTES, SMB1_SENDER_BYTES, smb1Sender } from "../smb/framing.ts";
import { HEADER_BYTES, isLogin } from "./header.ts";

/** Type and length before each message: RFC 1002 section 4.3.1, MS-SMB2 section 2.1. */
export const FRAME_BYTES = 4;
/** First bytes of a message that tell what it is and where it ends. */
export const PDU_BYTES = HEADER_BYTES;

const SESSION_MESSAGE = 0x00;
const SESSION_REQUEST = 0x81;
const SESSION_KEEP_ALIVE = 0x85;

/** Bytes behind type and length at `bytes[at]`; throws where no session packet begins. */
export function sessionLength(bytes: Uint8Array, at: number): number {
  const type = bytes[at] ?? 0;
  if (type !== SESSION_MESSAGE && (type < SESSION_REQUEST || type > SESSION_KEEP_ALIVE)) {
    throw new Malformed(`session packet of type ${type}`, at);
  }
  return ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
}

export function isSessionMessage(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === SESSION_MESSAGE;
}

const SMB1 = 0xff;
const SMB2 = 0xfe;
/** MS-SMB2 section 2.2.41: encrypted. */
const SEALED = 0xfd;
/** MS-SMB2 section 2.2.42: compressed. */
const LOWEST = 0xfc;
/** Where flags, status, command and the way to the next message stand in a header of SMB2. */
const COMMAND = 12;
const FLAGS = 16;
const NEXT = 20;

function u32(bytes: Uint8Array, at: number): number {
  const low = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16);
  return low + (bytes[at + 3] ?? 0) * 0x100_0000;
}

function isSmb(bytes: Uint8Array, at: number): boolean {
  return bytes[at + 1] === 0x53 && bytes[at + 2] === 0x4d && bytes[at + 3] === 0x42 && (bytes[at] ?? 0) >= LOWEST;
}

/**
 * Bytes of the message at `bytes[at]`, of which `known` are there and `left` in its session packet: an SMB2 message may
 * be one of a compound. Throws where no message begins.
 */
export function pduLength(bytes: Uint8Array, at: number, known: number, left: number): number {
  if (known < 4 || !isSmb(bytes, at)) throw new Malformed("no SMB header", at);
  if (bytes[at] !== SMB2 || known < HEADER_BYTES) return left;
  const next = u32(bytes, at + NEXT);
  if (next !== 0 && (next < HEADER_BYTES || next > left)) throw new Malformed(`NextCommand ${next}`, at + NEXT);
  return next || left;
}

/** Whether the message at `bytes[at]` is encrypted. */
export function isSealedPdu(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === SEALED;
}

/** Whether somebody reads the message at `bytes[at]`: encrypted and compressed ones nobody does. */
export function isWantedPdu(bytes: Uint8Array, at: number, known: number): boolean {
  if (bytes[at] === SMB1) return known >= SMB1_HEADER_BYTES && isSmb1Login(bytes, at);
  if (bytes[at] !== SMB2 || known < HEADER_BYTES) return false;
  const command = (bytes[at + COMMAND] ?? 0) | ((bytes[at + COMMAND + 1] ?? 0) << 8);
  return isLogin(command, ((bytes[at + FLAGS] ?? 0) & 1) !== 0, u32(bytes, at + 8));
}

export function isSmb1(bytes: Uint8Array, at = 0): boolean {
  return bytes[at] === SMB1;
}

/** What the first bytes of a stream say: the sender of a first message of SMB, that more are needed, or neither. */
export function startOf(bytes: Uint8Array, start: number, end: number): "client" | "server" | "either" | "more" | "no" {
  const known = end - start;
  const at = start + FRAME_BYTES;
  if (bytes[start] !== SESSION_MESSAGE || (known > FRAME_BYTES && (bytes[at] ?? 0) < LOWEST)) return "no";
  if (known < FRAME_BYTES + 4) return "more";
  if (!isSmb(bytes, at)) return "no";
  if (bytes[at] === SMB1) return known < FRAME_BYTES + SMB1_SENDER_BYTES ? "more" : smb1Sender(bytes, at);
  if (bytes[at] !== SMB2) return "either";
  if (known < FRAME_BYTES + NEXT) return "more";
  return ((bytes[at + FLAGS] ?? 0) & 1) === 0 ? "client" : "server";
}
