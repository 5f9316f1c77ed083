import { FROM_CLIENT, FROM_SERVER } from "../../model/connection.ts";
import type { Attempt } from "../attempts.ts";
import type { Case } from "../case.ts";
import type { Leg } from "../legs.ts";
import type { Missing } from "../story.ts";

/** What a service was asked or said, and the capture does not hold: of that nothing can be said that needs all of it. */

/** Why no challenge need be in the capture although there was one; null where it would be. */
export function challengeHidden({ legs, attempts }: Case): Missing | null {
  const hidden = attempts.find(({ token, answer }) => token === "none" && answer === "lost");
  if (hidden) return isDeaf(hidden) ? "one-sided" : "lost";
  if (attempts.some(isOrphan) || attempts.some(comesAfterHole)) return "lost";
  return legs.some(isJoinedLate) ? "started-late" : null;
}

/** Something was said before this token, on its connection, that is not in the capture. */
function comesAfterHole({ token, exchange }: Attempt): boolean {
  return token !== "none" && exchange.lostBefore + exchange.lostAsking > 0;
}

function isDeaf({ exchange }: Attempt): boolean {
  return exchange.connection.frames[FROM_SERVER] === 0;
}

/** An answer to a request that is not in the capture: it may have held anything. */
export function isOrphan({ exchange }: Attempt): boolean {
  return exchange.request === null;
}

/** Who comes when the talk is under way need not hear how it began, nor whether somebody is known already. */
function isJoinedLate({ connection }: Leg): boolean {
  return connection.handshake.length === 0;
}

/** Between the challenge and what followed it a request is not in the capture: it may have held a token. */
export function tokenHidden({ attempts }: Case, challenge: Attempt): "lost" | null {
  return attempts.some((a) => isOrphan(a) && a !== challenge && a.exchange.frame > challenge.exchange.frame)
    ? "lost"
    : null;
}

/** The client's side of the connections is missing or has holes: a token may have been there. */
export function isBlind(c: Case): boolean {
  const holes = c.legs.some((leg) => leg.connection.lost[FROM_CLIENT] > 0 || leg.connection.frames[FROM_CLIENT] === 0);
  const servers = new Set(c.legs.map((leg) => `${leg.connection.server.address}:${leg.connection.server.port}`));
  const orphan = c.evidence.services.some(({ request, response, connection }) => {
    if (request !== null || !response || !c.service.isOfLogin(response.message)) return false;
    return servers.has(`${connection.server.address}:${connection.server.port}`);
  });
  return holes || orphan || mayHideToken(c);
}

/** A connection to the same server may have held the token, where the snap length cut it. */
export function mayHideToken({ legs, around }: Case): boolean {
  return legs.some(({ connection: { server } }) => around.mayHide(server.address, server.port));
}

/** After this refusal the service may have taken the token all the same, for a request that is not in the capture. */
export function mayBeAcceptedUnseen(refused: Attempt, { attempts }: Case): boolean {
  const { connection, frame, request, response } = refused.exchange;
  const later = attempts.filter((a) => a.exchange.connection === connection && a.exchange.frame > frame);
  if (later.some((a) => isOrphan(a) && a.answer === "accepted")) return true;
  // A refusal that gives no reason is one to try again.
  const isBare = response !== null && response.inside.length === 0;
  const { lost, acked } = connection;
  return isBare && later.length === 0 && lost[FROM_CLIENT] > 0 && acked[FROM_CLIENT] > (request?.endOffset ?? 0);
}

/** The client sent more than what could be read, and nobody acknowledged it. */
export function hasUnreadRequest({ connection, attempts }: Leg): boolean {
  const { acked, seen } = connection;
  if (acked[FROM_CLIENT] >= seen[FROM_CLIENT]) return false;
  return attempts.every(({ exchange }) => (exchange.request?.endOffset ?? 0) < seen[FROM_CLIENT]);
}
