import type { KrbError, TgsReq } from "../../../dissectors/kerberos/message.ts";
import { firstLabel, isAddress, isTicketGranting } from "../../correlate/names.ts";
import type { Quest } from "../../correlate/quests.ts";
import { tgsRequest } from "../../correlate/quests.ts";
import type { Story } from "../../correlate/story.ts";
import { framesOfQuest } from "../evidence-frames.ts";
import type { Advice, Hit, Rule } from "../rule.ts";
import type { Words } from "../words.ts";
import { shellWord } from "../words.ts";
import { aboutTime, clockWords, etypeList, kerberosCode, nt, spell } from "./refusals.ts";

interface RefusedQuest {
  readonly quest: Quest;
  readonly error: KrbError;
  readonly request: TgsReq | null;
}

export function refusedQuest(story: Story): RefusedQuest | null {
  if (story.why?.what !== "tgs-refused" || !story.why.quest.error) return null;
  const quest = story.why.quest;
  const last = quest.exchanges.findLast((x) => x.reply === quest.error);
  return { quest, error: story.why.quest.error.message, request: last ? tgsRequest(last) : null };
}

export function refusedHit({ quest, error }: RefusedQuest, more = "", causes?: readonly string[]): Hit {
  const kdc = quest.error?.src ?? "The KDC";
  const clock = aboutTime.includes(error.errorCode) ? clockWords(error, quest.error?.time) : "";
  return {
    detail: `${kdc} answered the TGS-REQ for ${quest.sname} with ${spell(error)}.${clock}${more}`,
    frames: framesOfQuest(quest),
    code: kerberosCode(error),
    ...(causes ? { causes } : {}),
  };
}

const S_PRINCIPAL_UNKNOWN = 7;
const RFC4120 = "RFC 4120 section 3.3.3";

/** A rule for error 7 that needs more than the code: the first that fits explains it best. */
function unknownService(
  id: string,
  title: string,
  fits: (r: RefusedQuest, story: Story) => string | null,
  advise: Rule["advise"],
): Rule {
  return {
    id,
    severity: "error",
    title,
    specs: [RFC4120],
    check(story) {
      const refused = refusedQuest(story);
      if (!refused || refused.error.errorCode !== S_PRINCIPAL_UNKNOWN) return null;
      const why = fits(refused, story);
      return why === null ? null : refusedHit(refused, why === "" ? "" : ` ${why}`);
    },
    advise,
  };
}

const findSpn = (w: Words) => [`setspn -Q ${w.spn}`, `setspn -F -Q */${w.host}`, "setspn -X -F", `klist get ${w.spn}`];
const setSpn = (w: Words) => [`setspn -S ${w.spn} <service account>`];

const wrongRealm: Rule = {
  id: "tgs-wrong-realm",
  severity: "error",
  title: "The KDC knows no way to the realm asked for",
  specs: ["RFC 6806 section 8"],
  check(story) {
    const refused = refusedQuest(story);
    if (!refused) return null;
    const isHop =
      refused.error.errorCode === S_PRINCIPAL_UNKNOWN && isTicketGranting(refused.error.sname ?? refused.quest.sname);
    return isHop || refused.error.errorCode === WRONG_REALM ? refusedHit(refused) : null;
  },
  advise: (w) => ({
    causes: [
      "there is no trust with that realm",
      "[domain_realm] in krb5.conf sends the host to the wrong realm",
      "the realm of the service is not this one, and the KDC has no referral for it",
    ],
    confirm: ["nltest /domain_trusts", `kvno ${w.spn}`],
    fix: ["correct the realm mapping, or create the trust", "route the name suffix: netdom trust … /namesuffixes"],
  }),
};
const WRONG_REALM = 68;

const afterReferral = unknownService(
  "tgs-referral-unknown",
  "The service is not registered in the domain to which the client was referred",
  ({ quest }) =>
    quest.referrals.length > 0 ? `The client had been referred to ${quest.referrals.join(", then ")}.` : null,
  (w, story) => {
    const referral = story.quests.at(-1)?.referrals.at(-1);
    const realm = referral === undefined ? "<domain>" : shellWord(referral.toLowerCase());
    return {
      causes: ["the SPN is missing in that domain", "the name suffix is routed to the wrong forest"],
      confirm: [`setspn -T ${realm} -Q ${w.spn}`],
      fix: setSpn(w),
    };
  },
);

