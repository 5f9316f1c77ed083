import { type Der, SEQUENCE } from "../asn1/der.ts";
import type { Fingerprint } from "../dissector.ts";
import { flagsField, opening, skipField } from "./fields.ts";
import type { ApRep, ApReq, KrbCred, KrbPriv, KrbSafe } from "./message.ts";
import { sealedField, ticketField, ticketsField } from "./sealed.ts";

/** AP-REQ ::= SEQUENCE { pvno [0], msg-type [1], ap-options [2], ticket [3], authenticator [4] } (RFC 4120 5.5.1). */
export function apReq(der: Der, fingerprint: Fingerprint): ApReq {
  const outer = der.enter(SEQUENCE, "AP-REQ");
  opening(der, 0, 14);
  const apOptions = flagsField(der, 2, "ap-options");
  const ticket = ticketField(der, 3, "ticket", fingerprint);
  const authenticator = sealedField(der, 4, "authenticator");
  der.leave(outer);
  return { protocol: "kerberos", kind: "AP-REQ", apOptions, ticket, authenticator };
}

/** AP-REP ::= SEQUENCE { pvno [0], msg-type [1], enc-part [2] } (RFC 4120 5.5.2). */
export function apRep(der: Der): ApRep {
  const outer = der.enter(SEQUENCE, "AP-REP");
  opening(der, 0, 15);
  const encPart = sealedField(der, 2, "enc-part");
  der.leave(outer);
  return { protocol: "kerberos", kind: "AP-REP", encPart };
}

/** KRB-SAFE ::= SEQUENCE { pvno [0], msg-type [1], safe-body [2], cksum [3] } (RFC 4120 5.6.1). */
export function krbSafe(der: Der): KrbSafe {
  const outer = der.enter(SEQUENCE, "KRB-SAFE");
  opening(der, 0, 20);
  der.leave(outer);
  return { protocol: "kerberos", kind: "KRB-SAFE" };
}

/** KRB-PRIV ::= SEQUENCE { pvno [0], msg-type [1], enc-part [3] } (RFC 4120 5.7.1: there is no [2]). */
export function krbPriv(der: Der): KrbPriv {
  const outer = der.enter(SEQUENCE, "KRB-PRIV");
  opening(der, 0, 21);
  const encPart = sealedField(der, 3, "enc-part");
  der.leave(outer);
  return { protocol: "kerberos", kind: "KRB-PRIV", encPart };
}

/** KRB-CRED ::= SEQUENCE { pvno [0], msg-type [1], tickets [2] SEQUENCE OF Ticket, enc-part [3] } (RFC 4120 5.8.1). */
export function krbCred(der: Der, fingerprint: Fingerprint): KrbCred {
  const outer = der.enter(SEQUENCE, "KRB-CRED");
  opening(der, 0, 22);
  const tickets = ticketsField(der, 2, "tickets", fingerprint);
  skipField(der, 3, "enc-part");
  der.leave(outer);
  return { protocol: "kerberos", kind: "KRB-CRED", tickets };
}
