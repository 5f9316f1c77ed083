import type { Connection } from "../model/connection.ts";
import type { Kind } from "../model/steps.ts";
import type { Instant } from "../model/time.ts";
import { secondsBetween } from "../model/time.ts";
import type { Attempt } from "./attempts.ts";
import type { ServiceExchange } from "./evidence.ts";
import type { Service } from "./services/service.ts";

/** One login of a client on one connection to a service, read as attempts to authenticate. */
export interface Leg {
  readonly service: Service;
  readonly kind: Kind;
  readonly connection: Connection;
  readonly attempts: readonly Attempt[];
  /** What was asked for with the login, and is no part of it. */
  readonly uses: readonly ServiceExchange[];
  /** The service as the requests name it, normalised; null where none does. */
  readonly host: string | null;
  /** Every name by which the requests call the service, as they spell it. */
  readonly names: readonly string[];
  /** A proxy resolves the name. */
  readonly isThroughProxy: boolean;
  /** Numbers by which the server knows the login, where it gives such. */
  readonly sessions: readonly string[];
  /** Numbers of logins of other connections that this one is a further channel of. */
  readonly joins: readonly string[];
  readonly frame: number;
  readonly time: Instant;
}

/** Every attempt of some connections, one connection after the other. */
export function attemptsOf(legs: readonly Leg[]): readonly Attempt[] {
  const first = legs[0];
  if (!first) return NO_ATTEMPTS;
  return legs.length === 1 ? first.attempts : legs.flatMap((leg) => leg.attempts);
}

const NO_ATTEMPTS: readonly Attempt[] = [];

/** Some request of the leg carried a ticket. */
export function presentsAny({ attempts }: Leg): boolean {
  return attempts.some(({ apReq }) => apReq !== null);
}

/** Some request of these carried that very ticket. */
export function presents(legs: readonly Leg[], fingerprint: string): boolean {
  for (const { attempts } of legs) {
    for (const { apReq } of attempts) if (apReq?.ticket.fingerprint === fingerprint) return true;
  }
  return false;
}

/** Where a leg begins. */
export function openingOf(connection: Connection, exchanges: readonly ServiceExchange[]): Pick<Leg, "frame" | "time"> {
  const frame = connection.handshake[0] ?? exchanges[0]?.frame ?? connection.firstFrame;
  return { frame, time: connection.firstTime };
}

/** A request may be repeated on another connection for so long. */
export const REPEAT_SECONDS = 30;

export function isSoonAfter(one: ServiceExchange, other: ServiceExchange): boolean {
  if (!one.request || !other.request) return false;
  return Math.abs(secondsBetween(one.request.time, other.request.time)) <= REPEAT_SECONDS;
}