const forAddress = unknownService(
  "tgs-spn-ip",
  "The client asked for an SPN made of an IP address",
  ({ quest }) => (isAddress(quest.spn.host) ? "Nobody registers addresses as SPNs." : null),
  (w) => ({
    causes: ["the URL names the server by its address"],
    confirm: [`setspn -Q ${w.spn}`],
    fix: [
      "use the server's name in the URL",
      `setspn -S ${w.spn} <service account>    (with TryIPSPN=1 on the clients)`,
    ],
  }),
);

const withPort = unknownService(
  "tgs-spn-port",
  "The client put the port into the SPN",
  ({ quest }) => (quest.spn.port === null ? null : `The name asked for carries port ${quest.spn.port}.`),
  (w) => ({
    causes: ["the client is set to add the port, and only the name without it is registered"],
    confirm: [`setspn -Q ${w.spn}`, `setspn -Q HTTP/${w.host}`],
    fix: [`setspn -S ${w.spn} <service account>`, "or switch the port off: EnableAuthNegotiatePort = false"],
  }),
);

const alias = unknownService(
  "dns-cname-spn",
  "The SPN asked for follows an alias, and is registered only for the other name",
  ({ quest }, story) => {
    const host = story.service.host ?? "";
    const canonical = [...story.naming.canonicalOf(host)];
    if (canonical.length === 0) return null;
    return `DNS says that ${host} is an alias of ${canonical.join(", ")}; the client asked for ${quest.sname}.`;
  },
  (w, story) => {
    const canonical = [...story.naming.canonicalOf(story.service.host ?? "")].at(-1);
    const target = canonical === undefined ? w.host : shellWord(canonical);
    return {
      causes: [
        "the SPN is registered for one of the two names only",
        "the alias points to a host whose account is not the service's",
      ],
      confirm: [`setspn -Q HTTP/${w.host}`, `setspn -Q HTTP/${target}`],
      fix: [`setspn -S ${w.spn} <service account>`, "or use an A record in place of the CNAME"],
    };
  },
);

const reverse = unknownService(
  "dns-ptr-spn",
  "The SPN asked for comes from a reverse look-up",
  ({ quest }, story) => {
    const pointers = story.naming.pointersOf(story.service.address ?? "");
    const host = story.service.host ?? "";
    return pointers.has(quest.spn.host) && quest.spn.host !== host
      ? `DNS calls ${story.service.address} ${quest.spn.host}; the request was for ${host}.`
      : null;
  },
  (w) => ({
    causes: ["the PTR record is wrong or shared, and the client trusts it"],
    confirm: [`nslookup ${w.address} ${w.dns}`],
    fix: ["rdns = false    (krb5.conf, [libdefaults])", "or correct the PTR record"],
  }),
);

const shortName = unknownService(
  "tgs-spn-short",
  "The SPN asked for is a short name that is not registered",
  ({ quest }) =>
    quest.spn.host !== "" && firstLabel(quest.spn.host) === quest.spn.host ? "The name has no domain." : null,
  (w) => ({
    causes: ["the URL uses the short name, and only the full name is registered"],
    confirm: [`setspn -Q ${w.spn}`],
    fix: [`setspn -S ${w.spn} <service account>`, "or use the full name in the URL"],
  }),
);

const unknown = unknownService(
  "tgs-s-unknown",
  "The service principal name is not registered",
  () => "",
  (w) => ({
    causes: [
      "the SPN is not registered on any account",
      "the SPN is registered on two accounts (Windows KDCs often answer the same for duplicates)",
      "the client built another name than the one that is registered (alias, short name, port)",
      "the service is in another forest, and its suffix is not routed",
    ],
    confirm: findSpn(w),
    fix: [
      ...setSpn(w),
      `setspn -S HTTP/${w.shortHost} <service account>`,
      `setspn -D ${w.spn} <wrong account>    (a duplicate)`,
    ],
  }),
);

interface TgsRefusal {
  readonly id: string;
  readonly codes: readonly number[];
  readonly title: string;
  readonly specs: readonly string[];
  readonly causes: (refused: RefusedQuest) => readonly string[];
  readonly confirm: (w: Words) => readonly string[];
  readonly fix: (w: Words) => readonly string[];
}

