import type { Instant } from "../../model/time.ts";
import { compareInstants, secondsBetween } from "../../model/time.ts";
import type { Around } from "../around.ts";
import { waitedSince } from "../around.ts";
import type { DnsLookup, Evidence } from "../evidence.ts";
import type { DcSearch, SrvLookup } from "../locator.ts";
import { addressesOfTargets, deadTargets } from "../locator.ts";
import type { PingedDc } from "../locator-fates.ts";
import { waitedInVain, wasGivenUp } from "../locator-fates.ts";
import type { NetbiosCall } from "../netbios-calls.ts";
import type { Judgement } from "./judgement.ts";
import { diverged, incomplete, ok } from "./judgement.ts";
import { hearsNobody } from "./silence.ts";

/** Judges a search for a domain controller: one that answers well is enough. */
export function judgeLocator(
  search: DcSearch,
  dcs: readonly PingedDc[],
  evidence: Evidence,
  around: Around,
): Judgement {
  if (dcs.some(({ fate }) => fate === "found") || search.calls.some(isServedByMailslot)) return ok();
  const names = judgeRecords(search, around);
  // Who pings has learned whom: where the capture holds no answer of DNS, it need hold none of the controllers either.
  if (dcs.length > 0 && search.records.every(({ lookup }) => isUnanswered(lookup))) {
    return search.records.length > 0 && dcs.every(isSilentDc)
      ? incomplete("one-sided", "unknown")
      : judgePings(search, dcs, evidence, around);
  }
  if (names?.verdict === "diverged") return names;
  if (dcs.length > 0) return judgePings(search, dcs, evidence, around);
  if (search.records.length === 0) return judgeCalls(search, around);
  return names ?? judgeUnpinged(search, evidence, around);
}

function isServedByMailslot({ by, answer }: NetbiosCall): boolean {
  return by === "mailslot" && answer !== null;
}

/** NetBIOS alone: without an answer the search never came to DNS, its first step. */
function judgeCalls({ calls, lastTime }: DcSearch, around: Around): Judgement {
  const open = calls.filter((call) => call.answer === null).flatMap(({ queries }) => queries.map((o) => o.time));
  if (!waitedSince(lastTime, around) && !waitedInVain(open, around.now)) return incomplete("ended-early", "unknown");
  return calls.at(-1)?.answer ? incomplete("no-ping", "unknown") : diverged(1, { what: "dc-by-netbios" }, "none");
}

function judgePings(search: DcSearch, dcs: readonly PingedDc[], evidence: Evidence, around: Around): Judgement {
  const refused = dcs.find(({ fate }) => fate !== "silent" && fate !== "rejected");
  const silent = dcs.filter(isSilentDc);
  const isSilent = silent.length > 0;
  if (silent.some(({ address }) => isCutAnswer(address, search.time, evidence))) return incomplete("cut", "unknown");
  if (isSilent && hearsNobody(evidence)) return incomplete("one-sided", "unknown");
  if (isSilent && !wasGivenUp(search, around.now)) return incomplete("ended-early", "unknown");
  return diverged(4, { what: "dc-not-found" }, refused ? "refused" : "none");
}

/** Step 2: null when DNS named a domain controller, or was not asked. */
function judgeRecords(search: DcSearch, around: Around): Judgement | null {
  if (search.records.every(namesTargets)) return null;
  const last = lastAnswers(search.records);
  if (last.some(namesTargets)) return null;
  // A site may have no domain controller: only the forms for the whole domain say that there is none.
  const wide = last.filter(({ asked }) => asked.site === null).map(({ lookup }) => lookup);
  if (wide.length === 0) return unpursued(search, around);
  const failed = wide.filter((lookup) => !isAbsence(lookup));
  if (failed.length === 0) return diverged(2, { what: "dc-not-in-dns" }, "none");
  if (failed.some((lookup) => lookup.response?.message.cut)) return incomplete("cut", "unknown");
  if (failed.every((lookup) => isPending(lookup, around))) return incomplete("ended-early", "unknown");
  return diverged(2, { what: "not-resolved" }, "none");
}

const namesTargets = ({ targets }: SrvLookup) => targets.length > 0;

/** The look-ups that failed for another reason than that there are no such records; they name the rule. */
export function brokenLookups(search: DcSearch): DnsLookup[] {
  return lastAnswers(search.records).flatMap(({ lookup, asked }) =>
    asked.site === null && !isAbsence(lookup) ? [lookup] : [],
  );
}

/** Of each name the last look-up that was answered, else the last. */
function lastAnswers(records: readonly SrvLookup[]): SrvLookup[] {
  const byName = new Map<string, SrvLookup>();
  for (const record of records) {
    const known = byName.get(record.lookup.name);
    if (!known || record.lookup.response !== null || known.lookup.response === null) {
      byName.set(record.lookup.name, record);
    }
  }
  return [...byName.values()];
}

const isUnanswered = ({ response, unreachable }: DnsLookup) => response === null && unreachable === null;
const isSilentDc = ({ fate }: PingedDc) => fate === "silent";

const ABSENT: readonly number[] = [0, 3];

/** NXDOMAIN, or a name without such records. */
function isAbsence({ response }: DnsLookup): boolean {
  if (response === null || response.message.truncated || response.message.cut === true) return false;
  return ABSENT.includes(response.message.rcode);
}

function isPending({ response, unreachable, queries }: DnsLookup, around: Around): boolean {
  if (response !== null || unreachable !== null) return false;
  const last = queries.at(-1);
  const first = queries[0];
  if (!last || !first) return false;
  return secondsBetween(first.time, last.time) < 1 && !waitedSince(last.time, around);
}

/** DNS named domain controllers, and no ping followed. */
function judgeUnpinged(search: DcSearch, evidence: Evidence, around: Around): Judgement {
  const addresses = addressesOfTargets(search);
  const dead = deadTargets(search, addresses);
  // A name of which the snap length left no address, or none of the names, is no dead one.
  const isWhole = search.records.every(({ lookup }) => lookup.response?.message.cut !== true);
  if (isWhole && addresses.size > 0 && dead.length === addresses.size) {
    return diverged(4, { what: "dc-without-address" }, "none");
  }
  if (isServed(addresses, search.time, evidence)) return ok();
  return unpursued(search, around);
}

/** A controller said something of which the snap length left a part. */
function isCutAnswer(dc: string, since: Instant, { cutTalks }: Evidence): boolean {
  return cutTalks.some(({ from, port, time }) => port === CLDAP && from === dc && compareInstants(time, since) >= 0);
}

const CLDAP = 389;

/** The client did not go on, or the capture did not. */
function unpursued(search: DcSearch, around: Around): Judgement {
  return incomplete(waitedSince(search.lastTime, around) ? "no-ping" : "ended-early", "unknown");
}

/** One of the controllers answered as KDC: the client found what it looked for without a ping. */
function isServed(addresses: ReturnType<typeof addressesOfTargets>, since: Instant, { kdc }: Evidence): boolean {
  if (kdc.length === 0) return false;
  const reached = new Set<string>();
  for (const some of addresses.values()) for (const address of some) reached.add(address);
  return kdc.some((x) => x.reply !== null && reached.has(x.kdc) && compareInstants(x.time, since) >= 0);
}
