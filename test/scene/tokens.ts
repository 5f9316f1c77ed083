import { der, field, octets, seq } from "../dissectors/asn1/build.ts";
import { ntlm as captured } from "../dissectors/ntlmssp/messages.ts";
import { apRep, apReq, type ErrorWish, krbError, noise, type TicketWish, ticket } from "./kerberos.ts";

/** The values of Authorization and WWW-Authenticate headers. */

const oid = (...octetsOf: readonly number[]) => der(0x06, Uint8Array.from(octetsOf));
const SPNEGO = oid(0x2b, 6, 1, 5, 5, 2);
const KRB5 = oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 1, 2, 2);
const MS_KRB5 = oid(0x2a, 0x86, 0x48, 0x82, 0xf7, 0x12, 1, 2, 2);
const NEGOEX = oid(0x2b, 6, 1, 4, 1, 0x82, 0x37, 2, 2, 30);
const NTLMSSP = oid(0x2b, 6, 1, 4, 1, 0x82, 0x37, 2, 2, 10);

/** 1 795 000 000 seconds after 1970, in units of 100 ns since 1601. */
export const FILETIME_AT_START = (1_795_000_000n + 11_644_473_600n) * 10_000_000n;

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

const mechanisms = { "MS-KRB5": MS_KRB5, KRB5, NEGOEX, NTLMSSP } as const;
export type Mechanism = keyof typeof mechanisms;

/** What Windows clients offer. */
const WINDOWS: readonly Mechanism[] = ["MS-KRB5", "KRB5", "NEGOEX", "NTLMSSP"];

function header(token: Uint8Array, scheme = "Negotiate"): string {
  return `${scheme} ${Buffer.from(token).toString("base64")}`;
}

/** The bytes of a token that a header carries. */
export const rawToken = (value: string): Uint8Array => new Uint8Array(Buffer.from(value.split(" ")[1] ?? "", "base64"));

/** NegTokenInit2: what a server that speaks first offers (MS-SPNG section 2.2.1). */
export function hints(...names: readonly Mechanism[]): Uint8Array {
  const note = der(0x1b, new TextEncoder().encode("not_defined_in_RFC4178@please_ignore"));
  return der(0x60, SPNEGO, field(0, seq(field(0, seq(...offered(names))), field(3, seq(field(0, note))))));
}

export interface TokenWish extends TicketWish {
  /** How the AP-REQ is wrapped: SPNEGO, a GSS token, or nothing at all. */
  readonly as?: "spnego" | "gss" | "bare";
  /** The mechanisms of the NegTokenInit, for those of a Windows client. */
  readonly offer?: "windows";
  /** Bytes of the encrypted authenticator. */
  readonly proof?: number;
}

/** A request's Kerberos token with the ticket for `spn`. */
export function krb5(spn: string, wish: TokenWish = {}): string {
  const request = apReq(ticket(spn, wish), wish.proof);
  const { as: form = "spnego" } = wish;
  if (form === "bare") return header(request);
  const token = gssKrb5(1, request);
  return header(form === "gss" ? token : init(wish.offer ? offered(WINDOWS) : [KRB5, MS_KRB5, NTLMSSP], token));
}

const offered = (names: readonly Mechanism[]) => names.map((name) => mechanisms[name]);

/** A Kerberos token that a proxy cut in the middle. */
export const cutToken = (spn: string) => krb5(spn).slice(0, 101);

/** The answer that completes the exchange. */
export const apRepToken = () => header(response("completed", KRB5, gssKrb5(2, apRep())));

/** The same as Windows makes it: it names the mechanism by Microsoft's historic OID. */
export const windowsApRep = () => header(response("completed", MS_KRB5, gssKrb5(2, apRep(110))));

/** How IIS refuses a ticket: the KRB-ERROR under accept-incomplete. */
export const windowsError = (code: number, wish: ErrorWish = {}) =>
  header(response("incomplete", MS_KRB5, gssKrb5(3, krbError(code, wish))));

/** An answer without mutual authentication. */
export const acceptToken = () => header(response("completed", null, null));

/** A refusal with its reason: a KRB-ERROR inside a rejecting NegTokenResp. */
export const errorToken = (code: number, wish: ErrorWish = {}) =>
  header(response("reject", null, gssKrb5(3, krbError(code, wish))));

/** The same as a GSS token on its own, as after a client that sent no SPNEGO. */
export const bareErrorToken = (code: number, wish: ErrorWish = {}) => header(gssKrb5(3, krbError(code, wish)));

export const rejectToken = () => header(response("reject", null, null));

/** The server wants to go on with NTLM although Kerberos was sent. */
export const ntlmInsteadToken = () => header(response("mic", NTLMSSP, challenge));

/** The server wants one more leg of the same mechanism. */
export const incompleteToken = () => header(response("incomplete", KRB5, null));

/** The server picks NTLM before it has seen anything of it. */
export const pickNtlm = () => header(response("mic", NTLMSSP, null));

