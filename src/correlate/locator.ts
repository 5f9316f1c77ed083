import type { Instant } from "../model/time.ts";
import { compareInstants, secondsBetween } from "../model/time.ts";
import type { DnsLookup, Evidence, Seen } from "./evidence.ts";
import type { DcRole, LocatorName } from "./locator-names.ts";
import type { DcPing } from "./locator-pings.ts";
import { firstLabel, hostOf } from "./names.ts";
import type { NetbiosCall } from "./netbios-calls.ts";
import { grown, inOrderOfTime, NONE } from "./order.ts";

/** One search of a client for a domain controller: SRV look-ups, the addresses of their targets, pings. */
export interface DcSearch {
  /** Normalised; empty where only pings without a domain name were seen. */
  domain: string;
  readonly role: DcRole;
  records: SrvLookup[];
  /** A and AAAA look-ups of hosts that the SRV records name. */
  hosts: DnsLookup[];
  pings: DcPing[];
  /** The same domain by its NetBIOS name. */
  calls: NetbiosCall[];
  readonly time: Instant;
  lastTime: Instant;
}

/** An SRV look-up with its name taken apart, and the hosts that its answer names. */
export interface SrvLookup {
  readonly lookup: DnsLookup;
  readonly asked: LocatorName;
  readonly targets: readonly string[];
}

/** Rest after which another look-up or ping for the same domain is another search. */
const RETRY_SECONDS = 30;

/** Sorts a client's look-ups and pings into searches, in order of time. */
export function findDcSearches({ dns, pings, netbios }: Pick<Evidence, "dns" | "pings" | "netbios">): DcSearch[] {
  if (pings.length + netbios.length === 0 && !dns.some(isRecord)) return [];
  const found = new Searches(pings.some((ping) => domainOf(ping) === ""));
  const [lookups, sent, calls] = [inOrderOfTime(dns), inOrderOfTime(pings), inOrderOfTime(netbios)];
  let [asked, pinged, called] = [0, 0, 0];
  for (;;) {
    const lookup = lookups[asked];
    const ping = sent[pinged];
    const call = calls[called];
    if (lookup && !isEarlier(ping, lookup) && !isEarlier(call, lookup)) {
      found.lookup(lookup);
      asked++;
    } else if (ping && !isEarlier(call, ping)) {
      found.ping(ping);
      pinged++;
    } else if (call) {
      found.call(call);
      called++;
    } else return found.searches;
  }
}

function isEarlier(one: Seen | undefined, other: Seen): boolean {
  return one !== undefined && compareInstants(one.time, other.time) < 0;
}

function isRecord({ type, locator }: DnsLookup): boolean {
  return type === "SRV" && locator !== null;
}

function isHostType(type: string): boolean {
  return type === "A" || type === "AAAA";
}

/** Somebody looked for a domain controller; plain SRV names alone are asked by any LDAP client. */
export function isEvidenceOfSearch(search: DcSearch): boolean {
  return search.pings.length > 0 || search.records.some(({ asked }) => !asked.isPlain);
}

/** The searches so far, and the names and addresses that lead to them. */
class Searches {
  readonly searches: DcSearch[] = [];
  private readonly byTarget = new Map<string, DcSearch>();
  /** Kept only where pings name no domain. */
  private readonly byAddress: Map<string, DcSearch> | null;

  constructor(needsAddresses: boolean) {
    this.byAddress = needsAddresses ? new Map() : null;
  }

  lookup(lookup: DnsLookup): void {
    const asked = lookup.type === "SRV" ? lookup.locator : null;
    if (asked) this.record({ lookup, asked, targets: srvTargets(lookup) });
    else if (isHostType(lookup.type)) this.host(lookup);
  }

  private record(record: SrvLookup): void {
    const { domain, role } = record.asked;
    const { time, queries, response } = record.lookup;
    const open = this.searches.findLast((s) => s.role === role && isNear(s, time) && isSameDomain(s, domain));
    const search = open ?? this.begin(domain, role, time);
    search.domain = domain;
    search.records = grown(search.records, record);
    touch(search, response?.time ?? queries.at(-1)?.time ?? time);
    for (const target of record.targets) this.byTarget.set(target, search);
    this.leadTo(search, response?.message.additionals ?? NONE);
  }

  private leadTo(search: DcSearch, answers: readonly { readonly data: string }[]): void {
    if (this.byAddress) for (const { data } of answers) this.byAddress.set(data, search);
  }

  private host(lookup: DnsLookup): void {
    const search = this.byTarget.get(lookup.name);
    if (!search || !isNear(search, lookup.time)) return;
    search.hosts = grown(search.hosts, lookup);
    touch(search, lookup.response?.time ?? lookup.time);
    this.leadTo(search, lookup.response?.message.answers ?? NONE);
  }

