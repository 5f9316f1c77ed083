import { rcodeName } from "../../../dissectors/dns/codes.ts";
import { deadTargets, srvTargets } from "../../correlate/locator.ts";
import type { PingedDc } from "../../correlate/locator-fates.ts";
import { NONE, those } from "../../correlate/order.ts";
import type { Story } from "../../correlate/story.ts";
import { ERROR_1355, failed, having, testsOf } from "../dc-failed.ts";
import { framesOfDcs, framesOfSearch, spellDcs, wordOfDc } from "../dc-words.ts";
import { framesOfLookups } from "../evidence-frames.ts";
import type { Advice, Hit, Rule } from "../rule.ts";
import type { Words } from "../words.ts";
import { empty, noKdcFlag, notKdc, passedOver, paused, unknownUser, wrongSite } from "./dc-answers.ts";

const PING = "MS-ADTS 6.3.3";

const noRecords: Rule = {
  id: "loc-srv-nxdomain",
  severity: "error",
  about: ["locator"],
  title: "DNS names no domain controller",
  specs: ["MS-ADTS 6.3.2.3", "RFC 2782"],
  check(story) {
    if (story.why?.what !== "dc-not-in-dns" || !story.locator) return null;
    const lookups = story.locator.search.records.map(({ lookup }) => lookup);
    const last = lookups.findLast((lookup) => lookup.response !== null);
    const rcode = last?.response?.message.rcode ?? 0;
    const names = [...new Set(lookups.map(({ name }) => name))].join(", ");
    const servers = [...new Set(lookups.map(({ server }) => server))].join(", ");
    const said = rcode === 0 ? "has no SRV record for" : `answered ${rcodeName(rcode)} (RCODE ${rcode}) for`;
    return {
      detail: `${servers} ${said} ${names}: the client does not learn of any domain controller. ${ERROR_1355}`,
      frames: framesOfLookups(lookups),
      code: { protocol: "dns", number: rcode, name: rcodeName(rcode).toUpperCase() },
    };
  },
  advise: (w) => ({
    causes: [
      "the client asks a DNS server that does not hold the zone of the domain",
      "the domain controllers have not registered their SRV records",
      "the name of the domain is wrong",
    ],
    confirm: [
      `nslookup -type=SRV _ldap._tcp.dc._msdcs.${w.domain} ${w.dns}`,
      `nltest /dsgetdc:${w.domain} /force /kdc`,
      "ipconfig /all    (are the DNS servers domain controllers?)",
    ],
    fix: [
      "Set-DnsClientServerAddress -InterfaceAlias <interface> -ServerAddresses <domain controller>",
      "nltest /dsregdns    (on the domain controller)",
      "Restart-Service Netlogon    (on the domain controller, when that is not enough)",
    ],
  }),
};

/** What a client asked NetBIOS in place of DNS. */
function netbiosHit(story: Story, consequence: string): Hit | null {
  const calls = story.locator?.search.calls ?? [];
  if (calls.length === 0) return null;
  const frames = calls.flatMap(({ queries, answer }) => [...queries.map((o) => o.frame), answer?.frame ?? []].flat());
  if (frames.length === 0 || story.locator?.search.records.length !== 0) return null;
  const names = [...new Set(calls.map(({ domain }) => domain))].join(", ");
  return { detail: `The client asked by NetBIOS for ${names}, and DNS for no SRV record. ${consequence}`, frames };
}

const netbiosAdvice = (w: Words): Advice => ({
  causes: [
    "the domain is called by its NetBIOS name, and the client knows no DNS name for it",
    "NetBIOS is off: it is blocked for this purpose from Windows Server 2025 on (policy BlockNetBIOSDiscovery)",
  ],
  confirm: [
    `nltest /dsgetdc:${w.host} /force /netbios`,
    "reg query HKLM\\SOFTWARE\\Policies\\Microsoft\\Netlogon\\Parameters /v BlockNetBIOSDiscovery",
  ],
  fix: ["use the DNS name of the domain: nltest /dsgetdc:<domain>.<suffix> /force"],
});