/** Other KRB-ERRORs that answer a TGS-REQ, each with what we believe of it. */
const table: readonly TgsRefusal[] = [
  {
    id: "tgs-not-unique",
    codes: [8],
    title: "The service principal name is registered twice",
    specs: [RFC4120],
    causes: () => ["two accounts carry the same SPN"],
    confirm: (w) => ["setspn -X -F", `setspn -Q ${w.spn}`],
    fix: (w) => [`setspn -D ${w.spn} <wrong account>`],
  },
  {
    id: "tgs-etype",
    codes: [14],
    title: "No encryption type in common for the service",
    specs: ["RFC 4120 section 3.1.3"],
    causes: ({ request }) => [
      `the client offers ${etypeList(request?.etypes ?? []) || "unknown types"}, the service account allows none of them`,
      "the service account's password is older than AES support: it has no AES keys",
      "RC4 was switched off in the domain, and the account is limited to it",
      "the trust object (for another realm) lacks AES",
    ],
    confirm: () => [
      "Get-ADUser <service account> -Properties msDS-SupportedEncryptionTypes,PasswordLastSet",
      "domain controller, System log: events 16, 27, 201–209",
    ],
    fix: () => [
      "Set-ADUser <service account> -KerberosEncryptionType AES128,AES256",
      "Set-ADAccountPassword <service account> -Reset    (makes AES keys; then a new keytab)",
    ],
  },
  {
    id: "tgs-skew",
    codes: [37],
    title: "Client and KDC disagree about the time",
    specs: ["RFC 4120 section 3.3.3"],
    causes: () => [
      "the client's clock differs by more than the tolerance (5 minutes by default)",
      "this domain controller's clock is wrong: then other clients fail there too",
    ],
    confirm: (w) => [`w32tm /stripchart /computer:${w.kdc} /samples:5 /dataonly`, "w32tm /query /status"],
    fix: () => ["w32tm /resync /rediscover", "chronyc makestep    (Linux)"],
  },
  {
    id: "tgs-tkt-expired",
    codes: [32],
    title: "The ticket presented to the KDC has expired",
    specs: [RFC4120],
    causes: () => ["the TGT ended and was not renewed (long-running service, sleep)", "a clock is wrong"],
    confirm: () => ["klist", "klist tgt"],
    fix: () => ["klist purge    (then log on again)", "kinit -R or k5start for services"],
  },
  {
    id: "tgs-tkt-nyv",
    codes: [33],
    title: "The ticket presented to the KDC is not yet valid",
    specs: [RFC4120],
    causes: () => ["this KDC's clock is behind that of the KDC which issued the TGT", "a post-dated TGT"],
    confirm: (w) => [`w32tm /stripchart /computer:${w.kdc} /samples:5 /dataonly`],
    fix: () => ["w32tm /resync    (on the domain controllers)"],
  },
  {
    id: "tgs-integrity",
    codes: [31, 41, 44],
    title: "The KDC cannot decrypt the TGT",
    specs: [RFC4120],
    causes: () => [
      "the TGT was made with an older krbtgt key, or by another realm",
      "krbtgt was reset twice quickly, and replication lags",
      "the ticket was altered or forged",
    ],
    confirm: () => ["repadmin /replsum"],
    fix: () => ["klist purge    (then log on again)", "wait for replication"],
  },
  {
    id: "tgs-tgt-revoked",
    codes: [20],
    title: "The KDC no longer accepts the TGT",
    specs: ["RFC 4120 section 7.5.9"],
    causes: () => [
      "the TGT lacks an acceptable PAC (hardening)",
      "the account was changed or deleted",
      "a read-only domain controller's TGT is not valid here",
    ],
    confirm: () => ["domain controller, Security log: event 4769, failure code 0x14"],
    fix: () => ["klist purge    (then log on again)", "bring all domain controllers to the same patch level"],
  },
  {
    id: "tgs-policy",
    codes: [12],
    title: "A policy forbids the ticket",
    specs: ["MS-KILE section 3.3.5.7"],
    causes: ({ error }) => [
      ...(error.ntStatus === nt.AUTHENTICATION_FIREWALL_FAILED
        ? []
        : ["the client's account was disabled, locked or restricted since it signed on"]),
      "selective authentication over a trust: “Allowed to authenticate” is missing",
      "an authentication policy on the service",
    ],
    confirm: (w) => [`Get-ADUser ${w.user} -Properties Enabled,LockedOut,AccountExpirationDate`],
    fix: (w) => [`Enable-ADAccount ${w.user}`, "grant “Allowed to authenticate” on the server's computer object"],
  },
  {
    id: "tgs-client-revoked",
    codes: [1, 18, 21],
    title: "The account was disabled, locked or expired after it signed on",
    specs: ["MS-KILE section 3.3.5.7"],
    causes: () => ["the account is disabled, locked or expired; the TGT is older"],
    confirm: (w) => [`Get-ADUser ${w.user} -Properties Enabled,LockedOut,AccountExpirationDate`],
    fix: (w) => [`Enable-ADAccount ${w.user}`, `Unlock-ADAccount ${w.user}`, "then log on again"],
  },
  {
    id: "tgs-service-revoked",
    codes: [2, 9, 19, 22],
    title: "The service's account cannot be used",
    specs: ["RFC 4120 section 7.5.9"],
    causes: () => [
      "the service account is disabled, expired or not yet valid",
      "the service account has no key: its password was never set",
    ],
    confirm: () => ["Get-ADUser <service account> -Properties Enabled,AccountExpirationDate,PasswordLastSet"],
    fix: () => [
      "Enable-ADAccount <service account>",
      "Set-ADAccountPassword <service account> -Reset    (then a new keytab)",
    ],
  },
  {
    id: "tgs-path",
    codes: [28],
    title: "The path over the trusts is not accepted",
    specs: ["RFC 4120 section 2.7"],
    causes: () => ["a trust on the way is not transitive", "[capaths] do not fit the trusts"],
    confirm: () => ["nltest /domain_trusts"],
    fix: () => ["correct the trust, or [capaths]"],
  },
  {
    id: "tgs-server-nomatch",
    codes: [26],
    title: "The ticket presented is not for the service asked for",
    specs: ["RFC 4120 section 7.5.9"],
    causes: () => ["the client misuses renewal, validation or user-to-user"],
    confirm: () => ["klist"],
    fix: () => ["klist purge", "update the client"],
  },
  {
    id: "tgs-badmatch",
    codes: [36],
    title: "Ticket and authenticator do not belong together",
    specs: ["RFC 4120 section 7.5.9"],
    causes: () => ["S4U2self for another service's name", "the names in ticket and authenticator differ"],
    confirm: (w) => [`setspn -Q ${w.spn}`],
    fix: () => ["ask for the account's own SPN"],
  },
  {
    id: "tgs-u2u",
    codes: [27, 69],
    title: "The service only accepts user-to-user tickets",
    specs: ["RFC 4120 section 3.7"],
    causes: () => ["the service runs as a user account without an SPN"],
    confirm: (w) => [`setspn -Q ${w.spn}`],
    fix: setSpn,
  },
  {
    id: "tgs-c-unknown",
    codes: [6],
    title: "The client's account is gone",
    specs: ["RFC 4120 section 7.5.9"],
    causes: () => [
      "the account was deleted or renamed since it signed on",
      "the user named in an S4U request is not known",
    ],
    confirm: (w) => [`Get-ADUser ${w.user}`],
    fix: () => ["log on again with the current name"],
  },
  {
    id: "tgs-svc-unavailable",
    codes: [29],
    title: "The KDC is not ready",
    specs: ["RFC 4120 section 7.5.9"],
    causes: () => [
      "the domain controller starts or shuts down",
      "a read-only domain controller cannot reach a writable one",
    ],
    confirm: (w) => [`nltest /dsgetdc:${w.domain} /force /kdc`],
    fix: () => ["use another domain controller, restore this one"],
  },
  {
    id: "tgs-generic",
    codes: [60],
    title: "The KDC failed for a reason outside the protocol's numbers",
    specs: ["RFC 4120 section 7.5.9"],
    causes: () => ["read the text of the error and the KDC's log"],
    confirm: (w) => [`the log of ${w.kdc}`],
    fix: () => ["according to the KDC's log"],
  },
  {
    id: "tgs-badoption",
    codes: [13],
    title: "The KDC refuses an option of the request",
    specs: ["RFC 4120 section 3.3.3"],
    causes: () => [
      "renewal of a ticket that cannot be renewed",
      "a forwarded ticket was asked for and is not allowed",
      "the account may not delegate",
    ],
    confirm: () => ["klist"],
    fix: () => ["klist purge    (then log on again)"],
  },
];

function toRule(entry: TgsRefusal): Rule {
  return {
    id: entry.id,
    severity: "error",
    title: entry.title,
    specs: entry.specs,
    check(story) {
      const refused = refusedQuest(story);
      if (!refused || !entry.codes.includes(refused.error.errorCode)) return null;
      return refusedHit(refused, "", entry.causes(refused));
    },
    advise: (w): Advice => ({ causes: [], confirm: entry.confirm(w), fix: entry.fix(w) }),
  };
}

/** KRB-ERRORs that answer a TGS-REQ: step 6. */
export const ticketRules: readonly Rule[] = [
  wrongRealm,
  afterReferral,
  forAddress,
  withPort,
  reverse,
  alias,
  shortName,
  unknown,
  ...table.map(toRule),
];
