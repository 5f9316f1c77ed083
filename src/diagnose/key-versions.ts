import type { ServiceKey, ServiceKeys, Shown } from "../correlate/tickets/keys.ts";

/** All tickets of a service with one key version, of whatever encryption types. */
export interface KeyVersion {
  readonly kvno: number;
  readonly keys: readonly ServiceKey[];
  readonly firstIssued: number | null;
  readonly lastIssued: number | null;
  readonly kdcs: readonly string[];
  readonly accepted: Shown | null;
  readonly refused: Shown | null;
}

/**
 * How the versions of one service follow one another.
 *
 * `rises`: the higher one came later, or alone is issued in the capture. `falls`: the lower one did. `mixed`: both are
 * issued in turn. `unknown`: the capture shows none of them being issued.
 */
export type Succession = "rises" | "falls" | "mixed" | "unknown";

/** The versions in rising order; tickets without a kvno tell nothing. */
export function versionsOf(keys: readonly ServiceKey[]): KeyVersion[] {
  const numbers = new Set(keys.map(({ kvno }) => kvno).filter((kvno) => kvno !== null));
  return [...numbers]
    .sort((a, b) => a - b)
    .map((kvno) =>
      asVersion(
        kvno,
        keys.filter((key) => key.kvno === kvno),
      ),
    );
}

function asVersion(kvno: number, keys: readonly ServiceKey[]): KeyVersion {
  const frames = (which: "firstIssued" | "lastIssued") => keys.map((key) => key[which]).filter((x) => x !== null);
  const [first, last] = [frames("firstIssued"), frames("lastIssued")];
  return {
    kvno,
    keys,
    firstIssued: first.length > 0 ? Math.min(...first) : null,
    lastIssued: last.length > 0 ? Math.max(...last) : null,
    kdcs: [...new Set(keys.flatMap(({ kdcs }) => kdcs))],
    accepted: keys.find(({ accepted }) => accepted)?.accepted ?? null,
    refused: keys.map(refusedForItsKey).find((refused) => refused !== null) ?? null,
  };
}

/** BAD_INTEGRITY, MODIFIED, BADKEYVER, NOKEY: the codes with which a service refuses a key. RFC 4120 section 7.5.9. */
const ABOUT_KEYS: readonly number[] = [31, 41, 44, 45];

/** A refusal that no other code explains, of a ticket that was not accepted any more. */
export function refusedForItsKey({ refused, lastAccepted }: ServiceKey): Shown | null {
  if (refused === null || (lastAccepted ?? 0) > refused.frame) return null;
  return refused.code === null || ABOUT_KEYS.includes(refused.code) ? refused : null;
}

export function successionOf(versions: readonly KeyVersion[]): Succession {
  const steps = versions.slice(1).map((higher, at) => stepBetween(versions[at], higher));
  const known = steps.filter((step) => step !== "unknown");
  const [first] = known;
  if (first === undefined) return "unknown";
  return known.every((step) => step === first) ? first : "mixed";
}

function stepBetween(lower: KeyVersion | undefined, higher: KeyVersion): Succession {
  const [from, to] = [lower?.lastIssued ?? null, higher.lastIssued];
  if (from === null) return to === null ? "unknown" : "rises";
  if (to === null) return "falls";
  if (from < (higher.firstIssued ?? to)) return "rises";
  return to < (lower?.firstIssued ?? from) ? "falls" : "mixed";
}

/**
 * The services of one name, of which versions can be compared: of a read-only domain controller's TGTs the upper half
 * of the kvno says whose key it is (MS-KILE section 3.1.5.8), and each counts for itself.
 */
export function comparable({ sname, realm, keys }: ServiceKeys): ServiceKeys[] {
  if (!/^krbtgt\//i.test(sname)) return [{ sname, realm, keys }];
  const branches = new Set(keys.map(({ kvno }) => (kvno ?? 0) >>> 16));
  return [...branches].map((branch) => ({
    sname,
    realm,
    keys: keys.filter(({ kvno }) => (kvno ?? 0) >>> 16 === branch),
  }));
}