const netbiosOnly: Rule = {
  id: "loc-netbios-only",
  severity: "error",
  about: ["locator"],
  title: "The domain controller is looked for by NetBIOS only",
  specs: ["RFC 1002", "MS-ADTS 6.3.5"],
  check: (story) => (story.why?.what === "dc-by-netbios" ? netbiosHit(story, `Nobody answered. ${ERROR_1355}`) : null),
  advise: netbiosAdvice,
};

const netbiosUsed: Rule = {
  id: "loc-netbios-only",
  severity: "warning",
  about: ["locator", "ok"],
  title: "The domain controller was found by NetBIOS",
  specs: ["RFC 1002", "MS-ADTS 6.3.5"],
  check(story) {
    const hit = netbiosHit(story, "On newer systems that fails.");
    return hit ? { ...hit, step: 1 } : null;
  },
  advise: netbiosAdvice,
};

function staleAdvice(w: Words): Advice {
  return {
    causes: ["a retired domain controller was left in DNS", "the host record of the domain controller is missing"],
    confirm: [`nltest /dclist:${w.domain}`, `nslookup -type=SRV _ldap._tcp.dc._msdcs.${w.domain} ${w.dns}`],
    fix: [
      "remove the stale SRV records, and the metadata of the retired controller",
      "nltest /dsregdns    (on a controller whose host record is missing)",
    ],
  };
}

/** Which targets the SRV records name in vain, and where. */
function staleHit(story: Story, dead: readonly string[], consequence: string): Hit | null {
  if (!story.locator || dead.length === 0) return null;
  const { records, hosts } = story.locator.search;
  const naming = records.map(({ lookup }) => lookup).filter((one) => srvTargets(one).some((t) => dead.includes(t)));
  return {
    detail: `The SRV records name ${dead.join(", ")}, for which DNS has no address. ${consequence}`.trimEnd(),
    frames: framesOfLookups([...naming, ...hosts.filter(({ name }) => dead.includes(name))]),
  };
}

const staleRecords: Rule = {
  id: "loc-srv-stale",
  severity: "error",
  about: ["locator"],
  title: "The domain controllers that DNS names have no address",
  specs: ["RFC 2782"],
  check(story) {
    if (story.why?.what !== "dc-without-address" || !story.locator) return null;
    return staleHit(story, deadTargets(story.locator.search), `There is nobody to ping. ${ERROR_1355}`);
  },
  advise: staleAdvice,
};

const someStale: Rule = {
  id: "loc-srv-stale",
  severity: "warning",
  about: ["locator"],
  title: "Some domain controllers that DNS names have no address",
  specs: ["RFC 2782"],
  check(story) {
    if (story.why?.what === "dc-without-address" || !story.locator) return null;
    const hit = staleHit(story, deadTargets(story.locator.search), "");
    return hit ? { ...hit, step: 2 } : null;
  },
  advise: staleAdvice,
};

const silentOthers: Rule = {
  id: "loc-srv-stale",
  severity: "info",
  about: ["locator", "ok"],
  title: "Another domain controller answered; this one did not",
  specs: [PING],
  check(story) {
    const mute = those(story.locator?.dcs ?? NONE, isMute);
    if (mute.length === 0) return null;
    return { detail: `No answer came from ${spellDcs(story, mute)}.`, frames: framesOfDcs(mute), step: 4 };
  },
  advise: (w) => ({
    causes: ["it is down, retired, or unreachable over UDP 389 from here"],
    confirm: [`nltest /dclist:${w.domain}`],
    fix: ["start it, open UDP 389 to it, or remove its records from DNS"],
  }),
};

/** A single ping may have come too late to be answered, or to be asked again. */
function isMute({ fate, pings }: PingedDc): boolean {
  return fate === "rejected" || (fate === "silent" && pings.some(({ queries }) => queries.length > 1));
}

