import type { DnsLookup } from "../../correlate/evidence.ts";
import { hostOf } from "../../correlate/names.ts";
import { framesOfLookups } from "../evidence-frames.ts";
import type { Rule } from "../rule.ts";

const noRecords: Rule = {
  id: "loc-kdc-realm",
  severity: "error",
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
  title: "DNS names a KDC that has no address",
  specs: ["RFC 2782"],
  check(story) {
    if (story.why?.what !== "no-tgs-req" && story.why?.what !== "kdc-unreachable") return null;
    const answered = story.kdcTrouble.lookups.filter((lookup) => targetsOf(lookup).length > 0);
    const targets = new Set(answered.flatMap(targetsOf));
    const dead = story.kdcTrouble.targets.filter((lookup) => targets.has(lookup.name));
    if (dead.length === 0 || [...targets].some((name) => story.naming.addressesOf(name).size > 0)) return null;
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

/** What DNS tells a client that looks for a KDC. */
export const locatorRules: readonly Rule[] = [noRecords, staleRecords];
