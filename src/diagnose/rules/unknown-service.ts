import { firstLabel, isAddress, isTicketGranting, splitSpn } from "../../correlate/names.ts";
import type { Story } from "../../correlate/story.ts";
import { clientSpns } from "../client-spns.ts";
import type { Rule } from "../rule.ts";
import { namesOf } from "../service-names.ts";
import { isWeb } from "../service-words.ts";
import type { Words } from "../words.ts";
import { shellWord } from "../words.ts";
import { fileServerUnknown, namedServiceRules } from "./named-services.ts";
import { refusedHit, refusedQuest, S_PRINCIPAL_UNKNOWN, unknownService } from "./refused-quest.ts";

const findSpn = (w: Words) => [`setspn -Q ${w.spn}`, `setspn -F -Q */${w.host}`, "setspn -X -F", `klist get ${w.spn}`];
/** The names that other kinds of client would ask for by the same URL, each with who does. */
function otherClients(w: Words, story: Story): string[] {
  if (!isWeb(story) || story.service.spn === undefined) return [];
  const asked = splitSpn(story.service.spn).host;
  const rows = clientSpns(namesOf(story)).filter(({ host }) => host !== asked);
  return rows.map(
    ({ host, clients }) => `setspn -Q ${w.service.spnClass}/${shellWord(host)}    (asked for by ${clients})`,
  );
}

/** Registers the name asked for. */
export const setSpn = (w: Words) => [`setspn -S ${w.spn} <service account>`];

const wrongRealm: Rule = {
  id: "tgs-wrong-realm",
  severity: "error",
  ends: ["tgs-refused"],
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
    causes: [`the ${w.service.locator} names the server by its address`],
    confirm: [`setspn -Q ${w.spn}`],
    fix: [
      `use the server's name in the ${w.service.locator}`,
      `setspn -S ${w.spn} <service account>    (with TryIPSPN=1 on the clients)`,
    ],
  }),
);

/** Of two lines with the same command the first, which says more. */
function distinct(lines: readonly string[]): string[] {
  const command = (line: string) => line.split("    (")[0];
  return lines.filter((line, at) => lines.findIndex((other) => command(other) === command(line)) === at);
}

const withPort = unknownService(
  "tgs-spn-port",
  "The client put the port into the SPN",
  ({ quest }) => (quest.spn.port === null ? null : `The name asked for carries port ${quest.spn.port}.`),
  (w, story) => ({
    causes: ["the client is set to add the port, and only the name without it is registered"],
    confirm: [`setspn -Q ${w.spn}`, `setspn -Q ${w.hostSpn}`, ...otherClients(w, story)],
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
      confirm: distinct([
        ...otherClients(w, story),
        `setspn -Q ${w.hostSpn}`,
        `setspn -Q ${w.service.spnClass}/${target}`,
      ]),
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
  (w, story) => ({
    causes: ["the PTR record is wrong or shared, and the client trusts it"],
    confirm: [`nslookup ${w.address} ${w.dns}`, ...otherClients(w, story)],
    fix: ["rdns = false    (krb5.conf, [libdefaults])", "or correct the PTR record"],
  }),
);

const shortName = unknownService(
  "tgs-spn-short",
  "The SPN asked for is a short name that is not registered",
  ({ quest }) =>
    quest.spn.host !== "" && firstLabel(quest.spn.host) === quest.spn.host ? "The name has no domain." : null,
  (w, story) => ({
    causes: [`the ${w.service.locator} uses the short name, and only the full name is registered`],
    confirm: [`setspn -Q ${w.spn}`, ...otherClients(w, story)],
    fix: [`setspn -S ${w.spn} <service account>`, `or use the full name in the ${w.service.locator}`],
  }),
);

const unknown = unknownService(
  "tgs-s-unknown",
  "The service principal name is not registered",
  () => "",
  (w, story) => ({
    causes: [
      "the SPN is not registered on any account",
      "the SPN is registered on two accounts (Windows KDCs often answer the same for duplicates)",
      "the client built another name than the one that is registered (alias, short name, port)",
      "the service is in another forest, and its suffix is not routed",
    ],
    confirm: [...findSpn(w), ...otherClients(w, story)],
    fix: [
      ...setSpn(w),
      `setspn -S ${w.service.spnClass}/${w.shortHost} <service account>`,
      `setspn -D ${w.spn} <wrong account>    (a duplicate)`,
    ],
  }),
);

/** Why a KDC does not know the name asked for: what is special about the name stands before the plain case. */
export const unknownServiceRules: readonly Rule[] = [
  wrongRealm,
  afterReferral,
  ...namedServiceRules,
  forAddress,
  withPort,
  reverse,
  alias,
  shortName,
  fileServerUnknown,
  unknown,
];
