import type { Around } from "./around.ts";
import type { Evidence } from "./evidence.ts";
import { type DcSearch, isEvidenceOfSearch } from "./locator.ts";
import { tellLocator } from "./locator-story.ts";
import type { Naming } from "./naming.ts";
import { NONE, those } from "./order.ts";
import type { Candidate } from "./weak.ts";

/** Failed look-ups that any LDAP client may make: a search for a domain controller only if nothing better is known. */
export function weakSearches(
  searches: readonly DcSearch[],
  evidence: Evidence,
  naming: Naming,
  around: Around,
): readonly Candidate[] {
  const failed = those(searches, (search) => !isEvidenceOfSearch(search) && hasFailed(search));
  if (failed.length === 0) return NONE;
  return failed.map((search) => ({
    host: search.domain,
    addresses: [],
    frame: search.records[0]?.lookup.frame ?? search.calls[0]?.frame ?? 1,
    onlyNamed: false,
    isName: true,
    isCut: false,
    isFailure: true,
    tell: () => tellLocator(search, evidence, naming, around),
  }));
}

function hasFailed({ records, calls }: DcSearch): boolean {
  if (records.length === 0) return calls.at(-1)?.answer === null;
  return records.every(({ lookup, targets }) => lookup.queries.length > 0 && targets.length === 0);
}

/** The evidence without the look-ups of domain controllers: their failures are told by the search. */
export function besideSearches(evidence: Evidence, searches: readonly DcSearch[]): Evidence {
  if (searches.every(({ hosts }) => hosts.length === 0)) return evidence;
  const theirs = new Set(searches.flatMap((search) => search.hosts));
  return { ...evidence, dns: evidence.dns.filter((lookup) => !theirs.has(lookup)) };
}
