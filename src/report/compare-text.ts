import type { ComparedStep, Comparison, Difference, Side } from "../model/comparison.ts";
import { clean } from "./clean.ts";
import type { Look } from "./look.ts";
import { verdictInk } from "./sequence-text.ts";
import { clientName, serviceName, stateWords, verdictSentence } from "./words.ts";
import { indented } from "./wrap.ts";

/** The comparison for people: both verdicts, what explains the failure, then step by step. */
export function comparisonText(comparison: Comparison, look: Look): string {
  const { left, right, steps, explains, conclusion } = comparison;
  const told = steps.filter(({ differences, states }) => states[0] !== states[1] || differences.some(isTold));
  const lines = [
    ...indented(clean(capitalised(conclusion)), look.width, 2, "").map((line) => look.paint("bold", line)),
    "",
    ...sideLines("left ", left, look),
    ...sideLines("right", right, look),
    ...section(
      "What may explain it",
      explains.flatMap((one) => differenceLines(one, look, true)),
      look,
    ),
    ...section(
      "Step by step",
      told.flatMap((step) => stepLines(step, look)),
      look,
    ),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

const isTold = ({ weight }: Difference) => weight !== "usual";

function capitalised(sentence: string): string {
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}

function sideLines(name: string, { capture, sequence }: Side, look: Look): string[] {
  const verdict = look.paint(verdictInk[sequence.verdict], verdictSentence(sequence));
  return [
    ...indented(`${clean(capture)}, ${sequence.id}: ${verdict}`, look.width, 7, `${name}  `),
    ...indented(`${clientName(sequence)} → ${serviceName(sequence)}`, look.width, 7, "       "),
  ];
}

function section(title: string, body: readonly string[], look: Look): string[] {
  return body.length === 0 ? [] : ["", look.paint("bold", title), ...body];
}

function stepLines({ step, title, states, differences }: ComparedStep, look: Look): string[] {
  const [one, other] = states;
  const words = one === other ? stateWords[one].words : `${stateWords[one].words} | ${stateWords[other].words}`;
  return [
    ...indented(`${step} ${clean(title)}: ${words}`, look.width, 4, "  "),
    ...differences.filter(isTold).flatMap((one) => differenceLines(one, look, false)),
  ];
}

function differenceLines({ step, what, left, right }: Difference, look: Look, named: boolean): string[] {
  const place = named ? `step ${step}, ` : "";
  return [
    ...indented(clean(`${place}${what}`), look.width, 6, "    "),
    ...indented(shown(left), look.width, 13, "      left   "),
    ...indented(shown(right), look.width, 13, "      right  "),
  ];
}

function shown(value: string): string {
  return value === "" ? "(none)" : clean(value);
}
