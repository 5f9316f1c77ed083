import { limits } from "../../src/bytes/limits.ts";
import { Malformed } from "../../src/bytes/malformed.ts";
import { textOf } from "../../src/bytes/text.ts";
import { unicode } from "../../src/bytes/unicode.ts";
import type { Decoded } from "../dissector.ts";
import { nt } from "../erref/codes.ts";
import { Reader } from "../reader.ts";
import { commands, endsSession, type Header, readHeader } from "./header.ts";
import type { SmbMessage } from "./message.ts";

type Read = Decoded<SmbMessage>;
/** Offset of WordCount behind the header. */
const BODY = 32;
const NONE = 0xffff;
const smb = (header: Header) => ({
  protocol: "smb" as const,
  messageId: header.messageId,
  sessionId: header.sessionId,
});

/** One message of SMB 1 with a command batched to it (AndX). Nothing for the commands of files. */
export function decodeSmb(bytes: Uint8Array): readonly Read[] {
  const reader = new Reader(bytes);
  if (reader.u32(0, "Protocol") !== PROTOCOL_ID) throw new Malformed("no SMB header", 0);
  const header = readHeader(reader);
  const first = read(header, header.command, reader, BODY);
  const batched = header.command === commands.SESSION_SETUP ? batchedTo(header, reader) : null;
  return [first, batched].filter((one) => one !== null);
}
/** FF 'S' 'M' 'B', little-endian. */
const PROTOCOL_ID = 0x424d_53ff;

/** A TREE_CONNECT in the same message: AndX command 1 and offset 3 behind WordCount (MS-CIFS section 2.2.3.4). */
function batchedTo(header: Header, reader: Reader): Read | null {
  if (reader.u8(BODY, "WordCount") < 2 || reader.u8(BODY + 1, "AndXCommand") !== commands.TREE_CONNECT) return null;
  const at = reader.u16(BODY + 3, "AndXOffset");
  return at <= BODY ? null : read(header, commands.TREE_CONNECT, reader, at);
}

function read(header: Header, command: number, reader: Reader, at: number): Read | null {
  const { isResponse, status: ntStatus } = header;
  switch (command) {
    case commands.NEGOTIATE:
      return isResponse ? negotiateResponse(header, reader) : negotiateRequest(header, reader);
    case commands.SESSION_SETUP:
      return isResponse ? sessionSetupResponse(header, reader) : sessionSetupRequest(header, reader);
    case commands.TREE_CONNECT:
      if (isResponse) return { message: { ...smb(header), kind: "TREE_CONNECT response", ntStatus } };
      return treeConnectRequest(header, reader, at);
    default:
      if (!isResponse || !endsSession(ntStatus)) return null;
      return { message: { ...smb(header), kind: "ERROR response", command: `command ${command}`, ntStatus } };
  }
}

const DIALECT = 0x02;

/** ByteCount 33, then each dialect: 02, and its name up to a zero (MS-CIFS section 2.2.4.52.1). */
function negotiateRequest(header: Header, reader: Reader): Read {
  const dialects: string[] = [];
  const end = BODY + 3 + reader.u16(BODY + 1, "ByteCount");
  for (let at = BODY + 3; at < end && dialects.length < limits.smbDialects; ) {
    if (reader.u8(at, "BufferFormat") !== DIALECT) throw new Malformed("no dialect", at);
    const { text, next } = ascii(reader, at + 1, "dialect");
    dialects.push(text);
    at = next;
  }
  return { message: { ...smb(header), kind: "NEGOTIATE request", dialects } };
}

const EXTENDED_SECURITY = 0x8000_0000;
const NT_WORDS = 17;

