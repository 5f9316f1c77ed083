import type { KrbError } from "../../../dissectors/kerberos/message.ts";
import type { Attempt } from "../../correlate/attempts.ts";
import type { Story } from "../../correlate/story.ts";
import { framesOfAttempt } from "../evidence-frames.ts";
import type { Hit, Rule } from "../rule.ts";
import { type ServiceWords, serviceWords } from "../service-words.ts";
import type { Words } from "../words.ts";
import type { PresentedTicket } from "./presented-ticket.ts";
import { ageWords, otherKeyFrames, otherKeyWords, presentedTicket, versionCauses } from "./presented-ticket.ts";
import type { Refusal } from "./refusal-rule.ts";
import { refusalRules } from "./refusal-rule.ts";
import { aboutTime, clockWords, kerberosCode, spell } from "./refusals.ts";
import {
  keyConfirm,
  keyFix,
  NEW_KEYTAB,
  refusedAttempt,
  ticketWords,
  typeCauses,
  typeConfirm,
  typeFix,
} from "./refused-token.ts";

interface RefusedToken {
  readonly attempt: Attempt;
  readonly error: KrbError;
  readonly presented: PresentedTicket;
  readonly spoken: ServiceWords;
}

const refusalOf = (story: Story): KrbError | null => refusedAttempt(story)?.error ?? null;

function refusedToken(story: Story): RefusedToken | null {
  const attempt = refusedAttempt(story);
  if (!attempt?.error) return null;
  return { attempt, error: attempt.error, presented: presentedTicket(story, attempt), spoken: serviceWords(story) };
}

/** What a ticket from the client's cache makes likelier than everything else. */
const OLD_TICKET = "the service's key was changed after the client got its ticket: the ticket is of the old key";
const PURGE = "klist purge    (on the client: get a new ticket)";
const isCached = (seen: RefusedToken | null) => seen?.presented.age === "cached";
const oldTicketFirst = (seen: RefusedToken, causes: readonly string[]) =>
  isCached(seen) ? [OLD_TICKET, ...causes] : causes;
const purgeFirst = (w: Words, seen: RefusedToken | null) => (isCached(seen) ? [PURGE, ...keyFix(w)] : keyFix(w));

const clockConfirm = (w: Words) => [
  `w32tm /stripchart /computer:${w.host} /samples:5 /dataonly`,
  `w32tm /stripchart /computer:${w.kdc} /samples:5 /dataonly`,
];
const clockFix = (w: Words) => [
  `w32tm /resync /rediscover    (on the ${w.service.server})`,
  "chronyc makestep    (Linux)",
];

/** What MIT writes into the text of a KRB_ERR_GENERIC: “Encryption type aes256-cts not permitted”. */
const ABOUT_TYPES = /encryption type|enctype/i;

