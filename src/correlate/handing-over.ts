import { secondsBetween } from "../model/time.ts";
import type { Attempt } from "./attempts.ts";
import type { KdcExchange } from "./evidence.ts";
import type { Leg } from "./legs.ts";
import { attemptsOf } from "./legs.ts";
import type { Login } from "./logins.ts";
import { tgsRequest } from "./quests.ts";

/** kdc-options bit 2 of 32, RFC 4120 section 5.4.1. */
const FORWARDED = 1 << (31 - 2);

/** A client asks for the TGT that it hands over just before its token leaves. */
const BEFORE_TOKEN_SECONDS = 30;

/** Gives the requests for TGTs to be handed over to the logins whose tokens are the next to leave. */
export function handOver(renewals: readonly KdcExchange[], logins: readonly Login[]): void {
  for (const exchange of renewals) {
    if (((tgsRequest(exchange)?.kdcOptions ?? 0) & FORWARDED) === 0) continue;
    const login = nextToken(exchange, logins);
    if (login) login.handedOver = [...login.handedOver, exchange];
  }
}

function nextToken(exchange: KdcExchange, logins: readonly Login[]): Login | undefined {
  let best: Login | undefined;
  let bestFrame = Number.POSITIVE_INFINITY;
  for (const login of logins) {
    const next = attemptsOf(login.legs).find((a) => a.apReq && a.exchange.frame > exchange.frame);
    if (!next || next.exchange.frame >= bestFrame) continue;
    if (secondsBetween(exchange.time, next.exchange.time) > BEFORE_TOKEN_SECONDS) continue;
    best = login;
    bestFrame = next.exchange.frame;
  }
  return best;
}

/**
 * Bytes of an encrypted authenticator that are too few for a TGT in it: RFC 4121 section 4.1.1 puts a KRB-CRED into
 * its checksum, with the ticket and its encrypted description, some 450 bytes at the least. Without one, clients of
 * Windows make 450 bytes at most.
 */
const LEAST_WITH_TGT = 500;

/** Some token of a login held a TGT; null: that cannot be told. */
export function handsOver(legs: readonly Leg[], asked: readonly KdcExchange[]): boolean | null {
  const tokens = attemptsOf(legs).filter((a): a is Attempt => a.apReq !== null);
  if (tokens.length === 0) return null;
  if (tokens.every(isTooSmall)) return false;
  return asked.some((x) => x.reply?.message.kind === "TGS-REP") ? true : null;
}

function isTooSmall({ apReq }: Attempt): boolean {
  return apReq !== null && apReq.authenticator.length < LEAST_WITH_TGT;
}
