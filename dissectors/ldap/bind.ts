import { Malformed } from "../../src/bytes/malformed.ts";
import type { Decoded } from "../dissector.ts";
import { opensNtlm } from "../ntlmssp/decode.ts";
import type { Ber } from "./ber.ts";
import type { LdapBindRequest, LdapBindResponse } from "./message.ts";
import { readResult } from "./result.ts";

const SIMPLE = 0x80;
const SASL = 0xa3;
const SERVER_SASL_CREDS = 0x87;
/** MS-ADTS 5.1.1.1.3: the choices that Active Directory adds for NTLM. */
const sicily: Readonly<Record<number, string>> = {
  137: "sicily-discovery",
  138: "sicily-negotiate",
  139: "sicily-response",
};
/** Mechanisms whose credentials are tokens; those of others may be passwords and stay unread. */
const withTokens = new Set(["GSSAPI", "GSS-SPNEGO", "NTLM", "sicily-negotiate", "sicily-response"]);

interface Credentials {
  readonly mechanism: string;
  readonly anonymous: boolean;
  readonly token: Uint8Array | null;
}

/** RFC 4511 4.2  BindRequest ::= [APPLICATION 0] SEQUENCE { version, name, authentication } */
export function readBindRequest(bind: Ber, messageId: number): Decoded<LdapBindRequest> {
  const version = bind.number("version");
  const name = bind.text("name");
  const { mechanism, anonymous, token } = readCredentials(bind);
  const message: LdapBindRequest = {
    protocol: "ldap",
    kind: "bind-request",
    messageId,
    version,
    name,
    mechanism,
    anonymous,
  };
  return withToken(message, token);
}

function readCredentials(bind: Ber): Credentials {
  const tag = bind.tag();
  const choice = bind.element("authentication");
  if (tag === SIMPLE) return { mechanism: "simple", anonymous: !choice.more(), token: null };
  if (tag === SASL) return readSasl(choice);
  const mechanism = sicily[tag];
  if (mechanism === undefined) throw new Malformed("authentication of another type", choice.at);
  const token = withTokens.has(mechanism) ? choice.bytes.subarray(choice.at, choice.end) : null;
  return { mechanism, anonymous: false, token };
}

/** RFC 4511 4.2  SaslCredentials ::= SEQUENCE { mechanism, credentials OPTIONAL } */
function readSasl(sasl: Ber): Credentials {
  const mechanism = sasl.text("mechanism");
  const token = withTokens.has(mechanism) && sasl.more() ? sasl.octets("credentials") : null;
  return { mechanism, anonymous: false, token };
}

/** RFC 4511 4.2.2  BindResponse ::= [APPLICATION 1] SEQUENCE { COMPONENTS OF LDAPResult, serverSaslCreds [7] OPTIONAL } */
export function readBindResponse(bind: Ber, messageId: number): Decoded<LdapBindResponse> {
  const { matched, ...result } = readResult(bind);
  const message: LdapBindResponse = { protocol: "ldap", kind: "bind-response", messageId, ...result };
  return withToken(message, opensNtlm(matched) ? matched : serverToken(bind));
}

/** A token by its look: what other mechanisms answer is nobody's. */
function serverToken(bind: Ber): Uint8Array | null {
  while (bind.more()) {
    const tag = bind.tag();
    const { bytes, at, end } = bind.element("serverSaslCreds");
    if (tag === SERVER_SASL_CREDS)
      return isToken(bytes[at] ?? 0, bytes.subarray(at, end)) ? bytes.subarray(at, end) : null;
  }
  return null;
}

/** GSS-API and SPNEGO, raw Kerberos, the per-message tokens of RFC 4121, NTLMSSP. */
function isToken(first: number, token: Uint8Array): boolean {
  return first === 0x60 || first === 0xa1 || first === 0x6f || first === 0x7e || opensWrap(token) || opensNtlm(token);
}

const opensWrap = (token: Uint8Array): boolean => (token[0] === 4 || token[0] === 5) && token[1] === 4;

function withToken<M>(message: M, token: Uint8Array | null): Decoded<M> {
  return token === null || token.length === 0 ? { message } : { message, inside: [token] };
}
