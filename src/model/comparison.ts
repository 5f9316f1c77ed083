import type { Sequence, StepState } from "./report.ts";

export const COMPARISON_SCHEMA = "kflow/compare/1";

/** Two sequences held side by side, step by step. */
export interface Comparison {
  readonly schema: typeof COMPARISON_SCHEMA;
  readonly tool: { readonly name: "kflow"; readonly version: string };
  /** The one that went further, and the other; `left` and `right` as they were given. */
  readonly left: Side;
  readonly right: Side;
  readonly steps: readonly ComparedStep[];
  /** Differences that can explain why one of them diverged, the likeliest first; empty where both ended alike. */
  readonly explains: readonly Difference[];
  /** What is to be concluded, in one sentence. */
  readonly conclusion: string;
}

export interface Side {
  /** The capture, as it was named. */
  readonly capture: string;
  readonly sequence: Sequence;
}

export interface ComparedStep {
  readonly step: number;
  readonly id: string;
  readonly title: string;
  readonly states: readonly [StepState, StepState];
  readonly differences: readonly Difference[];
}

export interface Difference {
  readonly step: number;
  /** What differs, in the field's words: `sname`, `ticket.kvno`, `to`, `seconds since the step before`. */
  readonly what: string;
  readonly left: string;
  readonly right: string;
  /** Whether it tells the two apart, or changes from one login to the next anyway. */
  readonly weight: Weight;
}

/** `telling`: names, types, servers; `size`: lengths and durations that differ much; `usual`: what no two logins share. */
export type Weight = "telling" | "size" | "usual";
