import type { Finding, Head, Reporter, Sequence, Step, Tail } from "../model/report.ts";
import { jsonText } from "./json-text.ts";

/** The document of the contract, streamed: `schema` and `tool` first, then one sequence after the other, then the rest. */
export function createReporter(): Reporter {
  let sequences = 0;
  return {
    begin: (head: Head) => `{\n  "schema": ${jsonText(head.schema)},\n  "tool": ${value(head.tool)},\n  "sequences": [`,
    sequence(sequence) {
      sequences++;
      return `${sequences === 1 ? "" : ","}\n    ${nested(inOrder(sequence), 4)}`;
    },
    end: (tail) => `${sequences === 0 ? "" : "\n  "}],\n${members(tail)}\n}\n`,
  };
}

function members(tail: Tail): string {
  const keys = {
    findings: tail.findings.map(findingInOrder),
    problems: tail.problems,
    captures: tail.captures,
    verdict: tail.verdict,
  };
  return Object.entries(keys)
    .map(([key, member]) => `  "${key}": ${value(member)}`)
    .join(",\n");
}

function value(member: unknown): string {
  return nested(member, 2);
}

function nested(member: unknown, indent: number): string {
  return jsonText(member, 2).replaceAll("\n", `\n${" ".repeat(indent)}`);
}

// A key that is spread first keeps its place; absent ones stay `undefined`, which JSON leaves out.
const sequenceKeys = {
  id: undefined,
  kind: undefined,
  client: undefined,
  service: undefined,
  verdict: undefined,
  divergedAt: undefined,
  outcome: undefined,
  facts: undefined,
  steps: undefined,
  findings: undefined,
} as const satisfies Record<keyof Sequence, undefined>;

const stepKeys = {
  step: undefined,
  id: undefined,
  title: undefined,
  state: undefined,
  frames: undefined,
  framesOmitted: undefined,
  frame: undefined,
  time: undefined,
  from: undefined,
  to: undefined,
  process: undefined,
  summary: undefined,
  facts: undefined,
} as const satisfies Record<keyof Step, undefined>;

const findingKeys = {
  rule: undefined,
  severity: undefined,
  step: undefined,
  title: undefined,
  detail: undefined,
  code: undefined,
  frames: undefined,
  filter: undefined,
  filters: undefined,
  causes: undefined,
  confirm: undefined,
  fix: undefined,
} as const satisfies Record<keyof Finding, undefined>;

function inOrder(sequence: Sequence): object {
  return {
    ...sequenceKeys,
    ...sequence,
    steps: sequence.steps.map((step) => ({ ...stepKeys, ...step })),
    findings: sequence.findings.map(findingInOrder),
  };
}

function findingInOrder(finding: Finding): object {
  return { ...findingKeys, ...finding };
}
