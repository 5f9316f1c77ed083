import type { KrbError, TgsReq } from "../../../dissectors/kerberos/message.ts";
import type { Quest } from "../../correlate/quests.ts";
import { tgsRequest } from "../../correlate/quests.ts";
import type { Story } from "../../correlate/story.ts";
import { framesOfQuest } from "../evidence-frames.ts";
import type { Hit, Rule } from "../rule.ts";
import { aboutTime, clockWords, kerberosCode, spell } from "./refusals.ts";

/** A request for a ticket, and the KRB-ERROR that refused it. */
export interface RefusedQuest {
  readonly quest: Quest;
  readonly error: KrbError;
  readonly request: TgsReq | null;
}

/** The error that explains the story. */
export function errorOfQuest({ why }: Story): KrbError | null {
  return why?.what === "tgs-refused" ? (why.quest.error?.message ?? null) : null;
}

/** The refusal that explains the story. */
export function refusedQuest(story: Story): RefusedQuest | null {
  if (story.why?.what !== "tgs-refused" || !story.why.quest.error) return null;
  const quest = story.why.quest;
  const last = quest.exchanges.findLast((x) => x.reply === quest.error);
  return { quest, error: story.why.quest.error.message, request: last ? tgsRequest(last) : null };
}

/** What the KDC answered, then `more`. */
export function refusedHit({ quest, error, request }: RefusedQuest, more = ""): Hit {
  const asked = request || quest.sname ? `the TGS-REQ for ${quest.sname}` : "a request that is not in the capture";
  const kdc = quest.error?.src ?? "The KDC";
  const clock = aboutTime.includes(error.errorCode) ? clockWords(error, quest.error?.time) : "";
  return {
    detail: `${kdc} answered ${asked} with ${spell(error)}.${clock}${more}`,
    frames: framesOfQuest(quest),
    code: kerberosCode(error),
  };
}

export const S_PRINCIPAL_UNKNOWN = 7;

/** A rule for error 7 that needs more than the code: the first that fits explains it best. */
export function unknownService(
  id: string,
  title: string,
  fits: (r: RefusedQuest, story: Story) => string | null,
  advise: Rule["advise"],
): Rule {
  return {
    id,
    severity: "error",
    ends: ["tgs-refused"],
    title,
    specs: ["RFC 4120 section 3.3.3"],
    check(story) {
      const refused = errorOfQuest(story)?.errorCode === S_PRINCIPAL_UNKNOWN ? refusedQuest(story) : null;
      if (!refused) return null;
      const why = fits(refused, story);
      return why === null ? null : refusedHit(refused, why === "" ? "" : ` ${why}`);
    },
    advise,
  };
}
