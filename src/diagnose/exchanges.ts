import type { KdcExchange } from "../correlate/evidence.ts";
import type { Story } from "../correlate/story.ts";

/** Every exchange of a story's searches for tickets, one search after the other. */
export function exchangesOf({ quests }: Story): readonly KdcExchange[] {
  const first = quests[0];
  if (!first) return NONE;
  return quests.length === 1 ? first.exchanges : quests.flatMap(({ exchanges }) => exchanges);
}

const NONE: readonly never[] = [];
