import type { HttpRequest, HttpResponse } from "../../../dissectors/http/message.ts";
import type { Message } from "../../../dissectors/registry.ts";
import type { Connection } from "../../model/connection.ts";
import { FROM_CLIENT, FROM_SERVER } from "../../model/connection.ts";
import type { Observation } from "../../model/observation.ts";
import type { Code, Outcome } from "../../model/report.ts";
import type { Answer, Attempt, Token } from "../attempts.ts";
import {
  apReqIn,
  couldHaveShown,
  isCompleted,
  isContinuation,
  krbErrorIn,
  mechanismOf,
  ntlmUserIn,
} from "../attempts.ts";
import type { ServiceExchange } from "../evidence.ts";
import type { Leg } from "../legs.ts";
import { isSoonAfter, openingOf } from "../legs.ts";
import { hostOf } from "../names.ts";
import { grown, NONE } from "../order.ts";
import type { Service } from "./service.ts";

/** HTTP with Negotiate, NTLM or Kerberos: RFC 4559, for servers (401) and for proxies (407). */
export const http: Service = {
  kind: "http",
  protocols: ["http"],
  spnClasses: ["http", "https", "wsman"],
  ports: [],
  tlsPorts: null,
  mayStartWithToken: true,
  namesItsHost: true,
  servesAnybody: false,
  sideOf(message) {
    if (message.protocol !== "http") return null;
    if (message.kind === "request") return "request";
    return message.status >= 100 && message.status < 200 ? null : "response";
  },
  isOfLogin: () => true,
  showsLogin(message) {
    if (message.protocol !== "http") return false;
    if (message.kind === "request") return message.authorization !== null || message.proxyAuthorization !== null;
    return message.challenges.length + message.proxyChallenges.length > 0;
  },
  isSuccess: (message) =>
    message.protocol === "http" && message.kind === "response" && message.status !== 401 && message.status !== 407,
  isRefusal: (message) => message.protocol === "http" && message.kind === "response" && message.status >= 400,
  answeredBy,
  legsOf,
  isSameRequest,
  repeatKeys: targetsOf,
  isRepeated: (earlier, later) =>
    earlier.attempts.some((a) =>
      later.attempts.some((b) => isSoonAfter(a.exchange, b.exchange) && isSameRequest(a.exchange, b.exchange)),
    ),
};

export function httpRequest({ request }: ServiceExchange): HttpRequest | null {
  const message = request?.message;
  return message?.protocol === "http" && message.kind === "request" ? message : null;
}

export function httpResponse({ response }: ServiceExchange): HttpResponse | null {
  const message = response?.message;
  return message?.protocol === "http" && message.kind === "response" ? message : null;
}

/** Responses come in the order of the requests, RFC 9112 section 9.3.2. */
function answeredBy(response: Observation, waiting: readonly ServiceExchange[]): ServiceExchange | null {
  const begun = response.firstFrame;
  // A hole keeps a response back until later requests were read.
  const asked = waiting.length > 1 ? waiting.filter((x) => x.frame <= begun) : waiting;
  const first = asked[0];
  if (!first) return null;
  if (isOfUnseen(response, asked.at(-1) ?? first)) {
    for (const x of asked) x.responseLost = true;
    return null;
  }
  // Those whose answers were passed over have had them: this one answers a request that is not in the capture.
  const answered = asked.find((x) => !x.responseLost);
  if (!answered) return null;
  // A client that sent another request had its response: what is missing from the file was lost by the capture.
  const isLost = (response.connection?.lost[FROM_SERVER] ?? 0) > first.lostBefore && asked.length > 1;
  if (isLost) return passOver(asked, asked.at(-1) ?? first);
  // Who sent no token gets none back, be it of a capture that began after the request.
  return response.inside.length > 0 ? passOver(asked, asked.find(carriesToken) ?? answered) : answered;
}

