import {
  COMPARISON_SCHEMA,
  type ComparedStep,
  type Comparison,
  type Difference,
  type Side,
} from "../model/comparison.ts";
import type { Sequence } from "../model/report.ts";
import { version } from "../version.ts";
import { compareSteps } from "./differences.ts";

/** Holds two sequences side by side and says what of it explains why one of them failed. */
export function compare(left: Side, right: Side): Comparison {
  const steps = compareSteps(left.sequence, right.sequence);
  const explains = explaining(left.sequence, right.sequence, steps);
  return {
    schema: COMPARISON_SCHEMA,
    tool: { name: "kflow", version },
    left,
    right,
    steps,
    explains,
    conclusion: conclusionOf(left.sequence, right.sequence, explains, steps),
  };
}

/** What each kind of root cause hangs on, by the beginning of its rule: names of differences, the likeliest first. */
const suspects: readonly { readonly rule: RegExp; readonly what: RegExp }[] = [
  {
    rule: /^(tgs-s-unknown|tgs-not-unique|tgs-spn|dns-cname|dns-ptr|ldap-spn|sql-sspi|smb-ntlm)/,
    what: /sname|name|answers/,
  },
  { rule: /^(ap-|smb-modified|tgs-integrity)/, what: /kvno|etype|sname|^to$|answers|tokenLength|length|realm/ },
  { rule: /^(tgs-etype|as-etype|tgs-rc4)/, what: /etypes?|kdcOptions/ },
  { rule: /^(as-|tgs-)/, what: /cname|sname|realm|etypes|kdcOptions|^to$/ },
  { rule: /^dns-/, what: /^to$|name|answers|rcode/ },
  { rule: /^(tcp-|kdc-|http-no-answer|http-rst)/, what: /^to$|answers|seconds/ },
  { rule: /^(http-|neg-)/, what: /challenges|status|^to$|name/ },
  { rule: /^loc-/, what: /^to$|name|answers|flags|Site/ },
];

/** Differences at or before the step at which one diverged; those that its root cause hangs on come first. */
function explaining(left: Sequence, right: Sequence, steps: readonly ComparedStep[]): Difference[] {
  const failed = failedOf(left, right);
  if (failed === null) return [];
  const before = steps
    .flatMap(({ differences }) => differences)
    .filter(({ step, weight }) => step <= (failed.divergedAt ?? 0) && weight !== "usual")
    // The addresses of two clients differ where two clients are compared.
    .filter(({ what, left: a, right: b }) => !isClientAddress(what, a, b, left, right));
  const rule = failed.findings[0]?.rule ?? "";
  const suspect = suspects.find((row) => row.rule.test(rule))?.what ?? /./;
  const fits = ({ what }: Difference) => suspect.test(what);
  // What the answer at the point of divergence says is the failure, not its reason.
  const isOutcome = ({ step, what }: Difference) =>
    step === failed.divergedAt && /error|status|rcode|Code|challenges/.test(what);
  return [
    ...before.filter((one) => fits(one) && !isOutcome(one)),
    ...before.filter((one) => !fits(one) && !isOutcome(one)),
  ];
}

/** The one of two that diverged: where both did, the one that did so earlier. */
function failedOf(left: Sequence, right: Sequence): Sequence | null {
  const failed = [left, right].filter(({ verdict }) => verdict === "diverged");
  const [first, second] = failed;
  if (first === undefined) return null;
  return second !== undefined && (second.divergedAt ?? 0) < (first.divergedAt ?? 0) ? second : first;
}

function isClientAddress(what: string, a: string, b: string, left: Sequence, right: Sequence): boolean {
  return (what === "from" || what === "to") && a === left.client.address && b === right.client.address;
}

function conclusionOf(
  left: Sequence,
  right: Sequence,
  explains: readonly Difference[],
  steps: readonly ComparedStep[],
): string {
  const failed = failedOf(left, right);
  const root = failed?.findings[0];
  if (failed === null || root === undefined) return sameEnd(steps);
  const why = `diverged at step ${failed.divergedAt}: ${root.title} (${root.rule})`;
  if (isSameEnd(left, right)) return `both ${why}`;
  const who = `the ${failed === left ? "left" : "right"} one ${why}`;
  const [first] = explains;
  return first === undefined
    ? `${who}; up to there the captures show no difference, so the reason lies outside the packets: keys, accounts, clocks or settings of a host`
    : `${who}; up to there they differ in ${first.what} of step ${first.step}: ${first.left} against ${first.right}`;
}

function isSameEnd(left: Sequence, right: Sequence): boolean {
  return left.divergedAt === right.divergedAt && left.findings[0]?.rule === right.findings[0]?.rule;
}

function sameEnd(steps: readonly ComparedStep[]): string {
  const telling = steps.flatMap(({ differences }) => differences).filter(({ weight }) => weight !== "usual");
  if (telling.length === 0) return "neither diverged, and they differ in nothing that tells";
  return `neither diverged; they differ in ${telling.length} ${telling.length === 1 ? "point" : "points"}`;
}