/** KRB-ERRORs with which a service answers an AP-REQ. RFC 4120 sections 3.2.3 and 7.5.9. */
const table: readonly Refusal<RefusedToken>[] = [
  {
    id: "ap-kvno",
    codes: [31, 41],
    fits: ({ presented }) => presented.otherVersion !== null,
    title: "The service works with another key version than that of the ticket",
    specs: ["RFC 4120 section 3.2.3"],
    causes: ({ presented, attempt }) => versionCauses(presented, attempt),
    confirm: keyConfirm,
    fix: () => [PURGE, NEW_KEYTAB, "setspn -X -F    (is the SPN on two accounts?)"],
  },
  {
    id: "ap-etype-server",
    codes: [14, 31, 41, 44, 45, 60],
    fits: ({ error, presented }) =>
      error.errorCode === 14 ||
      (error.errorCode === 60 ? ABOUT_TYPES.test(error.etext ?? "") : presented.otherType !== null),
    title: "The service has no key of the ticket's encryption type, or does not allow it",
    specs: ["RFC 4120 section 3.1.3"],
    causes: () => typeCauses,
    confirm: typeConfirm,
    fix: typeFix,
  },
  {
    id: "ap-modified",
    codes: [41],
    title: "The service cannot decrypt the ticket",
    specs: ["RFC 4120 section 3.2.3"],
    causes: (seen) => oldTicketFirst(seen, seen.spoken.wrongKey),
    confirm: keyConfirm,
    fix: purgeFirst,
  },
  {
    id: "ap-bad-integrity",
    codes: [31],
    title: "The service's key does not fit the ticket",
    specs: ["RFC 4120 section 3.2.3"],
    causes: (seen) =>
      oldTicketFirst(seen, [
        "the SPN is on another account than the one whose key the service has; the key version fits by chance",
        "the password was set again without a new keytab, or the keytab was made with a wrong salt or password",
        "the SPN is registered twice",
      ]),
    confirm: keyConfirm,
    fix: purgeFirst,
  },
  {
    id: "ap-kvno",
    codes: [44],
    title: "The service does not have the key version of the ticket",
    specs: ["RFC 4120 section 3.2.3"],
    causes: ({ presented, attempt }) => {
      const causes = versionCauses(presented, attempt);
      if (causes.length > 0) return causes;
      return presented.age === "fresh"
        ? [
            "the keytab is older than the account's password",
            "the SPN moved to an account with another key version",
            "the keytab lacks this encryption type",
          ]
        : [OLD_TICKET, "the keytab is older than the account's password"];
    },
    confirm: keyConfirm,
    fix: (_, seen) => (seen?.presented.age === "fresh" ? [NEW_KEYTAB, PURGE] : [PURGE, NEW_KEYTAB]),
  },
  {
    id: "ap-nokey",
    codes: [45],
    title: "The service has no key",
    specs: ["RFC 4120 section 3.2.3"],
    causes: () => [
      "the keytab is missing, empty, or unreadable for the service's user",
      "the keytab has no key for the configured principal",
    ],
    confirm: () => ["klist -ke", "ls -l <keytab>"],
    fix: () => ["add the principal and encryption type to the keytab, and let the service read it"],
  },
  {
    id: "ap-not-us",
    codes: [35],
    title: "The ticket is for another service",
    specs: ["RFC 4120 section 3.2.3"],
    causes: () => [
      "the keytab does not hold the ticket's principal (host name, alias)",
      "the service accepts one principal only, and it is another",
    ],
    confirm: keyConfirm,
    fix: (w) => [`add ${w.spn} to the keytab, or let the service accept every principal of its keytab`],
  },
  {
    id: "ap-skew",
    codes: [37],
    title: "The service's clock disagrees with the client's",
    specs: ["RFC 4120 section 3.2.3"],
    causes: ({ presented: { age }, spoken: { server } }) =>
      age === "fresh"
        ? [`the ${server}'s clock is wrong: the KDC accepted the client's time a moment ago`]
        : [
            `the ${server}'s clock is wrong`,
            "the client's clock is wrong (the ticket is from its cache, so no KDC has vouched for it)",
          ],
    confirm: clockConfirm,
    fix: clockFix,
  },
  {
    id: "ap-tkt-expired",
    codes: [32],
    title: "The service finds the ticket expired",
    specs: ["RFC 4120 section 3.2.3"],
    causes: ({ presented: { age }, spoken: { server } }) =>
      age === "fresh"
        ? [`the ${server}'s clock is ahead: the ticket was issued a moment ago`]
        : ["a stale ticket from the client's cache", `the ${server}'s clock is ahead`],
    confirm: (w) => ["klist", ...clockConfirm(w)],
    fix: (w) => [...clockFix(w), "klist purge    (on the client)"],
  },
  {
    id: "ap-tkt-nyv",
    codes: [33],
    title: "The service finds the ticket not yet valid",
    specs: ["RFC 4120 section 3.2.3"],
    causes: ({ spoken: { server } }) => [
      `the ${server}'s clock is behind the KDC's by more than the tolerance`,
      "the KDC's clock is ahead of everybody's",
      "a post-dated ticket",
    ],
    confirm: clockConfirm,
    fix: clockFix,
  },
  {
    id: "ap-repeat",
    codes: [34],
    title: "The service has seen this authenticator before",
    specs: ["RFC 4120 section 3.2.3"],
    causes: () => [
      "a proxy or client sent the same token twice",
      "a replay cache shared behind NAT or a load balancer",
      "a real replay",
    ],
    confirm: () => ["compare the tokens of the requests"],
    fix: () => ["make the client build a token per request", "one replay cache per node"],
  },
  {
    id: "ap-badaddr",
    codes: [38],
    title: "The ticket is bound to another address",
    specs: ["RFC 4120 section 3.2.3"],
    causes: () => ["the ticket holds addresses, and NAT changed the client's"],
    confirm: () => ["klist -a"],
    fix: () => ["noaddresses = true    (krb5.conf)"],
  },
  {
    id: "ap-mutual",
    codes: [46],
    title: "Mutual authentication failed",
    specs: ["RFC 4120 section 7.5.9"],
    causes: () => [
      "the server proved another identity than the client wanted",
      "something between changed the exchange",
    ],
    confirm: (w) => [`setspn -Q ${w.spn}`],
    fix: () => ["check proxies between client and server"],
  },
  {
    id: "tgs-path",
    codes: [51],
    title: "The service does not accept the path over the trusts",
    specs: ["RFC 4120 section 2.7"],
    causes: () => ["[capaths] of the service do not fit the trusts"],
    confirm: () => ["nltest /domain_trusts"],
    fix: () => ["correct [capaths]"],
  },
  {
    id: "ap-generic",
    codes: [60],
    title: "The service failed for a reason outside the protocol's numbers",
    specs: ["RFC 4120 section 7.5.9"],
    causes: () => [
      "an encryption type the service does not permit, a wrong principal, an invalid ticket: read the text of the error and the service's log",
    ],
    confirm: () => ["the service's log, with KRB5_TRACE set"],
    fix: () => ["according to the log"],
  },
];

/** Codes for which it matters where the ticket came from: times and keys. */
const ABOUT_ORIGIN: readonly number[] = [...aboutTime, 31, 41, 44, 45];

function tell({ attempt, error, presented }: RefusedToken): Hit {
  const clock = aboutTime.includes(error.errorCode) ? clockWords(error, attempt.exchange.response?.time) : "";
  const origin = ABOUT_ORIGIN.includes(error.errorCode) ? `${ageWords(presented)}${otherKeyWords(presented)}` : "";
  return {
    detail: `The service answered the token with ${spell(error)}.${clock}${ticketWords(attempt)}${origin}`,
    frames: [...framesOfAttempt(attempt), ...(origin === "" ? [] : otherKeyFrames(presented))],
    code: kerberosCode(error),
  };
}

/** What a KRB-ERROR in answer to the token says: step 8. */
export const tokenCodeRules: readonly Rule[] = refusalRules(
  { ends: ["ap-refused"] },
  table,
  refusalOf,
  refusedToken,
  tell,
);