/** Since the last request that was read its server got more, and said more, than the capture holds: both are of another. */
function isOfUnseen({ connection }: Observation, last: ServiceExchange): boolean {
  if (!connection || !last.request) return false;
  const { acked, seen, lost } = connection;
  if (lost[FROM_SERVER] <= last.lostBefore || acked[FROM_CLIENT] <= last.request.endOffset) return false;
  return lost[FROM_CLIENT] > 0 || acked[FROM_CLIENT] > seen[FROM_CLIENT] || !mayHaveBody(last);
}

const BODILESS: readonly string[] = ["GET", "HEAD", "OPTIONS"];

function mayHaveBody(exchange: ServiceExchange): boolean {
  return !BODILESS.includes(httpRequest(exchange)?.method ?? "");
}

/** The responses to the requests before it are not in the capture. */
function passOver(asked: readonly ServiceExchange[], answered: ServiceExchange): ServiceExchange {
  for (const x of asked.slice(0, asked.indexOf(answered))) x.responseLost = true;
  return answered;
}

const carriesToken = ({ request }: ServiceExchange): boolean => (request?.inside.length ?? 0) > 0;

/** The same request line, Host and User-Agent. */
function isSameRequest(one: ServiceExchange, other: ServiceExchange): boolean {
  const [a, b] = [httpRequest(one), httpRequest(other)];
  if (!a || !b) return false;
  return (
    a.method === b.method &&
    a.target === b.target &&
    a.host?.toLowerCase() === b.host?.toLowerCase() &&
    a.userAgent === b.userAgent
  );
}

/** Each target once. */
function targetsOf({ attempts }: Leg): readonly string[] {
  const targets = new Set<string>();
  for (const { exchange } of attempts) {
    const request = httpRequest(exchange);
    if (request) targets.add(request.target);
  }
  return [...targets];
}

/** A connection through a proxy that authenticates, and then through it to a server that does too, has two legs. */
function legsOf(connection: Connection, exchanges: readonly ServiceExchange[]): Leg[] {
  if (!exchanges.some(isProxied)) return [readLeg(connection, exchanges, false)];
  const passed = exchanges.filter((exchange) => httpResponse(exchange)?.status !== 407);
  const toProxy = readLeg(connection, exchanges, true);
  return passed.some(isForOrigin) ? [toProxy, readLeg(connection, passed, false)] : [toProxy];
}

function isForOrigin(exchange: ServiceExchange): boolean {
  return httpResponse(exchange)?.status === 401 || httpRequest(exchange)?.authorization != null;
}

function isProxied(exchange: ServiceExchange): boolean {
  return httpResponse(exchange)?.status === 407 || httpRequest(exchange)?.proxyAuthorization != null;
}

function readLeg(connection: Connection, exchanges: readonly ServiceExchange[], proxy: boolean): Leg {
  const attempts: Attempt[] = [];
  for (const exchange of exchanges) attempts.push(readAttempt(exchange, proxy));
  const { frame, time } = openingOf(connection, exchanges);
  return {
    service: http,
    kind: proxy ? "http-proxy" : "http",
    connection,
    attempts,
    uses: NONE,
    host: proxy ? null : hostOfLeg(attempts),
    names: namesIn(exchanges),
    isThroughProxy: !proxy && exchanges.some((exchange) => proxiedHost(exchange) !== null),
    sessions: NONE,
    joins: NONE,
    frame,
    time,
  };
}

/** The host of the exchange that was challenged or carried a token, else of the first. */
function hostOfLeg(attempts: readonly Attempt[]): string | null {
  let first: string | null = null;
  for (const { exchange, isEvidence } of attempts) {
    const host = httpRequest(exchange)?.host;
    if (host && isEvidence) return hostOf(host);
    if (host) first ??= host;
  }
  return first === null ? null : hostOf(first);
}

/** Each name once, in the order of the requests. */
function namesIn(exchanges: readonly ServiceExchange[]): readonly string[] {
  let names: string[] | null = null;
  let last: string | null = null;
  for (const exchange of exchanges) {
    const host = httpRequest(exchange)?.host;
    const proxied = proxiedHost(exchange);
    if (host && host !== last) names = grown(names, host);
    if (host) last = host;
    if (proxied) names = grown(names, proxied);
  }
  return names === null || names.length === 1 ? (names ?? NONE) : [...new Set(names)];
}

