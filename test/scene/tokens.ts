import { der, field, octets, seq } from "../dissectors/asn1/build.ts";
import { ntlm as captured } from "../dissectors/ntlmssp/messages.ts";
import { apRep, apReq, type ErrorWish, krbError, type TicketWish, ticket } from "./kerberos.ts";

/** The values of Authorization and WWW-Authenticate headers. */

const oid = (...octetsOf: readonly number[]) => der(0x06, Uint8Array.from(octetsOf));
const SPNEGO = oid(0x2b, 6, 1, 5, 5, 2);
const KRB5 = oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 1, 2, 2);
const MS_KRB5 = oid(0x2a, 0x86, 0x48, 0x82, 0xf7, 0x12, 1, 2, 2);
const NTLMSSP = oid(0x2b, 6, 1, 4, 1, 0x82, 0x37, 2, 2, 10);

const states = { completed: 0, incomplete: 1, reject: 2, mic: 3 } as const;
type State = keyof typeof states;

/** RFC 2743 section 3.1 around RFC 4121 section 4.1. */
function gssKrb5(tokenId: number, inner: Uint8Array): Uint8Array {
  return der(0x60, KRB5, Uint8Array.of(tokenId, 0), inner);
}

function init(mechanisms: readonly Uint8Array[], token: Uint8Array): Uint8Array {
  return der(0x60, SPNEGO, field(0, seq(field(0, seq(...mechanisms)), field(2, octets(token)))));
}

function response(state: State | null, mechanism: Uint8Array | null, token: Uint8Array | null): Uint8Array {
  return field(
    1,
    seq(
      ...(state === null ? [] : [field(0, der(0x0a, Uint8Array.of(states[state])))]),
      ...(mechanism === null ? [] : [field(1, mechanism)]),
      ...(token === null ? [] : [field(2, octets(token))]),
    ),
  );
}

function header(token: Uint8Array, scheme = "Negotiate"): string {
  return `${scheme} ${Buffer.from(token).toString("base64")}`;
}

export interface TokenWish extends TicketWish {
  /** How the AP-REQ is wrapped: SPNEGO, a GSS token, or nothing at all. */
  readonly as?: "spnego" | "gss" | "bare";
}

/** A request's Kerberos token with the ticket for `spn`. */
export function krb5(spn: string, wish: TokenWish = {}): string {
  const request = apReq(ticket(spn, wish));
  const { as: form = "spnego" } = wish;
  if (form === "bare") return header(request);
  const token = gssKrb5(1, request);
  return header(form === "gss" ? token : init([KRB5, MS_KRB5, NTLMSSP], token));
}

/** A Kerberos token that a proxy cut in the middle. */
export const cutToken = (spn: string) => krb5(spn).slice(0, 101);

/** The answer that completes the exchange. */
export const apRepToken = () => header(response("completed", KRB5, gssKrb5(2, apRep())));

/** An answer without mutual authentication. */
export const acceptToken = () => header(response("completed", null, null));

/** A refusal with its reason: a KRB-ERROR inside a rejecting NegTokenResp. */
export const errorToken = (code: number, wish: ErrorWish = {}) =>
  header(response("reject", null, gssKrb5(3, krbError(code, wish))));

/** The same as a GSS token on its own, as after a client that sent no SPNEGO. */
export const bareErrorToken = (code: number, wish: ErrorWish = {}) => header(gssKrb5(3, krbError(code, wish)));

export const rejectToken = () => header(response("reject", null, null));

/** The server wants to go on with NTLM although Kerberos was sent. */
export const ntlmInsteadToken = () => header(response("mic", NTLMSSP, captured.challenge));

/** The server wants one more leg of the same mechanism. */
export const incompleteToken = () => header(response("incomplete", KRB5, null));

const ntlmMessages = { 1: captured.negotiate, 2: captured.challenge, 3: captured.authenticate } as const;

/** NEGOTIATE (1), CHALLENGE (2) or AUTHENTICATE (3), raw under `scheme`. */
export function ntlm(type: keyof typeof ntlmMessages, scheme = "Negotiate"): string {
  return header(ntlmMessages[type], scheme);
}

/** NTLM in SPNEGO with NTLM as the only mechanism. */
export const ntlmInSpnego = () => header(init([NTLMSSP], captured.negotiate));

/** An AUTHENTICATE without a user: an anonymous logon. */
export function ntlmAnonymous(): string {
  const message = new Uint8Array(64);
  message.set(captured.authenticate.subarray(0, 12));
  return header(message);
}

/** NegoEx before Kerberos. */
export function negoEx(): string {
  const negoex = oid(0x2b, 6, 1, 4, 1, 0x82, 0x37, 2, 2, 30);
  return header(init([negoex, KRB5], new TextEncoder().encode("NEGOEXTS and more of it")));
}

/** The service completes with another mechanism than the client preferred, unprotected. */
export const otherMechanismToken = () => header(response("completed", NTLMSSP, null));

export const basic = `Basic ${Buffer.from("nobody:nothing").toString("base64")}`;
