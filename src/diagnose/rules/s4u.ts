import { nt } from "../../../dissectors/erref/codes.ts";
import { attemptsOf } from "../../correlate/legs.ts";
import { isTicketGranting } from "../../correlate/names.ts";
import type { Quest } from "../../correlate/quests.ts";
import { tgsRequest } from "../../correlate/quests.ts";
import type { Story } from "../../correlate/story.ts";
import {
  asksResourceBased,
  delegatedUser,
  delegationOf,
  proxyRequest,
  selfIssues,
  selfRequest,
  userPart,
} from "../delegation.ts";
import { showAccount } from "../directory-query.ts";
import { framesOfAttempt, framesOfExchange, framesOfQuest } from "../evidence-frames.ts";
import type { Hit, Rule } from "../rule.ts";
import { noAdvice } from "../rule.ts";
import type { Ending } from "../subjects.ts";
import { quoted, shellWord } from "../words.ts";
import { refusedHit, refusedQuest } from "./refused-quest.ts";
import { refusedAttempt } from "./refused-token.ts";

const C_PRINCIPAL_UNKNOWN = 6;
/** KDC_ERR_TGT_REVOKED, KRB_AP_ERR_BAD_INTEGRITY, KRB_AP_ERR_MODIFIED. */
const UNSOUND: readonly number[] = [20, 31, 41];

const byOf = (story: Story) => delegationOf(story)?.by ?? null;

const userUnknown: Rule = {
  id: "del-s4u2self-6",
  severity: "error",
  ends: ["tgs-refused"],
  title: "The service gets no ticket in the user's name",
  specs: ["MS-SFU section 3.2.5.1"],
  check(story) {
    const refused = refusedQuest(story);
    if (refused?.error.errorCode !== C_PRINCIPAL_UNKNOWN || !refused.request?.forUser) return null;
    return refusedHit(
      refused,
      ` It was asked for in the name of ${refused.request.forUser} (S4U2self): the KDC does not find that user, or does not let the one that asks look.`,
    );
  },
  advise: (_, story) => {
    const by = byOf(story);
    const user = delegatedUser(story);
    const account = by === null || by.includes("/") ? "<front-end account>" : quoted(by);
    return {
      causes: [
        "the front-end's account may not read the user's groups (tokenGroupsGlobalAndUniversal)",
        `there is no user ${user} in that domain: misspelt, deleted, or of another domain`,
      ],
      confirm: [
        `Get-ADUser ${user} -Properties UserPrincipalName`,
        "Get-ADGroupMember 'Windows Authorization Access Group'",
      ],
      fix: [`Add-ADGroupMember 'Windows Authorization Access Group' -Members ${account}`],
    };
  },
};

const unsound: Rule = {
  id: "del-no-pac",
  severity: "error",
  ends: ["tgs-refused"],
  title: "The KDC does not accept the user's ticket as evidence",
  specs: ["MS-SFU section 3.2.5.2", "MS-PAC section 2.8"],
  check(story) {
    const refused = refusedQuest(story);
    const evidence = refused?.request?.additionalTickets[0];
    if (!refused || !evidence || refused.quest.delegation === null) return null;
    if (!UNSOUND.includes(refused.error.errorCode)) return null;
    return refusedHit(refused, ` The request hands in a ticket for ${evidence.sname} as evidence.`);
  },
  advise: (w, story) => ({
    causes: [
      "the ticket handed in has no PAC, or no signature of a KDC: domain controllers of different patch levels, or a KDC that makes none",
      "the ticket handed in is not for the account that asks (another account of the front-end holds the SPN)",
      "the ticket was changed, or the key of its signature is gone (krbtgt reset)",
    ],
    confirm: [
      "Get-HotFix    (on every domain controller)",
      `setspn -Q ${proxyEvidence(story)}`,
      `klist get ${w.spn}    (on the front-end)`,
    ],
    fix: ["bring all domain controllers to the same patch level", "klist purge    (on client and front-end)"],
  }),
};

function proxyEvidence(story: Story): string {
  const quest = delegationOf(story)?.quest;
  const sname = quest && proxyRequest(quest)?.additionalTickets[0]?.sname;
  return sname ? quoted(sname) : "<SPN of the front-end>";
}

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
      showAccount(byOf(story), "front-end account", "msDS-AllowedToDelegateTo"),
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

const ACCOUNT = /^[^/$]+$/;

/** The S4U2self of a service account that is no computer. */
function asUserAccount(quest: Quest): string | null {
  const account = selfRequest(quest)?.sname;
  return account && ACCOUNT.test(account) ? account : null;
}

