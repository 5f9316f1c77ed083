import type { DnsLookup, KdcExchange } from "../../correlate/evidence.ts";
import { hostOf } from "../../correlate/names.ts";
import type { Story } from "../../correlate/story.ts";
import {
  framesOfExchange,
  framesOfFailures,
  framesOfLookups,
  framesOfQuest,
  framesOfSignOn,
} from "../evidence-frames.ts";
import type { Hit, Rule } from "../rule.ts";
import type { Words } from "../words.ts";
import { shellWord } from "../words.ts";

/** The exchanges that a KDC left unanswered, where that is why the story diverged. */
function silentExchanges(story: Story): readonly KdcExchange[] | null {
  const why = story.why;
  if (why?.what === "tgs-silent") return why.quest.exchanges;
  if (why?.what === "as-silent") return why.signOn.exchanges;
  const stopped = why?.what === "kdc-unreachable" || why?.what === "no-tgs-req";
  if (stopped && story.signOn && !story.signOn.issued && !story.signOn.error && isSilent(story.signOn.exchanges)) {
    return story.signOn.exchanges;
  }
  return null;
}

function isSilent(exchanges: readonly KdcExchange[]): boolean {
  return exchanges.length > 0 && exchanges.every((x) => x.reply === null);
}

const noWay = (story: Story) => story.why?.what === "kdc-unreachable" || story.why?.what === "as-unreachable";

function kdcsOf(story: Story, exchanges: readonly KdcExchange[]): string {
  const addresses = [...exchanges.map((x) => x.kdc), ...story.kdcTrouble.failures.map((f) => f.server.address)];
  return [...new Set(addresses)].join(", ");
}

const tryPort = (w: Words) => [`Test-NetConnection ${w.kdc} -Port 88`, `nltest /dsgetdc:${w.domain} /force /kdc`];

const tooBig: Rule = {
  id: "kdc-52-no-tcp",
  severity: "error",
  title: "The answer needs TCP, and TCP 88 does not work",
  specs: ["RFC 4120 section 7.2.1"],
  check(story) {
    const exchanges = silentOrTooBig(story);
    const told = exchanges.find((x) => x.reply?.message.kind === "KRB-ERROR" && x.reply.message.errorCode === 52);
    const tcp = story.kdcTrouble.failures;
    if (!told || tcp.length === 0) return null;
    return {
      detail: `${told.kdc} said that the answer is too big for UDP (52); the TCP connections that followed failed.`,
      frames: [...framesOfExchange(told), ...framesOfFailures(tcp)],
      code: { protocol: "kerberos", number: 52, name: "KRB_ERR_RESPONSE_TOO_BIG" },
    };
  },
  advise: (w) => ({
    causes: ["a firewall lets UDP 88 pass, but not TCP 88"],
    confirm: [`Test-NetConnection ${w.kdc} -Port 88`],
    fix: [`allow TCP 88 from ${w.client} to ${w.kdc}`],
  }),
};

function silentOrTooBig(story: Story): readonly KdcExchange[] {
  return silentExchanges(story) ?? story.quests.at(-1)?.exchanges ?? story.signOn?.exchanges ?? [];
}

const refusedPort: Rule = {
  id: "kdc-rst",
  severity: "error",
  title: "No KDC runs where the client looks for one",
  specs: ["RFC 9293 section 3.10.7", "RFC 792"],
  check(story) {
    const exchanges = silentExchanges(story);
    if (!exchanges && !noWay(story)) return null;
    const resets = story.kdcTrouble.failures.filter((f) => f.how === "refused");
    const icmp = [...story.kdcTrouble.unreachable.map((u) => u.frame)];
    if (resets.length === 0 && icmp.length === 0) return null;
    if (story.kdcTrouble.failures.some((f) => f.how === "unanswered")) return null;
    if (exchanges?.some((x) => x.reply === null && x.unreachable === null && x.transport === "udp")) return null;
    return {
      detail: `${kdcsOf(story, exchanges ?? [])} refuses port 88 (${said([
        [resets.length, "RST"],
        [icmp.length, "ICMP unreachable"],
      ])}).`,
      frames: [...(exchanges ?? []).flatMap(framesOfExchange), ...framesOfFailures(resets), ...icmp],
    };
  },
  advise: (w) => ({
    causes: [
      "the KDC service is stopped on that host",
      "the client looks for its KDC on a host that is no domain controller (SRV record, krb5.conf)",
    ],
    confirm: [...tryPort(w), "sc.exe query kdc    (on the domain controller)"],
    fix: ["net start kdc    (on the domain controller)", "correct the SRV record or the kdc = line"],
  }),
};

