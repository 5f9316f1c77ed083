import { nt } from "../../../dissectors/erref/codes.ts";
import type { Story } from "../../correlate/story.ts";
import { delegatedUser, delegationOf, selfRequest } from "../delegation.ts";
import { findAccount, findPrincipal, showAccount } from "../directory-query.ts";
import type { Rule } from "../rule.ts";
import { type Words, word } from "../words.ts";
import { errorOfQuest, refusedHit, refusedQuest } from "./refused-quest.ts";
import { s4uRules } from "./s4u.ts";

const BADOPTION = 13;

const frontEnd = (story: Story) => delegationOf(story)?.by ?? story.client.name ?? null;
const backEnd = (story: Story) => story.service.spn ?? null;

const lists = (story: Story) => [
  showAccount(frontEnd(story), "front-end account", "msDS-AllowedToDelegateTo", "userAccountControl"),
  showAccount(backEnd(story), "back-end account", "msDS-AllowedToActOnBehalfOfOtherIdentity"),
  `Get-ADUser ${delegatedUser(story)} -Properties AccountNotDelegated,MemberOf`,
];

function refusedProxy(
  id: string,
  status: number | null,
  title: string,
  causes: readonly string[],
  fix: (w: Words, story: Story) => readonly string[],
): Rule {
  return {
    id,
    severity: "error",
    ends: ["tgs-refused"],
    title,
    specs: ["MS-SFU section 3.2.5.2"],
    check(story) {
      const refused = errorOfQuest(story)?.errorCode === BADOPTION ? refusedQuest(story) : null;
      if (!refused) return null;
      if (refused.quest.delegation === null) return null;
      if (status !== null && refused.error.ntStatus !== status) return null;
      const whose = refused.quest.forUser
        ? ` It was asked for in the name of ${refused.quest.forUser} by ${frontEnd(story) ?? story.client.address}.`
        : "";
      return refusedHit(refused, whose);
    },
    advise: (w, story) => ({ causes, confirm: lists(story), fix: fix(w, story) }),
  };
}

const allow = (w: Words, story: Story) => [
  `${findAccount(frontEnd(story), "front-end account")} | Set-ADObject -Add @{'msDS-AllowedToDelegateTo'=${w.spnQuoted}}`,
];
const allowBackEnd = (story: Story) => [
  `Set-ADComputer <back-end> -PrincipalsAllowedToDelegateToAccount (${findPrincipal(askerOf(story))})    (Set-ADUser where a user runs the service)`,
];

/** The account that asks, by its own name. */
function askerOf(story: Story): string | null {
  const by = delegationOf(story)?.by ?? null;
  return by === null || by.includes("/") ? null : by;
}

const trustAnyProtocol = (story: Story) =>
  `Set-ADAccountControl ${word(askerOf(story), "front-end account")} -TrustedToAuthForDelegation $true    (“any authentication protocol”)`;

/** A service that names a user to the KDC needs more trust than one that hands on what it got. */
const transition = (story: Story) => {
  const quest = delegationOf(story)?.quest;
  return quest && selfRequest(quest) ? [trustAnyProtocol(story)] : [];
};

/** Constrained delegation refused by the KDC (KDC_ERR_BADOPTION to an S4U2proxy): step 6. */
const refusedRules: readonly Rule[] = [
  refusedProxy(
    "del-kcd-not-supported",
    nt.NOT_SUPPORTED,
    "The front-end's account may not delegate at all",
    [
      "the front-end's account has no list of services it may delegate to, and its request did not ask for resource-based delegation",
    ],
    allow,
  ),
  refusedProxy(
    "del-kcd-no-match",
    nt.NO_MATCH,
    "The back-end is not on the front-end's delegation list",
    [
      "the list of the front-end's account lacks this SPN in exactly this form (port, short or full name)",
      "the user's ticket is not forwardable",
    ],
    allow,
  ),
  refusedProxy(
    "del-rbcd-denied",
    nt.NOT_FOUND,
    "Neither side allows this delegation",
    ["the back-end does not list the front-end (resource-based), nor does the front-end's own list hold the SPN"],
    (w, story) => [...allowBackEnd(story), ...allow(w, story)],
  ),
  refusedProxy(
    "del-not-forwardable",
    nt.ACCOUNT_RESTRICTION,
    "This user may not be delegated",
    [
      "the user is marked “sensitive and cannot be delegated”, or is in Protected Users",
      "delegation is “Kerberos only”, and the user logged on to the front-end in another way",
    ],
    (_, story) => [trustAnyProtocol(story), "or take the user out of Protected Users"],
  ),
];

const withoutStatus = refusedProxy(
  "del-13-no-status",
  null,
  "The KDC refuses the delegation, without saying why",
  [
    "the front-end's account may not delegate, or not to this SPN",
    "the back-end does not allow the front-end (resource-based delegation)",
    "the user is marked as sensitive, or in Protected Users",
    "the user's ticket to the front-end is not forwardable",
  ],
  (w, story) => [...allow(w, story), ...transition(story), ...allowBackEnd(story)],
);

/** What stops delegation. Where the KDC says why, that is taken; else what the requests themselves show. */
export const delegationRules: readonly Rule[] = [...refusedRules, ...s4uRules, withoutStatus];
