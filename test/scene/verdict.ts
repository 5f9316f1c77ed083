import { createHash } from "node:crypto";
import { expect } from "vitest";
import { analyze } from "../../src/index.ts";
import type { Sequence, Tail } from "../../src/model/report.ts";
import { stepsOf } from "../../src/model/steps.ts";
import type { Scene } from "./scene.ts";

export interface Report extends Tail {
  readonly sequences: readonly Sequence[];
}

/** Reads a capture through the library's door and holds the report to what every report must keep. */
export function report(capture: Scene | Uint8Array, ...hosts: readonly string[]): Report {
  const sequences: Sequence[] = [];
  let tail: Tail | null = null;
  const analysis = analyze(
    {
      begin: () => "",
      sequence(sequence) {
        sequences.push(sequence);
        return "";
      },
      end(last) {
        tail = last;
        return "";
      },
    },
    () => {},
    { captures: [{ name: "scene", compression: null, size: null }], hosts, platform },
  );
  analysis.feed(capture instanceof Uint8Array ? capture : capture.pcap);
  analysis.end();
  for (const sequence of sequences) holdsTheContract(sequence);
  return { ...known(tail), sequences };
}

export const platform = {
  fingerprint: (cipher: Uint8Array) => createHash("sha256").update(cipher).digest("hex").slice(0, 16),
  seed: () => 7,
};

function known(tail: Tail | null): Tail {
  if (tail === null) throw new Error("the report was never ended");
  return tail;
}

/** One root `error` at the step that diverged, first of all; none elsewhere; every step there, in order. */
function holdsTheContract(sequence: Sequence): void {
  const { kind, verdict, divergedAt, steps, findings } = sequence;
  expect(steps.map(({ step, id }) => ({ step, id }))).toEqual(stepsOf[kind].map(({ step, id }) => ({ step, id })));
  expect(verdict === "diverged").toBe(divergedAt !== null);
  expect(findings.filter(({ severity }) => severity === "error")).toHaveLength(verdict === "diverged" ? 1 : 0);
  if (divergedAt === null) return;
  expect(findings[0]).toMatchObject({ severity: "error", step: divergedAt });
  expect(steps.filter(({ state }) => state === "diverged").map(({ step }) => step)).toEqual([divergedAt]);
}

/** `http diverged@6 ntlm tgs-s-unknown`: kind, verdict and step, outcome, and the rule of a diverged one. */
export function line({ kind, verdict, divergedAt, outcome, findings }: Sequence): string {
  const at = divergedAt === null ? verdict : `${verdict}@${divergedAt}`;
  const root = findings.find(({ severity }) => severity === "error");
  return [kind, at, outcome, ...(root ? [root.rule] : [])].join(" ");
}

/** A line for each sequence of the report. */
export function told(capture: Scene | Uint8Array, ...hosts: readonly string[]): string[] {
  return report(capture, ...hosts).sequences.map(line);
}

/** Ids of all findings of all sequences and of the capture. */
export function rulesOf(capture: Scene | Uint8Array, ...hosts: readonly string[]): string[] {
  const { sequences, findings } = report(capture, ...hosts);
  return [...sequences.flatMap((sequence) => sequence.findings), ...findings].map(({ rule }) => rule);
}

/** `1 observed, 2 observed, 3 diverged, …` of the first sequence. */
export function states(capture: Scene | Uint8Array): Record<number, string> {
  const steps = report(capture).sequences[0]?.steps ?? [];
  return Object.fromEntries(steps.map(({ step, state }) => [step, state]));
}
