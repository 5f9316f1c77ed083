import { startOfRpc } from "../../dissectors/dcerpc/index.ts";
import { dns } from "../../dissectors/dns/index.ts";
import { startOf as startOfHttp } from "../../dissectors/http/index.ts";
import { kerberos } from "../../dissectors/kerberos/index.ts";
import { isRequest, ldapOperation, startOfLdap } from "../../dissectors/ldap/index.ts";
import { startOf as startOfSmb } from "../../dissectors/smb2/index.ts";
import { startOfTds } from "../../dissectors/tds/index.ts";
import { startOf as startOfTls } from "../../dissectors/tls/index.ts";
import type { Recognition, StreamProtocol } from "../model/packet.ts";

function found(protocol: StreamProtocol, senderIsClient: boolean | null): Recognition {
  return { protocol, senderIsClient };
}

const NOBODY: Recognition = { protocol: null, senderIsClient: null };
const HTTP_REQUEST = found("http", true);
const HTTP_RESPONSE = found("http", false);
const CLIENT_HELLO = found("tls", true);
const KERBEROS = { request: found("kerberos", true), reply: found("kerberos", false), either: found("kerberos", null) };
const DNS = { query: found("dns", true), response: found("dns", false) };
const KPASSWD = { request: found("kpasswd", true), reply: found("kpasswd", false) };
const LDAP = { request: found("ldap", true), response: found("ldap", false) };
const DCERPC = { request: found("dcerpc", true), reply: found("dcerpc", false) };
const TDS = { request: found("tds", true), response: found("tds", false) };

const SMB = { client: found("smb", true), server: found("smb", false), either: found("smb", null) };

const DNS_PORT = 53;
const KPASSWD_PORT = 464;
const NETBIOS_PORT = 139;
const SESSION_REQUEST = 0x81;
const SESSION_REQUEST_BYTES = 68;
/** Bytes of a framed Kerberos message after which its look is definite. */
const KERBEROS_ENOUGH = 24;

/**
 * Whose bytes `bytes[start, end)` are: those of a new connection's direction, or of one joined in the middle. By their
 * look first, on any port; what has too little of a look is believed on its own port only. Null: too few bytes to say.
 */
export function recognise(
  bytes: Uint8Array,
  start: number,
  end: number,
  senderPort: number,
  receiverPort: number,
): Recognition | null {
  if (senderPort === KPASSWD_PORT || receiverPort === KPASSWD_PORT) {
    const recognition = asKpasswd(bytes, start, end);
    if (recognition !== NOBODY) return recognition;
  }
  if (senderPort === DNS_PORT || receiverPort === DNS_PORT) {
    const recognition = asDns(bytes, start, end);
    if (recognition !== NOBODY) return recognition;
  }
  if (receiverPort === NETBIOS_PORT && bytes[start] === SESSION_REQUEST) return asSessionRequest(bytes, start, end);
  return byFirst(bytes, start, end);
}

/** The first byte leaves one protocol to be looked at. */
function byFirst(bytes: Uint8Array, start: number, end: number): Recognition | null {
  switch (bytes[start] ?? 0) {
    case 0: {
      const recognition = asSmb(bytes, start, end);
      return recognition === NOBODY ? asKerberos(bytes, start, end) : recognition;
    }
    case 0x04:
    case 0x10:
    case 0x12:
      return asTds(bytes, start, end);
    case 0x05:
      return asDcerpc(bytes, start, end);
    case 0x16:
      return asTls(bytes, start, end);
    case 0x30:
      return asLdap(bytes, start, end);
    default:
      return asHttp(bytes, start, end);
  }
}

function asLdap(bytes: Uint8Array, start: number, end: number): Recognition | null {
  switch (startOfLdap(bytes, start, end)) {
    case "message":
      return isRequest(ldapOperation(bytes, start, end)) ? LDAP.request : LDAP.response;
    case "more":
      return null;
    default:
      return NOBODY;
  }
}

function asDcerpc(bytes: Uint8Array, start: number, end: number): Recognition | null {
  const look = startOfRpc(bytes, start, end);
  if (look === "more") return null;
  return look === "no" ? NOBODY : DCERPC[look];
}

function asTds(bytes: Uint8Array, start: number, end: number): Recognition | null {
  const look = startOfTds(bytes, start, end);
  if (look === "more") return null;
  return look === "no" ? NOBODY : TDS[look];
}

function asHttp(bytes: Uint8Array, start: number, end: number): Recognition | null {
  switch (startOfHttp(bytes, start, end)) {
    case "request":
      return HTTP_REQUEST;
    case "response":
      return HTTP_RESPONSE;
    case "more":
      return null;
    default:
      return NOBODY;
  }
}

function asTls(bytes: Uint8Array, start: number, end: number): Recognition | null {
  const look = startOfTls(bytes, start, end);
  if (look === "more") return null;
  return look === "no" ? NOBODY : CLIENT_HELLO;
}

function asSmb(bytes: Uint8Array, start: number, end: number): Recognition | null {
  const look = startOfSmb(bytes, start, end);
  if (look === "more") return null;
  return look === "no" ? NOBODY : SMB[look];
}

/** RFC 1002 4.3.2: 68 bytes that name both sides, on the port of NetBIOS sessions. */
function asSessionRequest(bytes: Uint8Array, start: number, end: number): Recognition | null {
  if (end - start < 4) return null;
  return bytes[start + 2] === 0 && bytes[start + 3] === SESSION_REQUEST_BYTES ? SMB.client : NOBODY;
}

function asKerberos(bytes: Uint8Array, start: number, end: number): Recognition | null {
  if (kerberos.looksRight?.(bytes, start, end) === true) return KERBEROS[roleOf(bytes[start + 4] ?? 0)];
  if (end - start >= KERBEROS_ENOUGH) return NOBODY;
  const tag = bytes[start + 4] ?? 0;
  return end - start < 5 || (tag >= 0x6a && tag <= 0x7e) ? null : NOBODY;
}

/** AS-REQ and TGS-REQ; AS-REP, TGS-REP and KRB-ERROR; others are not spoken to a KDC. */
function roleOf(tag: number): keyof typeof KERBEROS {
  if (tag === 0x6a || tag === 0x6c) return "request";
  return tag === 0x6b || tag === 0x6d || tag === 0x7e ? "reply" : "either";
}

/** RFC 1035 4.2.2: a length of two bytes, then a header that looks right. */
function asDns(bytes: Uint8Array, start: number, end: number): Recognition | null {
  const length = ((bytes[start] ?? 0) << 8) | (bytes[start + 1] ?? 0);
  if (end - start >= 2 && length < 17) return NOBODY;
  if (end - start < 19) return null;
  if (dns.looksRight?.(bytes, start + 2, end) !== true) return NOBODY;
  return (bytes[start + 4] ?? 0) < 0x80 ? DNS.query : DNS.response;
}

/** RFC 3244 2: a length of four bytes, the message's own length in two, version, length of the AP-REQ or AP-REP. */
function asKpasswd(bytes: Uint8Array, start: number, end: number): Recognition | null {
  if (end - start < 11) return (bytes[start] ?? 0) === 0 ? null : NOBODY;
  const u16 = (at: number) => ((bytes[start + at] ?? 0) << 8) | (bytes[start + at + 1] ?? 0);
  const version = u16(6);
  if (u16(0) !== 0 || u16(2) !== u16(4) || (version !== 1 && version !== 0xff80)) return NOBODY;
  return (bytes[start + 10] ?? 0) === 0x6e ? KPASSWD.request : KPASSWD.reply;
}
