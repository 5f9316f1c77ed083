import { isTicketGranting } from "../../correlate/names.ts";
import type { Quest } from "../../correlate/quests.ts";
import type { Story } from "../../correlate/story.ts";
import { asksResourceBased, delegationOf } from "../delegation.ts";
import { showAccount } from "../directory-query.ts";
import { framesOfQuest } from "../evidence-frames.ts";
import type { Hit, Rule } from "../rule.ts";
import type { Ending } from "../subjects.ts";
import { quoted, shellWord } from "../words.ts";
import { refusedHit, refusedQuest } from "./refused-quest.ts";

const abroadEnds: readonly Ending[] = ["tgs-refused", "referral-not-followed"];

/** The search in a user's name that was sent on to another realm, and got no ticket there. */
function stoppedAbroad(story: Story): Quest | null {
  const why = story.why;
  if (why?.what !== "tgs-refused" && why?.what !== "referral-not-followed") return null;
  const isProxy = why.quest.delegation === "s4u2proxy" && why.quest.referrals.length > 0;
  return isProxy ? why.quest : null;
}

function abroad(quest: Quest, story: Story, ...more: readonly string[]): Hit {
  const sent = `The KDC sent the request for ${quest.sname} on to ${quest.referrals.join(", then ")}`;
  const refused = refusedQuest(story);
  const hit = refused ? refusedHit(refused) : null;
  const end = hit ? `. ${hit.detail}` : ", where the front-end did not ask.";
  return {
    detail: [`${sent}${end}`, ...more].join(" "),
    frames: framesOfQuest(quest),
    ...(hit?.code ? { code: hit.code } : {}),
  };
}

const overTrust = () => [
  "Set-ADComputer <back-end> -PrincipalsAllowedToDelegateToAccount (Get-ADComputer <front-end> -Server <front-end's domain>)",
];

const wrongTopology: Rule = {
  id: "del-wrong-topology",
  severity: "error",
  ends: abroadEnds,
  title: "Constrained delegation does not leave its domain",
  specs: ["MS-SFU section 3.2.5.2.1"],
  check(story) {
    const quest = stoppedAbroad(story);
    if (!quest || asksResourceBased(quest)) return null;
    return abroad(
      quest,
      story,
      "Its request did not ask for resource-based delegation, the only kind that crosses domains.",
    );
  },
  advise: (_, story) => ({
    causes: [
      "front-end and back-end are in different domains, and delegation is set up on the front-end's account",
      "the front-end's system is too old to ask for resource-based delegation (before Windows Server 2012, or set so)",
    ],
    confirm: [
      showAccount(delegationOf(story)?.by ?? null, "front-end account", "msDS-AllowedToDelegateTo"),
      `setspn -F -Q ${quoted(story.service.spn ?? "<SPN>")}`,
    ],
    fix: [...overTrust(), "or move the back-end into the front-end's domain"],
  }),
};

const crossForest: Rule = {
  id: "del-cross-forest",
  severity: "error",
  ends: abroadEnds,
  title: "The delegation does not pass the trust",
  specs: ["MS-SFU section 3.1.5.2", "MS-KILE section 3.3.5.7.5"],
  check(story) {
    const quest = stoppedAbroad(story);
    const hasTrouble = story.kdcTrouble.failures.length + story.kdcTrouble.lookups.length > 0;
    // Where the other realm's KDC could not even be reached, that is the cause.
    if (quest && story.why?.what === "referral-not-followed" && hasTrouble) return forwardedAbroad(story);
    return quest ? abroad(quest, story) : forwardedAbroad(story);
  },
  advise: (_, story) => {
    const referral = (delegationOf(story)?.quest ?? story.quests[0])?.referrals.at(-1);
    const other = referral === undefined ? "<other domain>" : shellWord(referral.toLowerCase());
    return {
      causes: [
        "the trust lets no delegation pass: TGT delegation is off across forests since the updates of 2019",
        "the back-end, in the other domain, does not list the front-end (resource-based delegation)",
        "the user or the front-end is of a domain that the back-end's domain does not trust for this",
      ],
      confirm: [
        `netdom trust <trusting domain> /domain:${other} /EnableTgtDelegation`,
        showAccount(story.service.spn ?? null, "back-end account", "msDS-AllowedToActOnBehalfOfOtherIdentity"),
      ],
      fix: [...overTrust(), `netdom trust <trusting domain> /domain:${other} /EnableTgtDelegation:Yes`],
    };
  },
};

/** kdc-options bit 2 of 32, RFC 4120 section 5.4.1. */
const FORWARDED = 1 << (31 - 2);

/** A TGT to hand on was asked for in another realm, and refused. */
function forwardedAbroad(story: Story): Hit | null {
  const refused = refusedQuest(story);
  if (!refused?.request || !isTicketGranting(refused.quest.sname)) return null;
  if ((refused.request.kdcOptions & FORWARDED) === 0) return null;
  return refusedHit(refused, " It asks for a forwarded TGT of another realm: without it nothing is delegated there.");
}

/** Delegation that stops on the way to another domain or forest. */
export const abroadRules: readonly Rule[] = [wrongTopology, crossForest];
