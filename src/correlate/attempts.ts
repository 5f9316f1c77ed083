import type { ApReq, KrbError, Ticket } from "../../dissectors/kerberos/message.ts";
import type { NtlmMessage } from "../../dissectors/ntlmssp/message.ts";
import type { Message } from "../../dissectors/registry.ts";
import type { NegTokenInit, NegTokenResp } from "../../dissectors/spnego/message.ts";
import { FROM_CLIENT, FROM_SERVER } from "../model/connection.ts";
import type { Code, Outcome } from "../model/report.ts";
import type { ServiceExchange } from "./evidence.ts";

/** What a request carried to prove who the user is. */
export type Token = "none" | "kerberos" | "ntlm" | "negotiate" | "defective" | "basic" | "other";

/**
 * How the service answered one request.
 *
 * `challenge`: an answer that asks who the client is; `continue`: an answer to a token that goes on (SPNEGO leg, NTLM
 * CHALLENGE); `too-large`: the request was refused for its size; `server-error`: the service failed before it completed
 * the token; `lost`: the capture cannot show it.
 */
export type Answer = "none" | "lost" | "challenge" | "continue" | "refused" | "too-large" | "server-error" | "accepted";

/** One request and its answer, read as a step of authentication: the same for every service. */
export interface Attempt {
  readonly exchange: ServiceExchange;
  readonly token: Token;
  readonly answer: Answer;
  readonly apReq: ApReq | null;
  /** The KRB-ERROR inside the answer's token. */
  readonly error: KrbError | null;
  /** The answer's token completed the authentication: AP-REP, accept-completed. */
  readonly completed: boolean;
  /** Schemes or mechanisms that a challenge offered, as the service spells them. */
  readonly offers: readonly string[];
  /** The challenge leaves the client free to use Kerberos. */
  readonly offersKerberos: boolean;
  /** Somebody wanted to log on: a challenge of Windows authentication, or credentials of it. */
  readonly isEvidence: boolean;
  /** As what an accepted request lets the client in; null where its token does not say. */
  readonly acceptedAs: Outcome | null;
  /** The snap length cut the request or its answer: what decides may stand in the part that is missing. */
  readonly isCut: boolean;
  /** The answer in the protocol's own number and name. */
  readonly code: Code | null;
  /** The user whom the request's token names, and the domain. */
  readonly user: { readonly name: string; readonly domain: string } | null;
}

/** Messages found inside another one; undefined where that is not in the capture. */
type Inside = readonly Message[] | undefined;

function inside<K extends Message["kind"]>(messages: Inside, kind: K): Extract<Message, { kind: K }> | null {
  if (messages === undefined) return null;
  for (const m of messages) if (isOfKind(m, kind)) return m;
  return null;
}

function isOfKind<K extends Message["kind"]>(m: Message, kind: K): m is Extract<Message, { kind: K }> {
  return m.kind === kind;
}

export function isNtlm(messages: Inside): NtlmMessage | null {
  if (messages === undefined) return null;
  for (const m of messages) if (m.protocol === "ntlmssp") return m;
  return null;
}

export const negTokenInit = (m: Inside): NegTokenInit | null => inside(m, "NegTokenInit");
export const negTokenResp = (m: Inside): NegTokenResp | null => inside(m, "NegTokenResp");

/** The AP-REQ that the request carried. */
export function apReqIn({ request }: ServiceExchange): ApReq | null {
  return inside(request?.inside, "AP-REQ");
}

/** The KRB-ERROR inside the answer. */
export function krbErrorIn({ response }: ServiceExchange): KrbError | null {
  return inside(response?.inside, "KRB-ERROR");
}

/** The ticket presented last. */
export function lastPresented(attempts: readonly Attempt[]): Ticket | null {
  for (let at = attempts.length - 1; at >= 0; at--) {
    const apReq = attempts[at]?.apReq;
    if (apReq) return apReq.ticket;
  }
  return null;
}

/** The user whom an NTLM message of the request names. */
export function ntlmUserIn({ request }: ServiceExchange): Attempt["user"] {
  const message = isNtlm(request?.inside);
  if (message?.kind !== "AUTHENTICATE" || message.user === "") return null;
  return { name: message.user, domain: message.domain };
}

/** The mechanism of a token of GSS-API; null where it is none that kflow knows. */
export function mechanismOf(found: readonly Message[]): Extract<Token, "kerberos" | "ntlm" | "negotiate"> | null {
  if (inside(found, "AP-REQ")) return "kerberos";
  if (isNtlm(found)) return "ntlm";
  return (negTokenInit(found) ?? negTokenResp(found)) ? "negotiate" : null;
}

export function isCompleted(found: Inside): boolean {
  if (inside(found, "KRB-ERROR")) return false;
  return inside(found, "AP-REP") !== null || negTokenResp(found)?.negState === "accept-completed";
}

/** RFC 4178 section 5, RFC 4559 section 5: an answer that is no success goes on unless its token itself says no. */
export function isContinuation(found: readonly Message[]): boolean {
  if (inside(found, "KRB-ERROR")) return false;
  if (isNtlm(found)?.kind === "CHALLENGE") return true;
  const resp = negTokenResp(found);
  if (resp) return resp.negState !== "reject" && (resp.hasToken || resp.negState !== null);
  return inside(found, "AP-REP") !== null;
}

/** False when bytes of the server are known to be missing, or the capture holds nothing of its side at all. */
export function couldHaveShown(exchange: ServiceExchange): boolean {
  const c = exchange.connection;
  if (exchange.responseLost || c.lost[FROM_SERVER] > exchange.lostBefore) return false;
  if (c.acked[FROM_SERVER] > c.seen[FROM_SERVER]) return false;
  return c.frames[FROM_SERVER] > 0;
}

/** The request's bytes were acknowledged, or answered in any way: they arrived. RFC 9293 section 3.10.7.4. */
export function wasDelivered(exchange: ServiceExchange): boolean {
  const request = exchange.request;
  if (!request || exchange.response) return true;
  const c = exchange.connection;
  if (c.acked[FROM_CLIENT] >= request.endOffset) return true;
  return c.reset?.by === "server" && c.reset.frame > request.frame;
}