/** RFC 9112 section 3.2.2: a request to a proxy names the whole URL, and the proxy resolves its host. */
function proxiedHost(exchange: ServiceExchange): string | null {
  const target = httpRequest(exchange)?.target;
  if (target === undefined || target.startsWith("/")) return null;
  return /^https?:\/\/([^/]*)/i.exec(target)?.[1] ?? null;
}

/** Reads one exchange; `proxy` when it is the proxy that authenticates (407). */
function readAttempt(exchange: ServiceExchange, proxy: boolean): Attempt {
  const request = httpRequest(exchange);
  const response = httpResponse(exchange);
  const token = request ? tokenOf(request, exchange.request?.inside ?? NONE, proxy) : "none";
  const isChallenge = response?.status === (proxy ? 407 : 401) && !isOrphanRound(exchange);
  const challenges = response && isChallenge ? (proxy ? response.proxyChallenges : response.challenges) : NONE;
  return {
    exchange,
    token,
    answer: answerOf(exchange, token, proxy),
    apReq: apReqIn(exchange),
    error: krbErrorIn(exchange),
    completed: isCompleted(exchange.response?.inside),
    offers: challenges.length === 0 ? NONE : challenges.map(({ scheme }) => scheme),
    offersKerberos: challenges.some(({ scheme }) => KERBEROS.has(scheme.toLowerCase())),
    isEvidence: PROOFS.has(token) || challenges.some(({ scheme }) => WINDOWS.has(scheme.toLowerCase())),
    acceptedAs: response ? acceptedAs(token, response.status) : null,
    isCut: request?.cut === true || response?.cut === true,
    code: response ? codeOf(response) : null,
    user: ntlmUserIn(exchange),
  };
}

const KERBEROS = new Set(["negotiate", "kerberos"]);
const WINDOWS = new Set(["negotiate", "ntlm", "kerberos"]);
const PROOFS: ReadonlySet<Token> = new Set(["kerberos", "ntlm", "negotiate", "defective"]);

function codeOf({ status, reason }: HttpResponse): Code {
  return { protocol: "http", number: status, name: reason || String(status) };
}

function acceptedAs(token: Token, status: number): Outcome | null {
  if (token === "kerberos" || token === "ntlm" || token === "basic") return token;
  if (token !== "none") return null;
  return status < 400 || status === 404 ? "anonymous" : "unknown";
}

function tokenOf(request: HttpRequest, found: readonly Message[], proxy: boolean): Token {
  const header = proxy ? request.proxyAuthorization : request.authorization;
  if (!header) return "none";
  const scheme = header.scheme.toLowerCase();
  if (scheme === "basic") return "basic";
  if (!WINDOWS.has(scheme)) return "other";
  const mechanism = mechanismOf(found);
  if (mechanism) return mechanism;
  return header.tokenSound === false ? "defective" : scheme === "ntlm" ? "ntlm" : "negotiate";
}

/** The answer to a token that is not in the capture: it offers nothing, it goes on. */
function isOrphanRound({ request, response }: ServiceExchange): boolean {
  return request === null && response !== null && isContinuation(response.inside);
}

const TOO_LARGE: readonly number[] = [400, 413, 431];

function answerOf(exchange: ServiceExchange, token: Token, proxy: boolean): Answer {
  const response = exchange.response;
  if (!response) return couldHaveShown(exchange) ? "none" : "lost";
  const status = httpResponse(exchange)?.status ?? 0;
  if (status === (proxy ? 407 : 401)) {
    if (token === "none" && !isOrphanRound(exchange)) return "challenge";
    if (isContinuation(response.inside)) return "continue";
    // The token of the answer may stand in the part that was cut.
    return httpResponse(exchange)?.cut === true ? "lost" : "refused";
  }
  const isGss = PROOFS.has(token);
  if (isGss && TOO_LARGE.includes(status)) return "too-large";
  if (isGss && status >= 500 && !isCompleted(response.inside)) return "server-error";
  return "accepted";
}