const files: Rule = {
  id: "del-cifs-svc-acct",
  severity: "error",
  about: ["delegation"],
  ends: ["tgs-refused", "ap-refused"],
  title: "Windows delegates to file servers as the computer, not as the service account",
  specs: ["MS-SFU section 3.2.5.2"],
  check(story) {
    const delegated = delegationOf(story);
    const quest = delegated?.quest;
    const account = quest ? asUserAccount(quest) : null;
    if (!quest || account === null || quest.spn.service.toLowerCase() !== "cifs") return null;
    const said = ` The user's ticket was got by ${account}, an account other than the computer's`;
    const refused = refusedQuest(story);
    // Another TGT than the one of the S4U2self: another account asks.
    const proxyTgt = proxyRequest(quest)?.ticket?.fingerprint;
    if (refused && proxyTgt !== undefined && proxyTgt !== selfRequest(quest)?.ticket?.fingerprint) {
      return refusedHit(refused, `${said}, and the delegation was asked for with another TGT than its own.`);
    }
    const attempt = refusedAttempt(story);
    if (attempt?.code?.number !== nt.ACCESS_DENIED) return null;
    return {
      detail: `The file server refused the delegated ticket with ${attempt.code.name}.${said}.`,
      frames: [...framesOfQuest(quest), ...framesOfAttempt(attempt)],
      code: attempt.code,
    };
  },
  advise: (w) => ({
    causes: [
      "the SMB redirector asks with the computer's account: delegation allowed to the service account does not count for cifs/",
    ],
    confirm: ["Get-ADComputer <front-end> -Properties msDS-AllowedToDelegateTo,TrustedToAuthForDelegation"],
    fix: [
      `Set-ADComputer <front-end> -Add @{'msDS-AllowedToDelegateTo'=${w.spnQuoted}}`,
      "Set-ADAccountControl <front-end>$ -TrustedToAuthForDelegation $true    (“any authentication protocol”)",
      "or run the service as the computer (NetworkService, ApplicationPoolIdentity)",
    ],
  }),
};

/** The name of whoever asks, as an S4U2self or the sign-on before it says. */
function isOwn(cname: string, story: Story, sname: string | null): boolean {
  const own = [sname, story.signOn?.cname].flatMap((name) => (name ? [userPart(name)] : []));
  return own.includes(userPart(cname));
}

const unsupported: Rule = {
  id: "del-s4u-unsupported",
  severity: "warning",
  about: ["quests", "delegation"],
  title: "The KDC gave the service a ticket in its own name, not in the user's",
  specs: ["MS-SFU section 3.1.5.1.2"],
  check(story) {
    for (const quest of story.quests) {
      const own = quest.delegation === null ? undefined : selfIssues(quest).find((x) => ignoresUser(x, story));
      const reply = own?.reply?.message;
      if (!own || reply?.kind !== "TGS-REP") continue;
      return {
        detail: `The request named ${tgsRequest(own)?.forUser} (S4U2self); the ticket that came is for ${reply.cname}.`,
        frames: framesOfExchange(own),
        step: 6,
      };
    }
    return null;
  },
  advise: () => ({
    causes: ["a KDC that does not know S4U: too old, or not of Windows"],
    confirm: [],
    fix: ["ask a domain controller of Windows Server 2003 or later, or a KDC that knows S4U2self"],
  }),
};

function ignoresUser(x: Quest["exchanges"][number], story: Story): boolean {
  const request = tgsRequest(x);
  const reply = x.reply?.message;
  if (!request?.forUser || reply?.kind !== "TGS-REP") return false;
  // On the way to another realm the tickets for KDCs are the asker's own.
  if (isTicketGranting(reply.ticket.sname) || userPart(reply.cname) === userPart(request.forUser)) return false;
  return isOwn(reply.cname, story, request.sname);
}

const used: Rule = {
  id: "delegation-used",
  severity: "info",
  about: ["quests", "delegation"],
  title: "A service acts for a user",
  specs: ["MS-SFU section 1.3"],
  check(story) {
    const delegated = delegationOf(story);
    if (!delegated || story.why?.what === "tgs-refused") return null;
    const { quest, kind, by, forUser } = delegated;
    const who = by ?? story.client.name ?? story.client.address;
    const target =
      quest?.delegation === "s4u2self" ? "itself" : (story.service.spn ?? story.service.host ?? "a service");
    const asked = quest ? framesOfQuest(quest) : attemptsOf(story.legs).flatMap(framesOfAttempt);
    return {
      detail: `${who} (${story.client.address}) goes to ${target} in the name of ${forUser ?? "a user"}: ${kind}.`,
      frames: [...(story.front?.frames ?? []), ...asked],
      step: 5,
    };
  },
  advise: () => noAdvice,
};

/** Delegation that S4U requests themselves show to be stopped. */
export const s4uRules: readonly Rule[] = [userUnknown, files, unsound, wrongTopology, crossForest];

/** What S4U shows beside the verdict. */
export const s4uNotes: readonly Rule[] = [unsupported, used];
