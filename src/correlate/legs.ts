import type { Connection } from "../model/connection.ts";
import type { Instant } from "../model/time.ts";
import type { Attempt } from "./attempts.ts";
import { readAttempt } from "./attempts.ts";
import type { WebExchange } from "./evidence.ts";
import { hostOf } from "./names.ts";

/** One HTTP connection of a client, its exchanges read as attempts to authenticate. */
export interface Leg {
  readonly connection: Connection;
  readonly attempts: readonly Attempt[];
  /** The proxy authenticates here, not the origin server. */
  readonly proxy: boolean;
  /** Host as the requests name it, normalised; null where no request was seen. */
  readonly host: string | null;
  readonly frame: number;
  readonly time: Instant;
}

/** Every attempt of some connections, one connection after the other. */
export function attemptsOf(legs: readonly Leg[]): Attempt[] {
  return legs.flatMap((leg) => leg.attempts);
}

export function findLegs(exchanges: readonly WebExchange[]): Leg[] {
  const byConnection = new Map<Connection, WebExchange[]>();
  for (const exchange of exchanges) {
    const known = byConnection.get(exchange.connection);
    if (known) known.push(exchange);
    else byConnection.set(exchange.connection, [exchange]);
  }
  return [...byConnection].flatMap(([connection, all]) => readLegs(connection, all));
}

/** A connection through a proxy that authenticates, and then through it to a server that does too, has two legs. */
function readLegs(connection: Connection, exchanges: readonly WebExchange[]): Leg[] {
  if (!exchanges.some(isProxied)) return [readLeg(connection, exchanges, false)];
  const passed = exchanges.filter((exchange) => exchange.response?.message.status !== 407);
  const toProxy = readLeg(connection, exchanges, true);
  return passed.some(isForOrigin) ? [toProxy, readLeg(connection, passed, false)] : [toProxy];
}

function isForOrigin(exchange: WebExchange): boolean {
  return exchange.response?.message.status === 401 || exchange.request?.message.authorization != null;
}

function readLeg(connection: Connection, exchanges: readonly WebExchange[], proxy: boolean): Leg {
  const attempts = exchanges.map((exchange) => readAttempt(exchange, proxy));
  return {
    connection,
    attempts,
    proxy,
    host: hostOfLeg(attempts, proxy),
    frame: connection.handshake[0] ?? exchanges[0]?.frame ?? connection.firstFrame,
    time: connection.firstTime,
  };
}

function isProxied(exchange: WebExchange): boolean {
  return exchange.response?.message.status === 407 || exchange.request?.message.proxyAuthorization != null;
}

/** The host of the exchange that was challenged or carried a token, else of the first. */
function hostOfLeg(attempts: readonly Attempt[], proxy: boolean): string | null {
  if (proxy) return null;
  const named = attempts.find((a) => isEvidence(a) && a.exchange.request?.message.host);
  const host = (named ?? attempts.find((a) => a.exchange.request?.message.host))?.exchange.request?.message.host;
  return host ? hostOf(host) : null;
}

const OFFERS = new Set(["negotiate", "ntlm", "kerberos"]);

/** A 401 (407) that offers Negotiate or NTLM, or credentials of those schemes: somebody wanted to log on. */
export function isEvidence(attempt: Attempt): boolean {
  if (attempt.offers.some((scheme) => OFFERS.has(scheme.toLowerCase()))) return true;
  return ["kerberos", "ntlm", "negotiate", "defective"].includes(attempt.token);
}

export function offersNegotiate(attempt: Attempt): boolean {
  return attempt.offers.some((scheme) => ["negotiate", "kerberos"].includes(scheme.toLowerCase()));
}
