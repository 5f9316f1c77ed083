import type { Attempt } from "../correlate/attempts.ts";
import type { DnsLookup, KdcExchange } from "../correlate/evidence.ts";
import type { Quest } from "../correlate/quests.ts";
import type { SignOn } from "../correlate/signons.ts";
import type { ConnectionFailure } from "../model/connection.ts";

/** Frames of a request and its answer, as evidence. */
export function framesOfAttempt(attempt: Attempt | null | undefined): number[] {
  if (!attempt) return [];
  const { request, response } = attempt.exchange;
  return [request?.frame, response?.frame].filter((frame) => frame !== undefined);
}

/** The frame with which the server's side ended the connection in answer to the request; null where it did not. */
export function frameOfServerEnd({ exchange: { request, connection } }: Attempt): number | null {
  for (const end of [connection.reset, connection.closed]) {
    if (end?.by === "server" && end.frame !== null && request && end.frame > request.frame) return end.frame;
  }
  return null;
}

export function framesOfExchange(exchange: KdcExchange): number[] {
  const requests = [exchange.request, ...exchange.repeats].map((o) => o?.frame);
  return [...requests, exchange.reply?.frame, exchange.unreachable?.frame].filter((frame) => frame !== undefined);
}

export function framesOfQuest(quest: Quest): number[] {
  return quest.exchanges.flatMap(framesOfExchange);
}

export function framesOfSignOn(signOn: SignOn): number[] {
  return signOn.exchanges.flatMap(framesOfExchange);
}

export function framesOfLookups(lookups: readonly DnsLookup[]): number[] {
  return lookups.flatMap((lookup) =>
    [...lookup.queries.map((q) => q.frame), lookup.response?.frame, lookup.unreachable?.frame].filter(
      (frame) => frame !== undefined,
    ),
  );
}

export function framesOfFailures(failures: readonly ConnectionFailure[]): number[] {
  return failures.flatMap((failure) => failure.frames);
}
