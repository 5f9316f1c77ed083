import type { DnsLookup } from "../../correlate/evidence.ts";
import { hostOf } from "../../correlate/names.ts";
import { framesOfSearch, spellDcs, wordOfDc } from "../dc-words.ts";
import { framesOfLookups } from "../evidence-frames.ts";
import type { Rule } from "../rule.ts";

const noRecords: Rule = {
  id: "loc-kdc-realm",
  severity: "error",
  ends: ["no-tgs-req", "kdc-unreachable"],
  title: "The client finds no KDC for its realm",
  specs: ["RFC 4120 section 7.2.3.2", "RFC 2782"],
  check(story) {
    if (story.why?.what !== "no-tgs-req" && story.why?.what !== "kdc-unreachable") return null;
    const failed = story.kdcTrouble.lookups.filter((lookup) => (lookup.response?.message.answers.length ?? 0) === 0);
    const services = failed.filter((lookup) => lookup.type === "SRV");
    if (services.length === 0 || failed.length < story.kdcTrouble.lookups.length) return null;
    const names = [...new Set(services.map((lookup) => lookup.name))].join(", ");
    return {
      detail: `DNS has no ${names}: without these records the client does not know whom to ask for a ticket.`,
      frames: framesOfLookups(failed),
    };
  },
  advise: (w) => ({
    causes: [
      "the SRV records are missing, or the client asks a DNS server without the zone",
      "the realm is wrong: spelling, [domain_realm]",
    ],
    confirm: [`nslookup -type=SRV _kerberos._tcp.${w.domain} ${w.dns}`, `nltest /dsgetdc:${w.domain} /force /kdc`],
    fix: ["nltest /dsregdns    (on the domain controller)", "or name the KDC in krb5.conf: kdc = <domain controller>"],
  }),
};

const staleRecords: Rule = {
  id: "loc-srv-stale",
  severity: "error",
  ends: ["no-tgs-req", "kdc-unreachable"],
  title: "DNS names a KDC that has no address",
  specs: ["RFC 2782"],
  check(story) {
    if (story.why?.what !== "no-tgs-req" && story.why?.what !== "kdc-unreachable") return null;
    const answered = story.kdcTrouble.lookups.filter((lookup) => targetsOf(lookup).length > 0);
    const targets = new Set(answered.flatMap(targetsOf));
    const dead = story.kdcTrouble.targets.filter((lookup) => targets.has(lookup.name));
    if (dead.length === 0 || [...targets].some((name) => story.naming.isResolved(name))) return null;
    return {
      detail: `The SRV records point to ${[...targets].join(", ")}, for which DNS has no address.`,
      frames: [...framesOfLookups(answered), ...framesOfLookups(dead)],
    };
  },
  advise: (w) => ({
    causes: ["a retired domain controller was left in DNS", "the host record of the domain controller is missing"],
    confirm: [`nltest /dclist:${w.domain}`, `nslookup -type=SRV _kerberos._tcp.${w.domain} ${w.dns}`],
    fix: ["remove the stale SRV records", "nltest /dsregdns    (on the domain controller)"],
  }),
};

/** Hosts that an SRV answer names: `priority weight port target`. */
function targetsOf(lookup: DnsLookup): string[] {
  const records = lookup.response?.message.answers.filter((answer) => answer.type === "SRV") ?? [];
  return records.map((answer) => hostOf(answer.data.split(" ").at(-1) ?? ""));
}

const noController: Rule = {
  id: "loc-cldap-silent",
  severity: "error",
  about: ["lost-search"],
  title: "The client found no domain controller to ask for a ticket",
  specs: ["MS-ADTS 6.3.3"],
  check(story) {
    const lost = story.lostSearch;
    if (!lost) return null;
    return {
      detail: `Around this login the client looked for a domain controller of ${lost.search.domain || "its domain"} and found none: it pinged ${spellDcs(story, lost.dcs)} over UDP port 389 without a good answer. No TGS-REQ was sent.`,
      frames: framesOfSearch(lost),
    };
  },
  advise: (w, story) => ({
    causes: [
      "a firewall or VPN drops UDP 389 between the client and the domain controllers",
      "the domain controllers that DNS names are down or are none any more",
    ],
    confirm: [
      `portqry -n ${wordOfDc(story, story.lostSearch?.dcs[0])} -e 389 -p udp`,
      `nltest /dsgetdc:${w.domain} /force /kdc`,
    ],
    fix: [`allow UDP 389 from ${w.client} to every domain controller, and the answers back; UDP and TCP 53 and 88 too`],
  }),
};

/** What a client meets that looks for a KDC. */
export const locatorRules: readonly Rule[] = [noRecords, staleRecords, noController];
