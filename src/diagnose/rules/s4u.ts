import { nt } from "../../../dissectors/erref/codes.ts";
import type { Quest } from "../../correlate/quests.ts";
import type { Story } from "../../correlate/story.ts";
import { delegatedUser, delegationOf, proxyRequest, selfRequest } from "../delegation.ts";
import { framesOfAttempt, framesOfQuest } from "../evidence-frames.ts";
import type { Rule } from "../rule.ts";
import { quoted } from "../words.ts";
import { refusedHit, refusedQuest } from "./refused-quest.ts";
import { refusedAttempt } from "./refused-token.ts";
import { abroadRules } from "./s4u-abroad.ts";

const C_PRINCIPAL_UNKNOWN = 6;
/** KDC_ERR_TGT_REVOKED, KRB_AP_ERR_BAD_INTEGRITY, KRB_AP_ERR_MODIFIED. */
const UNSOUND: readonly number[] = [20, 31, 41];

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
    const by = delegationOf(story)?.by ?? null;
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

/** Delegation that S4U requests themselves show to be stopped. */
export const s4uRules: readonly Rule[] = [userUnknown, files, unsound, ...abroadRules];
