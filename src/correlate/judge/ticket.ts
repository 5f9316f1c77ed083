import type { Around } from "../around.ts";
import type { Quest } from "../quests.ts";
import type { Judgement } from "./judgement.ts";
import { incomplete } from "./judgement.ts";
import { judgeSearch } from "./quests.ts";

/** Judges a search for a ticket of which no use is seen: issued is all that can be said. */
export function judgeTicket(quest: Quest, around: Around): Judgement {
  return judgeSearch(quest, around, quest.error ? "refused" : "none", false) ?? incomplete("service-leg", "kerberos");
}
