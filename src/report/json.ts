import type { Finding, Reporter, Sequence, Tail } from "../model/report.ts";
import { writeStep } from "./json-step.ts";
import { close, first, list, member, next, text, writeValue } from "./json-values.ts";
import { Page, type Ready, ready } from "./page.ts";

/** The document of the contract, streamed: `schema` and `tool` first, then one sequence after the other, then the rest. */
export function createReporter(): Reporter<Uint8Array> {
  const page = new Page();
  let sequences = 0;
  return {
    begin({ schema, tool }) {
      text(page, document.schema, schema);
      member(page, document.tool, tool, DOCUMENT);
      page.put(document.sequences);
      return page.take();
    },
    sequence(sequence) {
      page.put(sequences === 0 ? LINE : NEXT_LINE);
      sequences++;
      writeSequence(page, sequence, SEQUENCE);
      return page.take();
    },
    end(tail) {
      page.put(sequences === 0 ? NO_SEQUENCES : LAST_SEQUENCE);
      writeTail(page, tail);
      return page.take();
    },
  };
}

const LINE = ready("\n    ");
const NEXT_LINE = ready(",\n    ");
const NO_SEQUENCES = ready("]");
const LAST_SEQUENCE = ready("\n  ]");
const END_OF_FILE = ready("\n");

const DOCUMENT = 0;
const document = {
  schema: first(DOCUMENT, "schema"),
  tool: next(DOCUMENT, "tool"),
  sequences: ready(',\n  "sequences": ['),
  findings: next(DOCUMENT, "findings"),
  problems: next(DOCUMENT, "problems"),
  captures: next(DOCUMENT, "captures"),
  clocks: next(DOCUMENT, "clocks"),
  verdict: next(DOCUMENT, "verdict"),
};

function writeTail(page: Page, tail: Tail): void {
  list(page, document.findings, tail.findings, DOCUMENT, writeFinding);
  list(page, document.problems, tail.problems, DOCUMENT, writeValue);
  list(page, document.captures, tail.captures, DOCUMENT, writeValue);
  list(page, document.clocks, tail.clocks, DOCUMENT, writeValue);
  text(page, document.verdict, tail.verdict);
  close(page, DOCUMENT);
  page.put(END_OF_FILE);
}

const SEQUENCE = 2;
const ofSequence = {
  id: first(SEQUENCE, "id"),
  kind: next(SEQUENCE, "kind"),
  client: next(SEQUENCE, "client"),
  service: next(SEQUENCE, "service"),
  verdict: next(SEQUENCE, "verdict"),
  divergedAt: next(SEQUENCE, "divergedAt"),
  outcome: next(SEQUENCE, "outcome"),
  facts: next(SEQUENCE, "facts"),
  steps: next(SEQUENCE, "steps"),
  findings: next(SEQUENCE, "findings"),
} as const satisfies Record<keyof Sequence, Ready>;

function writeSequence(page: Page, sequence: Sequence, depth: number): void {
  text(page, ofSequence.id, sequence.id);
  text(page, ofSequence.kind, sequence.kind);
  member(page, ofSequence.client, sequence.client, depth);
  member(page, ofSequence.service, sequence.service, depth);
  text(page, ofSequence.verdict, sequence.verdict);
  member(page, ofSequence.divergedAt, sequence.divergedAt, depth);
  text(page, ofSequence.outcome, sequence.outcome);
  member(page, ofSequence.facts, sequence.facts, depth);
  list(page, ofSequence.steps, sequence.steps, depth, writeStep);
  list(page, ofSequence.findings, sequence.findings, depth, writeFinding);
  close(page, depth);
}

/** A finding's members in order; one of the capture as a whole stands less deep than one of a sequence. */
function writeFinding(page: Page, finding: Finding, depth: number): void {
  const { rule, severity, step, title, detail, code, frames, filter, filters, causes, confirm, fix } = finding;
  writeValue(page, { rule, severity, step, title, detail, code, frames, filter, filters, causes, confirm, fix }, depth);
}
