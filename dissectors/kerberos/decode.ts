import { Malformed } from "../../src/bytes/malformed.ts";
import { Der } from "../asn1/der.ts";
import type { Fingerprint } from "../dissector.ts";
import { apRep, apReq, krbCred, krbPriv, krbSafe } from "./application.ts";
import { krbError } from "./error.ts";
import { kdcRep, kdcReq } from "./kdc.ts";
import type { KerberosMessage } from "./message.ts";

/** One Kerberos message at the start of `bytes[start, end)`; bytes behind it are not looked at (RFC 4120 5). */
export function kerberosMessage(
  bytes: Uint8Array,
  fingerprint: Fingerprint,
  start = 0,
  end = bytes.length,
): KerberosMessage {
  const der = new Der(bytes, start, end);
  const tag = bytes[start] ?? 0;
  if (start >= end || !isKerberosTag(tag)) throw new Malformed("no Kerberos message", start);
  der.enter(tag, "Kerberos message");
  return body(der, tag, fingerprint);
}

/** Whether a message begins with this octet: [APPLICATION 10] to [APPLICATION 30] (RFC 4120 5.10). */
export function isKerberosTag(tag: number): boolean {
  return (tag >= 0x6a && tag <= 0x6f) || (tag >= 0x74 && tag <= 0x76) || tag === 0x7e;
}

function body(der: Der, tag: number, fingerprint: Fingerprint): KerberosMessage {
  switch (tag) {
    case 0x6a:
      return kdcReq(der, "AS-REQ", fingerprint);
    case 0x6b:
      return kdcRep(der, "AS-REP", fingerprint);
    case 0x6c:
      return kdcReq(der, "TGS-REQ", fingerprint);
    case 0x6d:
      return kdcRep(der, "TGS-REP", fingerprint);
    case 0x6e:
      return apReq(der, fingerprint);
    case 0x6f:
      return apRep(der);
    case 0x74:
      return krbSafe(der);
    case 0x75:
      return krbPriv(der);
    case 0x76:
      return krbCred(der, fingerprint);
    default:
      return krbError(der);
  }
}
