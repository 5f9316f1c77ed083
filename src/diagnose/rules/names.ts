import { rcodeName } from "../../../dissectors/dns/codes.ts";
import type { DnsLookup } from "../../correlate/evidence.ts";
import type { Story } from "../../correlate/story.ts";
import type { Code } from "../../model/report.ts";
import { framesOfLookups } from "../evidence-frames.ts";
import type { Hit, Rule } from "../rule.ts";
import type { Words } from "../words.ts";

const isUnresolved = (story: Story) => story.why?.what === "not-resolved";
const NXDOMAIN = 3;

function rcode(lookup: DnsLookup): number | null {
  return lookup.response?.message.rcode ?? null;
}

function dnsCode(number: number): Code {
  return { protocol: "dns", number, name: rcodeName(number).toUpperCase() };
}

/** The look-ups that failed with this RCODE, when the name failed for it. */
function failedWith(story: Story, number: number): DnsLookup[] {
  return isUnresolved(story) ? story.lookups.filter((lookup) => rcode(lookup) === number) : [];
}

function answered(story: Story, lookups: readonly DnsLookup[], number: number, what: string): Hit | null {
  const first = lookups[0];
  if (!first) return null;
  const forms = [...new Set(lookups.map((lookup) => lookup.name))].join(", ");
  return {
    detail: `${first.server} answered ${rcodeName(number)} (RCODE ${number}) for ${forms}${what}.`,
    frames: framesOfLookups(story.lookups),
    code: dnsCode(number),
  };
}

const RFC1035 = "RFC 1035 section 4.1.1";

const noAnswer: Rule = {
  id: "dns-timeout",
  severity: "error",
  ends: ["not-resolved"],
  title: "No DNS server answered",
  specs: [RFC1035],
  check(story) {
    if (!isUnresolved(story)) return null;
    const silent = story.lookups.filter((lookup) => lookup.response === null && lookup.unreachable === null);
    if (silent.length === 0 || silent.length < story.lookups.length) return null;
    const servers = [...new Set(silent.map((lookup) => lookup.server))].join(", ");
    const queries = silent.reduce((sum, lookup) => sum + lookup.queries.length, 0);
    return {
      detail: `${queries} queries for ${story.service.host ?? "the host"} went to ${servers}, and none was answered.`,
      frames: framesOfLookups(silent),
    };
  },
  advise: (w) => ({
    causes: [
      "a firewall or VPN drops UDP 53 on the way to the DNS server",
      "the DNS server is down",
      "the client is configured with a wrong DNS server address",
    ],
    confirm: [
      `nslookup ${w.host} ${w.dns}`,
      `Test-NetConnection ${w.dns} -Port 53    (TCP only)`,
      "Get-DnsClientServerAddress    (is this the server that the client should ask?)",
    ],
    fix: [
      `allow UDP 53 and TCP 53 from ${w.client} to ${w.dns}`,
      "Set-DnsClientServerAddress -InterfaceAlias <interface> -ServerAddresses <DNS server>    (where it asks the wrong one)",
    ],
  }),
};

const icmp: Rule = {
  id: "dns-icmp",
  severity: "error",
  ends: ["not-resolved"],
  title: "The DNS server's address refuses DNS",
  specs: ["RFC 792"],
  check(story) {
    if (!isUnresolved(story)) return null;
    const rejected = story.lookups.filter((lookup) => lookup.unreachable !== null);
    const first = rejected[0];
    if (!first || story.lookups.some((lookup) => lookup.response !== null)) return null;
    return {
      detail: `Queries to ${first.server} were answered with ICMP unreachable (code ${first.unreachable?.code ?? "?"}): nobody serves DNS there.`,
      frames: framesOfLookups(rejected),
    };
  },
  advise: (w) => ({
    causes: [
      "no DNS service runs on that address",
      "the client is configured with a wrong DNS server address",
      "a firewall rejects DNS",
    ],
    confirm: [`nslookup ${w.host} ${w.dns}`, "ipconfig /all", "Get-Service DNS    (on the server)"],
    fix: [
      "Start-Service DNS    (on the server)",
      "Set-DnsClientServerAddress -InterfaceAlias <interface> -ServerAddresses <DNS server>",
    ],
  }),
};

const truncated: Rule = {
  id: "dns-tc-no-tcp",
  severity: "error",
  ends: ["not-resolved"],
  title: "The DNS answer did not fit, and TCP 53 did not work",
  specs: ["RFC 7766 section 5"],
  check(story) {
    const cut = isUnresolved(story) ? story.lookups.filter((lookup) => lookup.truncated) : [];
    if (cut.length === 0) return null;
    return {
      detail: "The answer over UDP was truncated (TC), and no complete answer over TCP followed.",
      frames: framesOfLookups(cut),
    };
  },
  advise: (w) => ({
    causes: ["TCP 53 is blocked between the client and the DNS server"],
    confirm: [`Test-NetConnection ${w.dns} -Port 53`],
    fix: [`allow TCP 53 from ${w.client} to ${w.dns}`],
  }),
};

