import type { KdcExchange } from "../correlate/evidence.ts";
import type { Story } from "../correlate/story.ts";
import { secondsBetween } from "../model/time.ts";

/** Every exchange of a story's searches for tickets, one search after the other. */
export function exchangesOf({ quests }: Story): readonly KdcExchange[] {
  const first = quests[0];
  if (!first) return NONE;
  return quests.length === 1 ? first.exchanges : quests.flatMap(({ exchanges }) => exchanges);
}

const NONE: readonly never[] = [];

const SLOW_SECONDS = 1;

/** The KDC took longer to answer than anybody should wait. */
export function isSlow({ request, reply }: KdcExchange): boolean {
  return request !== null && reply !== null && secondsBetween(request.time, reply.time) > SLOW_SECONDS;
}
