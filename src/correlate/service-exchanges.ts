import type { Connection } from "../model/connection.ts";
import { FROM_CLIENT, FROM_SERVER } from "../model/connection.ts";
import type { Observation } from "../model/observation.ts";
import { secondsBetween } from "../model/time.ts";
import type { Client } from "./client.ts";
import type { ServiceExchange } from "./evidence.ts";
import { type Growing, grown, NONE, SWAPPED_SECONDS, those } from "./order.ts";
import type { Service } from "./services/service.ts";

/** The exchange of its connection that a message completes; null where it completes none. */
export function takeMessage(client: Client, o: Observation, service: Service): ServiceExchange | null {
  const side = service.sideOf(o.message);
  const { connection } = o;
  if (!connection || side === null) return null;
  if (service.showsLogin(o.message)) client.hasEvidence = true;
  if (side === "request") {
    const exchange = newExchange(o, connection, side);
    const isAnswered = takeEarlyAnswer(client, exchange, o, service);
    client.services = grown(client.services, exchange);
    if (!isAnswered) client.unanswered = grown(client.unanswered, exchange);
    return isAnswered ? exchange : null;
  }
  const answered = service.answeredBy(o, waitingOn(connection, client.unanswered));
  if (answered) {
    answered.response = o;
    client.unanswered = without(client.unanswered, answered);
  } else if (side !== "end") client.services = grown(client.services, newExchange(o, connection, side));
  return answered;
}

/** What the request is answered by where that was read first, and stood for the exchange so far. */
function takeEarlyAnswer(client: Client, asked: ServiceExchange, o: Observation, service: Service): boolean {
  for (const answer of answersReadEarly(client.services, o, asked.connection)) {
    if (answer.response === null || service.answeredBy(answer.response, [asked]) !== asked) continue;
    client.services = client.services.filter((x) => x !== answer);
    asked.response = answer.response;
    return true;
  }
  return false;
}

/** A hole before the request kept it back, or the capture swapped two neighbours. */
function answersReadEarly(
  services: readonly ServiceExchange[],
  o: Observation,
  connection: Connection,
): readonly ServiceExchange[] {
  if (connection.lost[FROM_CLIENT] > 0) {
    return services.filter((x) => isUnasked(x, connection) && (x.response?.frame ?? 0) > o.frame);
  }
  const last = connection.synSeen ? services.at(-1) : undefined;
  return last && isUnasked(last, connection) && secondsBetween(last.time, o.time) < SWAPPED_SECONDS ? [last] : NONE;
}

function waitingOn(connection: Connection, unanswered: readonly ServiceExchange[]): readonly ServiceExchange[] {
  const only = unanswered[0];
  if (only && unanswered.length === 1 && only.connection === connection) return unanswered;
  return those(unanswered, (x) => x.connection === connection);
}

function without<T>(list: Growing<T>, piece: T): Growing<T> {
  if (list.length === 1 && list[0] === piece) return NONE;
  return list.filter((x) => x !== piece);
}

const isUnasked = (x: ServiceExchange, connection: Connection) => x.connection === connection && x.request === null;

function newExchange(o: Observation, connection: Connection, side: "request" | "response"): ServiceExchange {
  return {
    frame: o.firstFrame,
    time: o.time,
    connection,
    request: side === "request" ? o : null,
    response: side === "response" ? o : null,
    responseLost: false,
    lostBefore: connection.lost[FROM_SERVER],
    lostAsking: connection.lost[FROM_CLIENT],
    seenBefore: connection.seen[FROM_SERVER],
  };
}