function refusalRule(
  id: string,
  number: number,
  title: string,
  causes: readonly string[],
  fix: (w: Words) => readonly string[],
): Rule {
  return {
    id,
    severity: "error",
    ends: ["not-resolved"],
    title,
    specs: [RFC1035],
    check: (story) => answered(story, failedWith(story, number), number, ""),
    advise: (w) => ({
      causes,
      confirm: [
        `nslookup -debug ${w.host} ${w.dns}`,
        "ipconfig /all    (is this the DNS server the client should ask?)",
      ],
      fix: [...fix(w), "ipconfig /flushdns    (on the client, afterwards)"],
    }),
  };
}

const serverFailure = refusalRule(
  "dns-servfail",
  2,
  "The DNS server failed to look the name up",
  [
    "the zone is broken on that server, or its forwarder does not answer",
    "DNSSEC validation failed",
    "the zone is not replicated to this domain controller",
  ],
  (w) => [`Get-DnsServerForwarder -ComputerName ${w.dns}    (repair what does not answer, or the zone)`],
);

const refused = refusalRule(
  "dns-refused",
  5,
  "The DNS server refused the query",
  [
    "the server does not resolve for this client (recursion or access list)",
    "the client asks a server that is not meant for it",
  ],
  (w) => [
    `let ${w.dns} resolve for ${w.client}`,
    "Set-DnsClientServerAddress -InterfaceAlias <interface> -ServerAddresses <DNS server>    (where it asks the wrong one)",
  ],
);

const nxdomain: Rule = {
  id: "dns-nxdomain",
  severity: "error",
  ends: ["not-resolved"],
  title: "The name does not exist in DNS",
  specs: [RFC1035],
  check: (story) => answered(story, failedWith(story, NXDOMAIN), NXDOMAIN, ": the name does not exist there"),
  advise: (w) => ({
    causes: [
      `the record is missing, or the name in the ${w.service.locator} is misspelt`,
      "the client asks a DNS server that does not know the internal zone (a router or a public one)",
      "the list of search suffixes is wrong",
    ],
    confirm: [`nslookup ${w.host} ${w.dns}`, "ipconfig /all"],
    fix: [
      `Add-DnsServerResourceRecordA -Name ${w.shortHost} -ZoneName ${w.zone} -IPv4Address <address of the server>`,
      "ipconfig /flushdns",
    ],
  }),
};

const noData: Rule = {
  id: "dns-nodata",
  severity: "error",
  ends: ["not-resolved"],
  title: "The name exists, but has no address",
  specs: ["RFC 2308 section 2.2"],
  check(story) {
    const empty = failedWith(story, 0);
    const first = empty[0];
    if (!first) return null;
    const types = [...new Set(empty.map((lookup) => lookup.type))].join(" and ");
    return {
      detail: `${first.server} knows ${first.name} but has no ${types} record for it.`,
      frames: framesOfLookups(empty),
      code: dnsCode(0),
    };
  },
  advise: (w) => ({
    causes: [
      "only records of other types (or an alias to a name without address) exist",
      "the host is registered for one address family only, and the client asked for the other",
    ],
    confirm: [`Resolve-DnsName ${w.host} -Type A`, `Resolve-DnsName ${w.host} -Type AAAA`],
    fix: [`Add-DnsServerResourceRecordA -Name ${w.shortHost} -ZoneName ${w.zone} -IPv4Address <address of the server>`],
  }),
};

/** One of several addresses fails while the login goes on over another. */
const deadAddress: Rule = {
  id: "dns-wrong-addr",
  severity: "warning",
  about: ["legs", "unreached"],
  title: "One of the host's addresses does not answer",
  specs: [],
  check(story) {
    const { failures, silences, unreachable } = story;
    if (failures.length + silences.length + unreachable.length === 0) return null;
    if (story.kind !== "http" || story.why?.what === "not-connected") return null;
    const working = new Set(story.legs.map((leg) => leg.connection.server.address));
    const dead = [
      ...failures.map((f) => ({ address: f.server.address, frames: f.frames })),
      ...silences.map((s) => ({ address: s.target, frames: s.frames })),
      ...unreachable.map((u) => ({ address: u.dst.address, frames: [u.frame] })),
    ].filter(({ address }) => !working.has(address));
    const first = dead[0];
    if (!first) return null;
    return {
      detail: `${story.service.host ?? "The host"} also resolves to ${first.address}, where the connection failed.`,
      frames: dead.flatMap(({ frames }) => frames),
      step: 3,
    };
  },
  advise: (w) => ({
    causes: [
      "a stale record",
      "the host registers an address that clients cannot reach",
      "one node behind the name is down",
    ],
    confirm: [`Resolve-DnsName ${w.host}`],
    fix: ["correct or scavenge the record", "ipconfig /registerdns    (on the server)"],
  }),
};

/** Names and addresses: step 2, and what DNS has to do with step 3. */
export const nameRules: readonly Rule[] = [
  truncated,
  serverFailure,
  refused,
  noData,
  nxdomain,
  icmp,
  noAnswer,
  deadAddress,
];