  /** A ping belongs to the last search in its domain; one that names none, to the last that led to its controller. */
  ping(ping: DcPing): void {
    const domain = domainOf(ping);
    const open = domain === "" ? this.byAddress?.get(ping.dc) : this.searches.findLast((s) => isFor(s, domain, ping));
    const search = open && isNear(open, ping.time) ? open : this.begin(domain, "dc", ping.time);
    if (domain !== "") search.domain = domain;
    search.pings = grown(search.pings, ping);
    this.byAddress?.set(ping.dc, search);
    touch(search, ping.queries.at(-1)?.time ?? ping.time);
    touch(search, ping.entry?.time ?? ping.done?.time ?? ping.time);
  }

  /** NetBIOS knows a domain by another name, as a rule the first label of its DNS name. */
  call(call: NetbiosCall): void {
    const flat = call.domain.toLowerCase();
    const open = this.searches.findLast((s) => isNear(s, call.time) && firstLabel(s.domain) === flat);
    const search = open ?? this.begin(flat, "dc", call.time);
    search.calls = grown(search.calls, call);
    touch(search, call.answer?.time ?? call.queries.at(-1)?.time ?? call.time);
  }

  private begin(domain: string, role: DcRole, time: Instant): DcSearch {
    const search: DcSearch = { domain, role, records: [], hosts: [], pings: [], calls: [], time, lastTime: time };
    this.searches.push(search);
    return search;
  }
}

function isFor(search: DcSearch, domain: string, { dc, time }: DcPing): boolean {
  if (!isNear(search, time)) return false;
  return isSameDomain(search, domain) || (search.domain === "" && search.pings.some((ping) => ping.dc === dc));
}

/** A search that knows only the NetBIOS name so far is the same one, too. */
function isSameDomain(search: DcSearch, domain: string): boolean {
  if (search.domain === domain) return true;
  const isFlat = search.records.length + search.pings.length === 0;
  return isFlat && search.domain === firstLabel(domain);
}

function domainOf(ping: DcPing): string {
  const asked = ping.queries.find((query) => query.message.dnsDomain)?.message.dnsDomain;
  return hostOf(asked ?? ping.entry?.message.domain ?? "");
}

function isNear(search: DcSearch, time: Instant): boolean {
  return secondsBetween(search.lastTime, time) <= RETRY_SECONDS;
}

function touch(search: DcSearch, time: Instant): void {
  if (secondsBetween(search.lastTime, time) > 0) search.lastTime = time;
}

/** RFC 2782: `priority weight port target`; a target of `.` means that there is no such service. */
export function srvTargets({ response }: DnsLookup): readonly string[] {
  let targets: string[] | null = null;
  for (const { type, data } of response?.message.answers ?? NONE) {
    if (type !== "SRV") continue;
    const target = hostOf(data.slice(data.lastIndexOf(" ") + 1));
    if (target !== "") targets = grown(targets, target);
  }
  return targets ?? NONE;
}

type Addresses = ReadonlyMap<string, ReadonlySet<string>>;

/** Every host that the SRV records name, with the addresses that DNS gave for it, beside the records or when asked. */
export function addressesOfTargets({ records, hosts }: DcSearch): Addresses {
  const found = new Map<string, Set<string>>();
  for (const { targets } of records) for (const target of targets) if (!found.has(target)) found.set(target, new Set());
  for (const { name, response } of hosts) {
    for (const { type, data } of response?.message.answers ?? NONE) if (isHostType(type)) found.get(name)?.add(data);
  }
  for (const { lookup } of records) {
    for (const { name, data } of lookup.response?.message.additionals ?? NONE) found.get(hostOf(name))?.add(data);
  }
  return found;
}

/** Targets that DNS was asked for and gave no address of: nobody can ping them. */
export function deadTargets(search: DcSearch, known: Addresses | null = null): string[] {
  if (!search.hosts.some(saysNoAddress)) return [];
  const asked = new Set(search.hosts.filter(saysNoAddress).map(({ name }) => name));
  for (const { name, response } of search.hosts) if (response?.message.truncated) asked.delete(name);
  const addresses = known ?? addressesOfTargets(search);
  return [...addresses].flatMap(([target, { size }]) => (size === 0 && asked.has(target) ? [target] : []));
}

const NXDOMAIN = 3;

/** An empty AAAA answer alone says nothing of the A record. */
function saysNoAddress({ type, response }: DnsLookup): boolean {
  return response !== null && response.message.cut !== true && (type === "A" || response.message.rcode === NXDOMAIN);
}
