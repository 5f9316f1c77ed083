import { Malformed } from "../../src/bytes/malformed.ts";
import { unicode } from "../../src/bytes/unicode.ts";
import type { Decoded } from "../dissector.ts";
import { nt } from "../erref/codes.ts";
import { Reader } from "../reader.ts";
import { commandNames, dialectName } from "./codes.ts";
import { commands, endsSession, HEADER_BYTES, type Header, isLogin, readHeader } from "./header.ts";
import type { Smb2Message } from "./message.ts";

type Read = Decoded<Smb2Message>;
const NOTHING = new Uint8Array(0);
const NO_SESSION = "0".repeat(16);
const smb2 = (header: Header) => ({
  protocol: "smb2" as const,
  messageId: header.messageId,
  sessionId: header.sessionId,
});

/** One message of SMB 2 and 3, from its header on; of a cut one, what its bytes tell. Nothing for the commands of files. */
export function decodeSmb2(bytes: Uint8Array, cut: boolean): readonly Read[] {
  const reader = new Reader(bytes);
  if (reader.u32(0, "ProtocolId") === ENCRYPTED_ID) return [{ message: encrypted(reader) }];
  if (reader.u32(0, "ProtocolId") !== PROTOCOL_ID) throw new Malformed("no SMB2 header", 0);
  const header = readHeader(reader);
  if (!isLogin(header.command, header.isResponse, header.status)) return [];
  const read = header.isResponse ? response(header, reader, cut) : request(header, reader, cut);
  return read === null ? [] : [read];
}
/** FE 'S' 'M' 'B', little-endian. */
const PROTOCOL_ID = 0x424d_53fe;
const ENCRYPTED_ID = 0x424d_53fd;

/** Session 44 (MS-SMB2 section 2.2.41). */
function encrypted(reader: Reader): Smb2Message {
  return { protocol: "smb2", kind: "encrypted", sessionId: reader.hex64(44, "SessionId") };
}

function request(header: Header, reader: Reader, cut: boolean): Read | null {
  switch (header.command) {
    case commands.NEGOTIATE:
      return negotiateRequest(header, reader, cut);
    case commands.SESSION_SETUP:
      return sessionSetupRequest(header, reader, cut);
    case commands.TREE_CONNECT:
      return treeConnectRequest(header, reader, cut);
    default:
      return null;
  }
}

function response(header: Header, reader: Reader, cut: boolean): Read | null {
  switch (header.command) {
    case commands.NEGOTIATE:
      return negotiateResponse(header, reader, cut);
    case commands.SESSION_SETUP:
      return sessionSetupResponse(header, reader, cut);
    case commands.TREE_CONNECT:
      return { message: { ...smb2(header), kind: "TREE_CONNECT response", ntStatus: header.status } };
    default:
      return endsSession(header.status) ? { message: errorResponse(header) } : null;
  }
}

function errorResponse(header: Header): Smb2Message {
  const command = commandNames[header.command] ?? `command ${header.command}`;
  return { ...smb2(header), kind: "ERROR response", command, ntStatus: header.status };
}

/** The security buffer whose offset (from the header) and length stand at `at`, 16 bits each; empty in a cut message. */
function buffer(reader: Reader, at: number, cut: boolean): { readonly length: number; readonly token: Uint8Array } {
  const length = reader.u16(at + 2, "SecurityBufferLength");
  if (length === 0 || cut) return { length, token: NOTHING };
  return { length, token: reader.slice(reader.u16(at, "SecurityBufferOffset"), length, "security buffer") };
}

function withToken(message: Smb2Message, token: Uint8Array): Read {
  return token.length === 0 ? { message } : { message, inside: [token] };
}

const asCut = (cut: boolean) => (cut ? { cut } : {});

/** Dialect count 66, context offset 92 and count 96, dialects 100 (MS-SMB2 section 2.2.3). */
function negotiateRequest(header: Header, reader: Reader, cut: boolean): Read {
  const count = cut && reader.length < DIALECTS ? 0 : reader.u16(66, "DialectCount");
  const known = Math.max(0, Math.min(count, (reader.length - DIALECTS) >> 1));
  if (known < count && !cut) throw new Malformed("Dialects lie beyond the message", 66);
  const revisions = Array.from({ length: known }, (_, n) => reader.u16(DIALECTS + 2 * n, "Dialects"));
  const serverName = revisions.includes(0x0311) && !cut ? netName(reader) : null;
  const dialects = revisions.map(dialectName);
  return { message: { ...smb2(header), kind: "NEGOTIATE request", dialects, serverName, ...asCut(cut) } };
}

