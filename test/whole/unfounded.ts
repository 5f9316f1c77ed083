import type { Finding, Sequence } from "../../src/model/report.ts";
import type { Told } from "./told.ts";

/**
 * What the report on a capture that lost frames says and must not, beside the report on the whole one.
 *
 * Who sees less may say that something cannot be told, or name a cause less precisely. A failure that the whole does
 * not show, another step or another cause is unfounded, and so is a login that works where the whole shows none.
 */
export function unfounded(damaged: Told, whole: Told): string[] {
  return damaged.sequences.flatMap((sequence) => {
    const { verdict } = sequence;
    const isFounded =
      verdict === "incomplete" ||
      (verdict === "diverged"
        ? whole.sequences.some((other) => failsAlike(sequence, other))
        : whole.sequences.some((other) => worksToo(sequence, other)));
    return isFounded ? [] : [spell(sequence)];
  });
}

function worksToo(sequence: Sequence, other: Sequence): boolean {
  return other.verdict !== "diverged" && other.kind === sequence.kind && isOfSame(sequence, other);
}

function failsAlike(sequence: Sequence, other: Sequence): boolean {
  if (other.divergedAt !== sequence.divergedAt || !isOfSame(sequence, other)) return false;
  const [one, two] = [rootOf(sequence), rootOf(other)];
  return one === two || (LESS_PRECISE.get(one)?.test(two) ?? false);
}

const isOfSame = (one: Sequence, other: Sequence) => one.client.address === other.client.address;

const rootOf = ({ findings }: Sequence): string =>
  findings.find(({ severity }: Finding) => severity === "error")?.rule ?? "";

/** Rules that say what was seen, with those that know why because they saw something else besides. */
const LESS_PRECISE: ReadonlyMap<string, RegExp> = new Map([
  ["tgs-s-unknown", /^(dns-cname-spn|dns-ptr-spn|spn-duplicate|tgs-spn-|tgs-referral-unknown)/],
  ["tgs-referral-deadend", /^tgs-referral-/],
  ["tgs-no-request", /^(as-|loc-|http-401-ignored)/],
  ["as-no-credential", /^as-/],
  ["tgs-badoption", /^del-/],
  ["tgs-policy", /^del-/],
  ["tgs-integrity", /^del-/],
  ["tgs-c-unknown", /^del-/],
  ["del-13-no-status", /^del-/],
  ["tgs-no-reply", /^kdc-/],
  ["as-no-reply", /^kdc-/],
  ["kdc-port-blocked", /^kdc-/],
  ["loc-kdc-realm", /^loc-srv-stale/],
  ["ap-401-bare", /^ap-etype-server/],
  ["ap-modified", /^ap-kvno/],
  ["ap-no-response", /^tcp-rst-mid/],
  ["dns-nxdomain", /^dns-(nodata|servfail)/],
  ["tcp-not-delivered", /^tcp-blackhole/],
]);

function spell(sequence: Sequence): string {
  const { kind, service, verdict, divergedAt } = sequence;
  return `${kind} ${service.host ?? service.address ?? "?"} ${verdict} ${divergedAt ?? "-"} ${rootOf(sequence)}`;
}
