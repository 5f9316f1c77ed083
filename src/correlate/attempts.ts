import type { AuthHeader, HttpRequest, HttpResponse } from "../../dissectors/http/message.ts";
import type { ApReq, KrbError } from "../../dissectors/kerberos/message.ts";
import type { NtlmMessage } from "../../dissectors/ntlmssp/message.ts";
import type { Message } from "../../dissectors/registry.ts";
import type { NegTokenInit, NegTokenResp } from "../../dissectors/spnego/message.ts";
import { FROM_CLIENT, FROM_SERVER } from "../model/connection.ts";
import type { WebExchange } from "./evidence.ts";

/** What a request carried to prove who the user is. */
export type Token = "none" | "kerberos" | "ntlm" | "negotiate" | "defective" | "basic" | "other";

/**
 * How the service answered one request.
 *
 * `continue`: 401 with a token that goes on (SPNEGO leg, NTLM CHALLENGE); `too-large`: 400, 413, 431 to a token;
 * `server-error`: 5xx to a token that nobody completed; `lost`: the capture cannot show it.
 */
export type Answer = "none" | "lost" | "challenge" | "continue" | "refused" | "too-large" | "server-error" | "accepted";

/** One request and its answer, read as a step of authentication. */
export interface Attempt {
  readonly exchange: WebExchange;
  readonly token: Token;
  readonly answer: Answer;
  readonly apReq: ApReq | null;
  /** The KRB-ERROR inside the answer's token. */
  readonly error: KrbError | null;
  /** The answer's token completed the authentication: AP-REP, accept-completed. */
  readonly completed: boolean;
  /** Schemes that a 401 (407) offered. */
  readonly offers: readonly string[];
}

const inside = <K extends Message["kind"]>(messages: readonly Message[] | undefined, kind: K) =>
  messages?.find((m): m is Extract<Message, { kind: K }> => m.kind === kind) ?? null;

export function isNtlm(messages: readonly Message[] | undefined): NtlmMessage | null {
  for (const m of messages ?? []) if (m.protocol === "ntlmssp") return m;
  return null;
}

export const negTokenInit = (m: readonly Message[] | undefined): NegTokenInit | null => inside(m, "NegTokenInit");
export const negTokenResp = (m: readonly Message[] | undefined): NegTokenResp | null => inside(m, "NegTokenResp");

export function credentialsOf(request: HttpRequest, proxy: boolean): AuthHeader | null {
  return proxy ? request.proxyAuthorization : request.authorization;
}

export function challengesOf(response: HttpResponse, proxy: boolean): readonly AuthHeader[] {
  return proxy ? response.proxyChallenges : response.challenges;
}

/** Reads one exchange; `proxy` when it is the proxy that authenticates (407). */
export function readAttempt(exchange: WebExchange, proxy: boolean): Attempt {
  const request = exchange.request;
  const token = request ? tokenOf(request.message, request.inside, proxy) : "none";
  const response = exchange.response;
  const isChallenge = response?.message.status === (proxy ? 407 : 401);
  const challenges = response && isChallenge ? challengesOf(response.message, proxy) : [];
  return {
    exchange,
    token,
    answer: answerOf(exchange, token, proxy),
    apReq: inside(request?.inside, "AP-REQ"),
    error: inside(response?.inside, "KRB-ERROR"),
    completed: isCompleted(response?.inside),
    offers: challenges.map((c) => c.scheme),
  };
}

function tokenOf(request: HttpRequest, found: readonly Message[], proxy: boolean): Token {
  const header = credentialsOf(request, proxy);
  if (!header) return "none";
  const scheme = header.scheme.toLowerCase();
  if (scheme === "basic") return "basic";
  if (scheme !== "negotiate" && scheme !== "ntlm" && scheme !== "kerberos") return "other";
  if (inside(found, "AP-REQ")) return "kerberos";
  if (isNtlm(found)) return "ntlm";
  if (negTokenInit(found) ?? negTokenResp(found)) return "negotiate";
  return header.tokenSound === false ? "defective" : scheme === "ntlm" ? "ntlm" : "negotiate";
}

function isCompleted(found: readonly Message[] | undefined): boolean {
  if (inside(found, "KRB-ERROR")) return false;
  return inside(found, "AP-REP") !== null || negTokenResp(found)?.negState === "accept-completed";
}

const TOO_LARGE: readonly number[] = [400, 413, 431];

function answerOf(exchange: WebExchange, token: Token, proxy: boolean): Answer {
  const response = exchange.response;
  if (!response) return couldHaveShown(exchange) ? "none" : "lost";
  const status = response.message.status;
  const isGss = token !== "none" && token !== "basic" && token !== "other";
  if (status === (proxy ? 407 : 401)) {
    if (token === "none") return "challenge";
    return isContinuation(response.inside) ? "continue" : "refused";
  }
  if (isGss && TOO_LARGE.includes(status)) return "too-large";
  if (isGss && status >= 500 && !isCompleted(response.inside)) return "server-error";
  return "accepted";
}

/** RFC 4178 section 5, RFC 4559 section 5: a 401 with a token goes on unless the token itself says no. */
function isContinuation(found: readonly Message[]): boolean {
  if (inside(found, "KRB-ERROR")) return false;
  if (isNtlm(found)?.kind === "CHALLENGE") return true;
  const resp = negTokenResp(found);
  if (resp) return resp.negState !== "reject" && (resp.hasToken || resp.negState !== null);
  return inside(found, "AP-REP") !== null;
}

/** False when bytes of the server are known to be missing, or the capture holds nothing of its side at all. */
export function couldHaveShown(exchange: WebExchange): boolean {
  const c = exchange.connection;
  if (exchange.responseLost || c.lost[FROM_SERVER] > exchange.lostBefore) return false;
  if (c.acked[FROM_SERVER] > c.seen[FROM_SERVER]) return false;
  return c.frames[FROM_SERVER] > 0;
}

/** The request's bytes were acknowledged, or answered in any way: they arrived. RFC 9293 section 3.10.7.4. */
export function wasDelivered(exchange: WebExchange): boolean {
  const request = exchange.request;
  if (!request || exchange.response) return true;
  const c = exchange.connection;
  if (c.acked[FROM_CLIENT] >= request.endOffset) return true;
  return c.reset?.by === "server" && c.reset.frame > request.frame;
}