const blocked: Rule = {
  id: "kdc-port-blocked",
  severity: "error",
  title: "The KDC cannot be reached",
  specs: ["RFC 4120 section 7.2"],
  check(story) {
    const exchanges = silentExchanges(story);
    if (!exchanges && !noWay(story)) return null;
    if (exchanges && !isSilent(exchanges)) return null;
    const failures = story.kdcTrouble.failures;
    const silences = noWay(story) ? story.kdcTrouble.silences : [];
    if (failures.length === 0 && silences.length === 0 && story.kdcTrouble.unreachable.length === 0) return null;
    const asked =
      exchanges && exchanges.length > 0
        ? `${count(exchanges.length, "request")} over ${transports(exchanges)} and `
        : "";
    return {
      detail: `${asked}${count(failures.length + silences.length, "connection")} to ${kdcsOf(story, exchanges ?? [])} port 88 got no answer.`,
      frames: [
        ...(exchanges ?? []).flatMap(framesOfExchange),
        ...framesOfFailures(failures),
        ...silences.flatMap((s) => s.frames),
        ...story.kdcTrouble.unreachable.map((u) => u.frame),
      ],
    };
  },
  advise: (w) => ({
    causes: ["a firewall or VPN drops port 88 between client and domain controller", "the domain controller is down"],
    confirm: tryPort(w),
    fix: [`allow TCP 88 and UDP 88 from ${w.client} to ${w.kdc}`],
  }),
};

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function said(parts: readonly (readonly [number, string])[]): string {
  return parts
    .filter(([number]) => number > 0)
    .map(([number, noun]) => `${number} ${noun}`)
    .join(", ");
}

function transports(exchanges: readonly KdcExchange[]): string {
  return [...new Set(exchanges.map((x) => x.transport.toUpperCase()))].sort().join(" and ");
}

const fragments: Rule = {
  id: "kdc-frag",
  severity: "error",
  title: "Fragments of Kerberos messages are lost",
  specs: ["RFC 8900 section 3"],
  check(story) {
    const exchanges = silentExchanges(story);
    if (!exchanges) return null;
    const lost = story.kdcTrouble.lostDatagrams;
    const fragmented = exchanges.filter((x) => x.transport === "udp" && (x.request?.frames.length ?? 0) > 1);
    if (lost.length === 0 && (fragmented.length === 0 || !story.hasKdcTraffic || !answersSmall(story))) return null;
    return {
      detail:
        lost.length > 0
          ? `${lost.length} Kerberos datagrams arrived without all their fragments.`
          : "The request went out in IP fragments and was never answered, while small messages are.",
      frames: [...fragmented.flatMap(framesOfExchange), ...lost.flatMap((d) => d.frames)],
    };
  },
  advise: (w) => ({
    causes: ["a VPN, tunnel or firewall drops IP fragments"],
    confirm: [`ping -f -l 1472 ${w.kdc}`],
    fix: ["udp_preference_limit = 1    (krb5.conf: use TCP)", "MaxPacketSize = 1    (old Windows clients)"],
  }),
};

function answersSmall(story: Story): boolean {
  return story.signOn?.exchanges.some((x) => x.transport === "udp" && x.reply !== null) ?? false;
}

function silence(id: string, title: string, fits: (story: Story) => number[] | null, what: string): Rule {
  return {
    id,
    severity: "error",
    title,
    specs: ["RFC 4120 section 7.2"],
    check(story): Hit | null {
      const frames = fits(story);
      const exchanges = silentExchanges(story);
      if (!frames || !exchanges) return null;
      const count = exchanges.reduce((sum, x) => sum + 1 + x.repeats.length, 0);
      return { detail: `${count} ${what} to ${kdcsOf(story, exchanges)}, no reply.`, frames };
    },
    advise: (w) => ({
      causes: ["the KDC is overloaded or hangs", "UDP fragments or replies are lost on the way", "port 88 is blocked"],
      confirm: tryPort(w),
      fix: ["use another domain controller", "udp_preference_limit = 1    (krb5.conf: use TCP)"],
    }),
  };
}