/** The captured CHALLENGE with the clock of a server that is right when scenes begin: MsvAvTimestamp, MS-NLMP 2.2.2.1. */
const challenge = ((): Uint8Array => {
  const bytes = captured.challenge.slice();
  const view = new DataView(bytes.buffer);
  const info = view.getUint32(44, true);
  for (let at = info; at < bytes.length && view.getUint16(at, true) !== 0; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) === 7) view.setBigUint64(at + 4, FILETIME_AT_START, true);
  }
  return bytes;
})();

const ntlmMessages = { 1: captured.negotiate, 2: challenge, 3: captured.authenticate } as const;

/** NEGOTIATE (1), CHALLENGE (2) or AUTHENTICATE (3), raw under `scheme`. */
export function ntlm(type: keyof typeof ntlmMessages, scheme = "Negotiate"): string {
  return header(ntlmMessages[type], scheme);
}

/** NTLM in SPNEGO with NTLM as the only mechanism. */
export const ntlmInSpnego = () => header(init([NTLMSSP], captured.negotiate));

/** The later legs of NTLM in SPNEGO: the client's, and with CHALLENGE the server's. */
export const ntlmLeg = (type: keyof typeof ntlmMessages) =>
  header(type === 2 ? response("incomplete", NTLMSSP, challenge) : response(null, null, ntlmMessages[type]));

/** The server has what it wants of NTLM. */
export const ntlmDone = () => header(response("completed", null, null));

/** The end of an exchange of which nobody saw that it was NTLM: no MIC protects the change. */
export const ntlmCompleted = () => header(response("completed", NTLMSSP, null));

/** AUTHENTICATE of nobody: no user, no domain, one zero byte as LM response (MS-NLMP section 3.2.5.1.2). */
export function anonymousLeg(): string {
  const message = new DataView(new ArrayBuffer(73));
  [..."NTLMSSP"].forEach((letter, at) => {
    message.setUint8(at, letter.charCodeAt(0));
  });
  message.setUint32(8, 3, true);
  for (const at of [12, 20, 28, 36, 44, 52]) message.setUint32(at + 4, at === 12 ? 72 : 73, true);
  message.setUint16(12, 1, true);
  message.setUint16(14, 1, true);
  message.setUint32(60, ANONYMOUS_FLAGS, true);
  const version = [10, 0, 0x63, 0x45, 0, 0, 0, 15];
  version.forEach((octet, at) => {
    message.setUint8(64 + at, octet);
  });
  return header(response(null, null, new Uint8Array(message.buffer)));
}
/** Unicode, NTLM, always sign, extended session security, version, and NEGOTIATE_ANONYMOUS. */
const ANONYMOUS_FLAGS = 0x020a8a05;

/** AUTHENTICATE of an account, as the last leg in SPNEGO; its responses are left out. */
export function ntlmAs(user: string, domain: string, workstation: string): string {
  const parts = [domain, user, workstation].map((text) => new Uint8Array(Buffer.from(text, "utf16le")));
  const message = new DataView(new ArrayBuffer(PAYLOAD + parts.reduce((sum, { length }) => sum + length, 0)));
  [..."NTLMSSP"].forEach((letter, at) => {
    message.setUint8(at, letter.charCodeAt(0));
  });
  message.setUint32(8, 3, true);
  message.setUint32(60, ACCOUNT_FLAGS, true);
  let next = PAYLOAD;
  for (const [at, part] of parts.entries()) {
    message.setUint16(28 + 8 * at, part.length, true);
    message.setUint16(30 + 8 * at, part.length, true);
    message.setUint32(32 + 8 * at, next, true);
    new Uint8Array(message.buffer).set(part, next);
    next += part.length;
  }
  for (const at of [12, 20, 52]) message.setUint32(at + 4, next, true);
  return header(response(null, null, new Uint8Array(message.buffer)));
}
/** Behind the fixed fields with a version, MS-NLMP section 2.2.1.3. */
const PAYLOAD = 72;
/** Unicode, NTLM, always sign, extended session security, version. */
const ACCOUNT_FLAGS = 0x02088a05;

/** A client that would rather speak NegoEx: its NEGO message and one authentication scheme (MS-NEGOEX section 2.2.6). */
export function negoexToken(): string {
  const message = new DataView(new ArrayBuffer(112));
  [..."NEGOEXTS"].forEach((letter, at) => {
    message.setUint8(at, letter.charCodeAt(0));
  });
  message.setUint32(16, 96, true);
  message.setUint32(20, 112, true);
  noise("conversation and random", 48).forEach((octet, at) => {
    message.setUint8(24 + at, octet);
  });
  message.setUint32(80, 96, true);
  message.setUint16(84, 1, true);
  PKU2U.forEach((octet, at) => {
    message.setUint8(96 + at, octet);
  });
  return header(init(offered(["NEGOEX", "NTLMSSP"]), new Uint8Array(message.buffer)));
}
/** AUTH_SCHEME of PKU2U as a GUID of 16 bytes. */
const PKU2U = [0x5c, 0x33, 0x53, 0x0d, 0xea, 0xf9, 0x0d, 0x4d, 0xb2, 0xec, 0x4a, 0xe3, 0x78, 0x6e, 0xc3, 0x08];

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
