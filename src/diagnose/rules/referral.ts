import { grantedRealm } from "../../correlate/names.ts";
import { framesOfFailures, framesOfLookups, framesOfQuest } from "../evidence-frames.ts";
import type { Rule } from "../rule.ts";
import { shellWord } from "../words.ts";

const referralLoop: Rule = {
  id: "tgs-referral-loop",
  severity: "error",
  ends: ["tgs-undelivered", "tgs-refused", "tgs-silent", "referral-not-followed", "not-presented"],
  title: "The realms refer the client to each other",
  specs: ["RFC 6806 section 8"],
  check(story) {
    const why = story.why;
    const quest = why && "quest" in why ? why.quest : null;
    if (!quest || story.divergedAt !== 6 || !comesBack(quest.referrals)) return null;
    return {
      detail: `The client was referred to ${quest.referrals.join(", then ")}, and got no ticket.`,
      frames: framesOfQuest(quest),
    };
  },
  advise: () => ({
    causes: ["name suffix routing contradicts itself between the forests", "the SPN's suffix is claimed by both sides"],
    confirm: ["nltest /domain_trusts"],
    fix: ["correct the routing: netdom trust … /namesuffixes"],
  }),
};

/** A realm, another one, and the first again; the same one twice in a row is only a second try. */
function comesBack(realms: readonly string[]): boolean {
  return realms.some((realm, index) => {
    const first = realms.indexOf(realm);
    return first < index && realms.slice(first, index).some((other) => other !== realm);
  });
}

const deadEnd: Rule = {
  id: "tgs-referral-deadend",
  severity: "error",
  ends: ["referral-not-followed", "tgs-silent"],
  title: "The client was referred to another realm and did not get there",
  specs: ["RFC 6806 section 8"],
  check(story) {
    const why = story.why;
    const isSilentHop = why?.what === "tgs-silent" && why.quest.referrals.length > 0;
    if (!why || (why.what !== "referral-not-followed" && !isSilentHop)) return null;
    const quest = why.quest;
    return {
      detail: `A KDC referred the client to ${quest.referrals.at(-1) ?? grantedRealm(quest.sname)}; the capture shows no answer from a KDC of that realm.`,
      frames: [
        ...framesOfQuest(quest),
        ...framesOfFailures(story.kdcTrouble.failures),
        ...framesOfLookups(story.kdcTrouble.lookups),
      ],
    };
  },
  advise: (_, story) => {
    const referral = story.quests.findLast((q) => q.referrals.length > 0)?.referrals.at(-1);
    const realm = referral === undefined ? "<realm>" : shellWord(referral.toLowerCase());
    return {
      causes: ["the client cannot resolve the other realm's domain controllers", "a firewall blocks port 88 to them"],
      confirm: [`nslookup -type=SRV _kerberos._tcp.${realm}`, `nltest /dsgetdc:${realm} /force /kdc`],
      fix: ["add a DNS forwarder or stub zone for that domain", "allow TCP 88 and UDP 88 to its domain controllers"],
    };
  },
};

/** Referrals that lead to no ticket: step 6. */
export const referralRules: readonly Rule[] = [referralLoop, deadEnd];
