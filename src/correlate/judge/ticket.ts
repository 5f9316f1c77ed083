import type { Around } from "../around.ts";
import type { Evidence } from "../evidence.ts";
import type { Quest } from "../quests.ts";
import type { Judgement } from "./judgement.ts";
import { incomplete } from "./judgement.ts";
import { judgeSearch } from "./quests.ts";
import { mayBeGrantedUnread } from "./silence.ts";

/** Judges a search for a ticket of which no use is seen: issued is all that can be said. */
export function judgeTicket(quest: Quest, evidence: Evidence, around: Around): Judgement {
  const outcome = quest.error ? "refused" : "none";
  if (quest.error && mayBeGrantedUnread(quest.lastTime, evidence)) return incomplete("cut", "unknown");
  const search = judgeSearch(quest, evidence, around, outcome, false);
  return search ?? incomplete("service-leg", "kerberos");
}
