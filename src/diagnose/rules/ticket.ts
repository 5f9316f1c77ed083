import { nt } from "../../../dissectors/erref/codes.ts";
import type { Rule } from "../rule.ts";
import { ALLOW, accountFix } from "./account-fixes.ts";
import type { Refusal } from "./refusal-rule.ts";
import { refusalRules } from "./refusal-rule.ts";
import { etypeList, resync } from "./refusals.ts";
import type { RefusedQuest } from "./refused-quest.ts";
import { errorOfQuest, refusedHit, refusedQuest } from "./refused-quest.ts";
import { setSpn, unknownServiceRules } from "./unknown-service.ts";

const RFC4120 = "RFC 4120 section 3.3.3";

function offered(etypes: string): string {
  if (etypes === "") return "the client offers no type that the service account allows";
  return `the client offers ${etypes}, the service account allows none of that`;
}

/** Other KRB-ERRORs that answer a TGS-REQ, each with what we believe of it. */
const table: readonly Refusal<RefusedQuest>[] = [
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
      offered(etypeList(request?.etypes ?? [])),
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
    fix: () => resync,
  },
  {
    id: "tgs-tkt-expired",
    codes: [32],
    title: "The ticket presented to the KDC has expired",
    specs: [RFC4120],
    causes: () => ["the TGT ended and was not renewed (long-running service, sleep)", "a clock is wrong"],
    confirm: () => ["klist", "klist tgt"],
    fix: () => ["klist purge    (then log on again)", "kinit -R    (services; or k5start)"],
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
    fix: (w, refused) =>
      refused?.error.ntStatus === nt.AUTHENTICATION_FIREWALL_FAILED ? [ALLOW] : [`Enable-ADAccount ${w.user}`, ALLOW],
  },
  {
    id: "tgs-client-revoked",
    codes: [1, 18, 21],
    title: "The account was disabled, locked or expired after it signed on",
    specs: ["MS-KILE section 3.3.5.7"],
    causes: () => ["the account is disabled, locked or expired; the TGT is older"],
    confirm: (w) => [`Get-ADUser ${w.user} -Properties Enabled,LockedOut,AccountExpirationDate`],
    fix: (w, refused) => [...accountFix(w, refused?.error ?? null), "then log on again"],
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
    causes: ({ request }) => [
      ...(request ? [] : ["the account may not delegate (the request, which would say, is not in the capture)"]),
      "renewal of a ticket that cannot be renewed",
      "a forwarded ticket was asked for and is not allowed",
      ...(request ? ["the account may not delegate"] : []),
    ],
    confirm: () => ["klist"],
    fix: () => ["klist purge    (then log on again)"],
  },
];

/** KRB-ERRORs that answer a TGS-REQ: step 6. */
export const ticketRules: readonly Rule[] = [
  ...unknownServiceRules,
  ...refusalRules({ ends: ["tgs-refused"] }, table, errorOfQuest, refusedQuest, refusedHit),
];