const silent: Rule = {
  id: "loc-cldap-silent",
  severity: "error",
  about: ["locator"],
  title: "No domain controller answers the LDAP-UDP ping",
  specs: [PING],
  check(story) {
    const locator = failed(story);
    const mute = having(locator?.dcs ?? [], "silent");
    if (!locator || locator.dcs.some(({ fate }) => fate !== "silent" && fate !== "rejected") || mute.length === 0) {
      return null;
    }
    const pings = mute.flatMap((dc) => dc.pings).reduce((sum, { queries }) => sum + queries.length, 0);
    const rejected = having(locator.dcs, "rejected");
    const beside = rejected.length === 0 ? "" : ` ICMP says that ${spellDcs(story, rejected)} cannot be reached.`;
    return {
      detail: `${pings} ${pings === 1 ? "ping" : "pings"} to ${spellDcs(story, mute)}, UDP port 389, and no answer.${beside} ${ERROR_1355}`,
      frames: framesOfDcs(locator.dcs),
    };
  },
  advise: (w, story) => {
    const dc = wordOfDc(story, story.locator?.dcs[0]);
    return {
      causes: [
        "a firewall or VPN drops UDP 389 between the client and the domain controllers; TCP to them may work",
        "the domain controllers are down",
        "DNS names addresses that are no longer those of domain controllers",
      ],
      confirm: [`portqry -n ${dc} -e 389 -p udp`, ...testsOf(w), `Test-NetConnection ${dc} -Port 389    (TCP only)`],
      fix: [
        `allow UDP 389 from ${w.client} to every domain controller, and the answers back; UDP and TCP 53 and 88 too`,
      ],
    };
  },
};

const rejected: Rule = {
  id: "loc-cldap-icmp",
  severity: "error",
  about: ["locator"],
  title: "The LDAP-UDP ping is rejected with ICMP",
  specs: ["RFC 792", "RFC 4443"],
  check(story) {
    const locator = failed(story);
    if (!locator || locator.dcs.some(({ fate }) => fate !== "rejected")) return null;
    const errors = locator.dcs.flatMap(({ pings }) => pings.flatMap(({ unreachable }) => unreachable ?? []));
    const said = [...new Set(errors.map(({ code, from }) => `code ${code} from ${from}`))].join(", ");
    return {
      detail: `The pings to ${spellDcs(story, locator.dcs)}, UDP port 389, were answered with ICMP unreachable (${said}). ${ERROR_1355}`,
      frames: framesOfDcs(locator.dcs),
    };
  },
  advise: (w, story) => {
    const dc = wordOfDc(story, story.locator?.dcs[0]);
    return {
      causes: [
        "nothing listens on UDP 389 there: the host is no domain controller, or its directory service is stopped",
        "a firewall rejects UDP 389",
        "a router has no way to that host",
      ],
      confirm: [`portqry -n ${dc} -e 389 -p udp`, ...testsOf(w), "Get-Service NTDS    (on the domain controller)"],
      fix: ["correct the DNS records that name this host", `allow UDP 389 from ${w.client} to ${dc}`],
    };
  },
};

const noPing: Rule = {
  id: "cap-no-cldap",
  severity: "warning",
  about: ["locator", "gap"],
  title: "No LDAP-UDP ping follows the look-ups",
  specs: [PING],
  check(story) {
    if (story.missing !== "no-ping" || !story.locator) return null;
    return {
      detail:
        "DNS was asked for domain controllers, and the capture holds no ping of this client: filtered out, sent from another interface, or the question was not the locator's.",
      frames: framesOfSearch(story.locator),
    };
  },
  advise: (w) => ({
    causes: [],
    confirm: [],
    fix: [`nltest /dsgetdc:${w.domain} /force    (with the capture running, UDP 389 included)`],
  }),
};

/** The search for a domain controller: SRV records, pings and their answers. */
export const dcLocatorRules: readonly Rule[] = [
  netbiosOnly,
  noRecords,
  staleRecords,
  unknownUser,
  paused,
  notKdc,
  empty,
  rejected,
  silent,
  someStale,
  noKdcFlag,
  netbiosUsed,
  wrongSite,
  noPing,
  silentOthers,
  passedOver,
];
