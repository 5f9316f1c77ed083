import { standsAt } from "../../src/bytes/find.ts";
import { limits } from "../../src/bytes/limits.ts";
import { Malformed } from "../../src/bytes/malformed.ts";
import { Der, SEQUENCE } from "../asn1/der.ts";
import type { Fingerprint } from "../dissector.ts";
import { isKerberosTag, kerberosMessage } from "../kerberos/decode.ts";
import { ntlmMessage, opensNtlm } from "../ntlmssp/decode.ts";
import type { Message } from "../registry.ts";
import { spnegoToken } from "./decode.ts";
import { mechanism } from "./oid.ts";

/** What a token of HTTP, SMB, LDAP or DCE-RPC holds. */
export interface Token {
  /** Outermost first. */
  readonly messages: readonly Message[];
  /** Why the innermost part could not be read, where it could not. */
  readonly damaged: string | null;
}

/** Reads a token whoever framed it: SPNEGO and what is in it, Kerberos with or without GSS-API header, NTLMSSP. Never throws. */
export function decodeToken(bytes: Uint8Array, fingerprint: Fingerprint): Token {
  const messages: Message[] = [];
  try {
    let layer: Uint8Array | null = bytes;
    for (let depth = 0; layer !== null; depth++) {
      if (depth === limits.tokenDepth) throw new Malformed("tokens are nested too deep", 0);
      layer = peel(layer, fingerprint, messages);
    }
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return { messages, damaged: error.message };
  }
  // A list that grew has room for a dozen more; what is kept for long takes no more than it needs.
  return { messages: messages.slice(), damaged: null };
}

export const gss = { decode: decodeToken } as const;

const INITIAL = 0x60;
const INIT = 0xa0;
const RESP = 0xa1;

/** Adds what the token is and returns the one inside it. */
function peel(bytes: Uint8Array, fingerprint: Fingerprint, messages: Message[]): Uint8Array | null {
  const first = bytes[0] ?? 0;
  if (first === INITIAL) return initialToken(bytes, fingerprint, messages);
  if (first === INIT || first === RESP) return negotiation(bytes, messages);
  if (isKerberosTag(first)) messages.push(kerberosMessage(bytes, fingerprint));
  else if (opensNtlm(bytes)) messages.push(ntlmMessage(bytes));
  else if (!isSilent(bytes)) throw new Malformed("no token that kflow knows", 0);
  return null;
}

function negotiation(bytes: Uint8Array, messages: Message[]): Uint8Array | null {
  const { message, inside } = spnegoToken(bytes);
  messages.push(message);
  const token = inside?.[0];
  return token === undefined || token.length === 0 ? null : token;
}

/** [APPLICATION 0] with the mechanism's OID (RFC 2743 3.1). */
function initialToken(bytes: Uint8Array, fingerprint: Fingerprint, messages: Message[]): Uint8Array | null {
  const der = new Der(bytes);
  der.enter(INITIAL, "InitialContextToken");
  const mech = mechanism(der);
  switch (mech) {
    case "SPNEGO":
      return negotiation(bytes, messages);
    case "KRB5":
    case "MS-KRB5":
    case "KRB5-U2U":
    case "IAKERB":
      krb5Token(bytes.subarray(der.at, der.end), fingerprint, messages);
      return null;
    case "NTLMSSP":
      messages.push(ntlmMessage(bytes.subarray(der.at, der.end)));
      return null;
    default:
      return null;
  }
}

const AP_REQ = 0x0100;
const AP_REP = 0x0200;
const KRB_ERROR = 0x0300;
const IAKERB_PROXY = 0x0501;

/** TOK_ID in 16 bits, then the token (RFC 4121 4.1); what the other TOK_IDs hold is no message. */
function krb5Token(token: Uint8Array, fingerprint: Fingerprint, messages: Message[]): void {
  if (token.length < 2) throw new Malformed("TOK_ID is missing", 0);
  const id = ((token[0] ?? 0) << 8) | (token[1] ?? 0);
  const body = token.subarray(2);
  if (id === AP_REQ || id === AP_REP || id === KRB_ERROR) messages.push(kerberosMessage(body, fingerprint));
  else if (id === IAKERB_PROXY) iakerb(body, fingerprint, messages);
}

/** IAKERB-HEADER ::= SEQUENCE { target-realm [1], … }, then a message to or from the KDC, or none. */
function iakerb(body: Uint8Array, fingerprint: Fingerprint, messages: Message[]): void {
  const der = new Der(body);
  der.leave(der.enter(SEQUENCE, "IAKERB-HEADER"));
  if (der.more()) messages.push(kerberosMessage(body.subarray(der.at), fingerprint));
}

/** Tokens that are sound and hold no message: NEGOEXTS, and MIC, Wrap and the like that bear a TOK_ID only. */
function isSilent(bytes: Uint8Array): boolean {
  const id = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);
  return id === 0x0404 || id === 0x0504 || standsAt(bytes, 0, NEGOEXTS);
}
const NEGOEXTS = Uint8Array.from("NEGOEXTS", (letter) => letter.charCodeAt(0));