/** Dialect 33, capabilities 52, system time 56, bytes 69: GUID and token (MS-SMB section 2.2.4.5.2). */
function negotiateResponse(header: Header, reader: Reader): Read {
  const kind = "NEGOTIATE response" as const;
  const ntStatus = header.status;
  const words = reader.u8(BODY, "WordCount");
  const index = words === 0 ? NONE : reader.u16(BODY + 1, "DialectIndex");
  const dialectIndex = index === NONE ? null : index;
  if (words < NT_WORDS) {
    const nothing = { hasExtendedSecurity: false, systemTime: null };
    return { message: { ...smb(header), kind, ntStatus, dialectIndex, ...nothing } };
  }
  const hasExtendedSecurity = (reader.u32(BODY + 20, "Capabilities") & EXTENDED_SECURITY) !== 0;
  const systemTime = reader.filetime(BODY + 24, "SystemTime");
  const message = { ...smb(header), kind, ntStatus, dialectIndex, hasExtendedSecurity, systemTime };
  const bytes = reader.u16(BODY + 35, "ByteCount");
  if (!hasExtendedSecurity || bytes <= GUID_BYTES) return { message };
  return { message, inside: [reader.slice(BODY + 37 + GUID_BYTES, bytes - GUID_BYTES, "security blob")] };
}
const GUID_BYTES = 16;

const EXTENDED_WORDS = 12;
const PLAIN_WORDS = 13;

/** With 12 words a token (MS-SMB section 2.2.4.6.1), with 13 LM and NTLM responses and names (MS-CIFS 2.2.4.53.1). */
function sessionSetupRequest(header: Header, reader: Reader): Read {
  const kind = "SESSION_SETUP request" as const;
  const words = reader.u8(BODY, "WordCount");
  if (words === EXTENDED_WORDS) {
    const tokenLength = reader.u16(BODY + 15, "SecurityBlobLength");
    const message = { ...smb(header), kind, tokenLength, user: null, domain: null };
    if (tokenLength === 0) return { message };
    return { message, inside: [reader.slice(BODY + 27, tokenLength, "security blob")] };
  }
  const names = words === PLAIN_WORDS ? plainNames(header, reader) : { user: null, domain: null };
  return { message: { ...smb(header), kind, tokenLength: null, ...names } };
}

/** Lengths of the two responses 47 and 49, bytes 61: both responses, account, domain. */
function plainNames(header: Header, reader: Reader): { user: string; domain: string } {
  const at = BODY + 29 + reader.u16(BODY + 15, "OEMPasswordLen") + reader.u16(BODY + 17, "UnicodePasswordLen");
  const user = name(header, reader, at, "AccountName");
  return { user: user.text, domain: name(header, reader, user.next, "PrimaryDomain").text };
}

/** Action 37; with four words a token (MS-SMB section 2.2.4.6.2); none of it in an error. */
function sessionSetupResponse(header: Header, reader: Reader): Read {
  const kind = "SESSION_SETUP response" as const;
  const ntStatus = header.status;
  const words = reader.u8(BODY, "WordCount");
  const isWhole = ntStatus === nt.SUCCESS || ntStatus === nt.MORE_PROCESSING_REQUIRED;
  const isGuest = isWhole && words >= 3 && (reader.u16(BODY + 5, "Action") & GUEST) !== 0;
  const tokenLength = isWhole && words === 4 ? reader.u16(BODY + 7, "SecurityBlobLength") : 0;
  const message = { ...smb(header), kind, ntStatus, isGuest, tokenLength };
  return tokenLength === 0 ? { message } : { message, inside: [reader.slice(BODY + 11, tokenLength, "security blob")] };
}
const GUEST = 0x0001;

/** Length of the password 7, bytes 11 behind WordCount: password, path (MS-CIFS section 2.2.4.55.1). */
function treeConnectRequest(header: Header, reader: Reader, at: number): Read {
  const start = at + 11 + reader.u16(at + 7, "PasswordLength");
  const path = name(header, reader, start, "Path").text;
  return { message: { ...smb(header), kind: "TREE_CONNECT request", path } };
}

interface Text {
  readonly text: string;
  readonly next: number;
}

/** A text up to its zero; UTF-16 begins at an even offset (MS-CIFS section 2.2.1.1.2). */
function name(header: Header, reader: Reader, at: number, what: string): Text {
  if (!header.isUnicode) return ascii(reader, at, what);
  const start = at + (at & 1);
  let end = start;
  while (reader.u16(end, what) !== 0) end += 2;
  return { text: unicode(reader.slice(start, end - start, what)), next: end + 2 };
}

function ascii(reader: Reader, at: number, what: string): Text {
  let end = at;
  while (reader.u8(end, what) !== 0) end += 1;
  const bytes = reader.slice(at, end - at, what);
  return { text: textOf(bytes, 0, bytes.length), next: end + 1 };
}