const DIALECTS = 100;
const NETNAME = 5;

/** NEGOTIATE_CONTEXTs: type and length of 16 bits each, four bytes reserved, data; eight bytes apart (section 2.2.3.1). */
function netName(reader: Reader): string | null {
  let at = reader.u32(92, "NegotiateContextOffset");
  for (let left = reader.u16(96, "NegotiateContextCount"); left > 0; left -= 1) {
    const length = reader.u16(at + 2, "DataLength");
    if (reader.u16(at, "ContextType") === NETNAME) return unicode(reader.slice(at + 8, length, "NetName")) || null;
    at = (at + 8 + length + 7) & ~7;
  }
  return null;
}

/** Dialect 68, system time 104, security buffer 120 (section 2.2.4); an error response has none of them. */
function negotiateResponse(header: Header, reader: Reader, cut: boolean): Read {
  const kind = "NEGOTIATE response" as const;
  const ntStatus = header.status;
  if (ntStatus !== nt.SUCCESS || (cut && reader.length < NEGOTIATE_RESPONSE_BYTES)) {
    const nothing = { dialect: null, systemTime: null, tokenLength: 0 };
    return { message: { ...smb2(header), kind, ntStatus, ...nothing, ...asCut(cut) } };
  }
  const dialect = dialectName(reader.u16(68, "DialectRevision"));
  const systemTime = reader.filetime(104, "SystemTime");
  const { length: tokenLength, token } = buffer(reader, 120, cut);
  return withToken({ ...smb2(header), kind, ntStatus, dialect, systemTime, tokenLength, ...asCut(cut) }, token);
}
const NEGOTIATE_RESPONSE_BYTES = 128;

const BINDING = 0x01;

/** Flags 66, security buffer 76, previous session 80 (section 2.2.5). */
function sessionSetupRequest(header: Header, reader: Reader, cut: boolean): Read {
  const kind = "SESSION_SETUP request" as const;
  if (cut && reader.length < SESSION_SETUP_REQUEST_BYTES) {
    return { message: { ...smb2(header), kind, isBinding: false, previousSessionId: null, tokenLength: 0, cut } };
  }
  const isBinding = (reader.u8(66, "Flags") & BINDING) !== 0;
  const previous = reader.hex64(80, "PreviousSessionId");
  const { length: tokenLength, token } = buffer(reader, 76, cut);
  const previousSessionId = previous === NO_SESSION ? null : previous;
  return withToken({ ...smb2(header), kind, isBinding, previousSessionId, tokenLength, ...asCut(cut) }, token);
}
const SESSION_SETUP_REQUEST_BYTES = 88;

const IS_GUEST = 0x0001;
const IS_NULL = 0x0002;

/** Session flags 66, security buffer 68 (section 2.2.6); an error response has neither. */
function sessionSetupResponse(header: Header, reader: Reader, cut: boolean): Read {
  const kind = "SESSION_SETUP response" as const;
  const ntStatus = header.status;
  const isWhole = ntStatus === nt.SUCCESS || ntStatus === nt.MORE_PROCESSING_REQUIRED;
  if (!isWhole || (cut && reader.length < SESSION_SETUP_RESPONSE_BYTES)) {
    const nothing = { isGuest: false, isNull: false, tokenLength: 0 };
    return { message: { ...smb2(header), kind, ntStatus, ...nothing, ...asCut(cut) } };
  }
  const flags = reader.u16(66, "SessionFlags");
  const { length: tokenLength, token } = buffer(reader, 68, cut);
  const asWhom = { isGuest: (flags & IS_GUEST) !== 0, isNull: (flags & IS_NULL) !== 0 };
  return withToken({ ...smb2(header), kind, ntStatus, ...asWhom, tokenLength, ...asCut(cut) }, token);
}
const SESSION_SETUP_RESPONSE_BYTES = HEADER_BYTES + 8;

/** Path offset 68 and length 70 (section 2.2.9). */
function treeConnectRequest(header: Header, reader: Reader, cut: boolean): Read {
  const kind = "TREE_CONNECT request" as const;
  if (cut) return { message: { ...smb2(header), kind, path: null, cut } };
  const length = reader.u16(70, "PathLength");
  const path = unicode(reader.slice(reader.u16(68, "PathOffset"), length, "path"));
  return { message: { ...smb2(header), kind, path } };
}
