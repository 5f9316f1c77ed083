import { analyze } from "../../src/index.ts";
import type { Finding, Sequence, Step } from "../../src/model/report.ts";
import { createReporter } from "../../src/report/json.ts";
import { stringOf } from "../../src/report/page.ts";
import { platformOf } from "./run.ts";

export interface Told {
  readonly verdict: string;
  readonly sequences: readonly Sequence[];
  /** The rules of those about the whole. */
  readonly findings: readonly string[];
  readonly [key: string]: unknown;
}

export interface Shown {
  readonly bytes: Uint8Array;
  /** Its format is read by ranges. */
  readonly isRanged: boolean;
}

/** What is reported on a capture, the capture itself aside. `isRanged`: its format is read by ranges. */
export function told(bytes: Uint8Array, isRanged: boolean): Told {
  return toldTogether([{ bytes, isRanged }]);
}

/** The same of several captures read together. */
export function toldTogether(shown: readonly Shown[], hosts: readonly string[] = []): Told {
  let text = "";
  const captures = shown.map(({ bytes, isRanged }, at) => ({
    name: `capture ${at}`,
    compression: null,
    size: isRanged ? bytes.length : null,
  }));
  const write = (piece: Parameters<typeof stringOf>[0]) => {
    text += stringOf(piece);
  };
  const analysis = analyze(createReporter(), write, { captures, hosts, platform: platformOf({}) });
  const isFed = shown.map(() => false);
  for (let need = analysis.wants(); need !== null; need = analysis.wants()) {
    const { capture, want } = need;
    const bytes = shown[capture]?.bytes ?? new Uint8Array(0);
    if (want !== "more") analysis.feed(bytes.subarray(want.from, want.from + want.length), capture);
    else if (isFed[capture] === true) analysis.finish(capture);
    else analysis.feed(bytes, capture);
    isFed[capture] = true;
  }
  analysis.end();
  const { captures: _, problems, findings, ...report } = JSON.parse(text);
  return { ...report, findings: findings.map(({ rule }: Finding) => rule), problems: problems.length };
}

/** What stays the same wherever its frames stand, and when. */
export function gistOf({ verdict, sequences }: Told): object {
  const rules = (findings: readonly Finding[]) => findings.map(({ rule }) => rule);
  const states = (steps: readonly Step[]) => steps.map(({ state }) => state);
  const told = sequences.map((one) => [one.kind, one.verdict, one.divergedAt, one.outcome, states(one.steps)]);
  return { verdict, told, rules: sequences.map(({ findings }) => rules(findings)) };
}
