import type { Around } from "../around.ts";
import type { Evidence } from "../evidence.ts";
import type { Quest } from "../quests.ts";
import type { Judgement } from "./judgement.ts";
import { incomplete } from "./judgement.ts";
import { judgeSearch } from "./quests.ts";

/** Judges a search for a ticket of which no use is seen: issued is all that can be said. */
export function judgeTicket(quest: Quest, evidence: Evidence, around: Around): Judgement {
  const outcome = quest.error ? "refused" : "none";
  return judgeSearch(quest, evidence, around, outcome, false) ?? incomplete("service-leg", "kerberos");
}