const tgsSilent = silence(
  "tgs-no-reply",
  "The KDC does not answer the TGS-REQ",
  (story) => (story.why?.what === "tgs-silent" ? framesOfQuest(story.why.quest) : null),
  "TGS-REQ",
);

const asSilent = silence(
  "as-no-reply",
  "The KDC does not answer the AS-REQ",
  (story) => (silentExchanges(story) && story.signOn ? framesOfSignOn(story.signOn) : null),
  "AS-REQ",
);

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

const undelivered: Rule = {
  id: "tcp-not-delivered",
  severity: "error",
  title: "The TGS-REQ never arrived at the KDC",
  specs: ["RFC 9293 section 3.10.7"],
  check(story) {
    if (story.why?.what !== "tgs-undelivered") return null;
    return {
      detail: `The TCP connection to ${story.why.exchange.kdc} was opened, but the request's bytes were never acknowledged.`,
      frames: framesOfExchange(story.why.exchange),
    };
  },
  advise: (w) => ({
    causes: ["large packets disappear on the way (MTU of a VPN or tunnel)", "a stateful device lost the connection"],
    confirm: [`ping -f -l 1472 ${w.kdc}`],
    fix: ["let ICMP “fragmentation needed” pass, or lower the MTU of the tunnel"],
  }),
};

const referralLoop: Rule = {
  id: "tgs-referral-loop",
  severity: "error",
  title: "The realms refer the client to each other",
  specs: ["RFC 6806 section 8"],
  check(story) {
    const why = story.why;
    const quest = why && "quest" in why ? why.quest : null;
    if (!quest || story.divergedAt !== 6 || !comesBack(quest.referrals)) return null;
    return {
      detail: `The client was referred to ${quest.referrals.join(", then ")}, and got no ticket.`,
      frames: framesOfQuest(quest),
    };
  },
  advise: () => ({
    causes: ["name suffix routing contradicts itself between the forests", "the SPN's suffix is claimed by both sides"],
    confirm: ["nltest /domain_trusts"],
    fix: ["correct the routing: netdom trust … /namesuffixes"],
  }),
};

/** A realm, another one, and the first again; the same one twice in a row is only a second try. */
function comesBack(realms: readonly string[]): boolean {
  return realms.some((realm, index) => {
    const first = realms.indexOf(realm);
    return first < index && realms.slice(first, index).some((other) => other !== realm);
  });
}

const deadEnd: Rule = {
  id: "tgs-referral-deadend",
  severity: "error",
  title: "The client was referred to another realm and did not get there",
  specs: ["RFC 6806 section 8"],
  check(story) {
    const why = story.why;
    const isSilentHop = why?.what === "tgs-silent" && why.quest.referrals.length > 0;
    if (!why || (why.what !== "referral-not-followed" && !isSilentHop)) return null;
    const quest = why.quest;
    return {
      detail: `A KDC referred the client to ${quest.referrals.at(-1)}; no KDC of that realm answered it.`,
      frames: [
        ...framesOfQuest(quest),
        ...framesOfFailures(story.kdcTrouble.failures),
        ...framesOfLookups(story.kdcTrouble.lookups),
      ],
    };
  },
  advise: (_, story) => {
    const referral = story.quests.findLast((q) => q.referrals.length > 0)?.referrals.at(-1);
    const realm = referral === undefined ? "<realm>" : shellWord(referral.toLowerCase());
    return {
      causes: ["the client cannot resolve the other realm's domain controllers", "a firewall blocks port 88 to them"],
      confirm: [`nslookup -type=SRV _kerberos._tcp.${realm}`, `nltest /dsgetdc:${realm} /force /kdc`],
      fix: ["add a DNS forwarder or stub zone for that domain", "allow TCP 88 and UDP 88 to its domain controllers"],
    };
  },
};

/** Finding and reaching a KDC: steps 5 and 6, and sign-on. */
export const kdcRules: readonly Rule[] = [
  tooBig,
  referralLoop,
  deadEnd,
  refusedPort,
  blocked,
  fragments,
  undelivered,
  noRecords,
  staleRecords,
  tgsSilent,
  asSilent,
];
