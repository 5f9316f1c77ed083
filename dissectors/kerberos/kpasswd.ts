import { Malformed } from "../../src/bytes/malformed.ts";
import { context, Der, OCTET_STRING, SEQUENCE } from "../asn1/der.ts";
import type { Decoded, Fingerprint } from "../dissector.ts";
import { isKerberosTag, kerberosMessage } from "./decode.ts";
import type { KerberosMessage, Kpasswd } from "./message.ts";

const HEADER = 6;
const AP_REP = 0x6f;
const AP_REQ = 0x6e;
const KRB_ERROR = 0x7e;
const E_DATA = 12;

type Inside = readonly Decoded<Kpasswd | KerberosMessage>[];

/**
 * Message length, version, AP length (16 bits each), AP-REQ or AP-REP, then KRB-PRIV or KRB-ERROR (RFC 3244 2): the
 * frame first, then the messages in it. Windows may answer with a bare KRB-ERROR instead.
 */
export function kpasswdMessages(bytes: Uint8Array, fingerprint: Fingerprint): Inside {
  if (isKerberosTag(bytes[0] ?? 0)) return [{ message: kerberosMessage(bytes, fingerprint) }];
  if (bytes.length < HEADER) throw new Malformed("kpasswd header is cut short", 0);
  const end = u16(bytes, 0);
  const version = u16(bytes, 2);
  const rest = HEADER + u16(bytes, 4);
  if (end > bytes.length || rest > end) throw new Malformed("kpasswd lengths exceed the message", 0);
  const messages: KerberosMessage[] = [];
  if (rest > HEADER) messages.push(kerberosMessage(bytes, fingerprint, HEADER, rest));
  if (rest < end) messages.push(kerberosMessage(bytes, fingerprint, rest, end));
  const kind = kindOf(bytes[HEADER], rest);
  const resultCode = bytes[rest] === KRB_ERROR ? new Der(bytes, rest, end).attempt(errorResult, null) : null;
  const kpasswd: Kpasswd = { protocol: "kpasswd", kind, version, resultCode };
  return [{ message: kpasswd }, ...messages.map((message) => ({ message }))];
}

function kindOf(first: number | undefined, rest: number): Kpasswd["kind"] {
  if (rest === HEADER || first === AP_REP) return "reply";
  if (first === AP_REQ) return "request";
  throw new Malformed("neither AP-REQ nor AP-REP", HEADER);
}

/** The result code that opens the e-data of a KRB-ERROR (RFC 3244 2: 16 bits, then a text). */
function errorResult(der: Der): number | null {
  der.enter(KRB_ERROR, "KRB-ERROR");
  der.enter(SEQUENCE, "KRB-ERROR");
  while (!der.next(context(E_DATA))) der.skip("KRB-ERROR");
  der.enter(context(E_DATA), "e-data");
  const data = der.octets(OCTET_STRING, "e-data");
  return data.length < 2 ? null : u16(data, 0);
}

function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
