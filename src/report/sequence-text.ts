import type { Facts, Sequence } from "../model/report.ts";
import { clean } from "./clean.ts";
import { eventLines } from "./events-text.ts";
import { findingLines } from "./finding-text.ts";
import type { Look } from "./look.ts";
import type { Ink } from "./paint.ts";
import { stepLines } from "./steps-table.ts";
import { clientName, clientNote, serviceName, verdictNote, verdictSentence, verdictWords } from "./words.ts";
import { indented } from "./wrap.ts";

export const verdictInk = {
  ok: "green",
  diverged: "red",
  incomplete: "yellow",
  none: "yellow",
} as const satisfies Record<Sequence["verdict"] | "none", Ink>;

/** A sequence at length: verdict, who and what, its steps, its findings. */
export function sequenceLines(sequence: Sequence, look: Look): string[] {
  if (look.quiet) return [headline(sequence, look)];
  return [
    headline(sequence, look),
    "",
    ...whoLines(sequence, look),
    "",
    ...stepLines(sequence.steps, look),
    ...sequence.findings.flatMap((finding) => ["", ...findingLines(finding, look)]),
    ...eventLines(sequence, look),
  ];
}

function headline(sequence: Sequence, look: Look): string {
  const ink = (line: string) => look.paint("bold", look.paint(verdictInk[sequence.verdict], line));
  return indented(verdictSentence(sequence), look.width, 2, "").map(ink).join("\n");
}

/** Who asked for what, and how it ended for the client. */
function whoLines(sequence: Sequence, look: Look): string[] {
  const rows = [
    ["client", clientName(sequence)],
    ["service", [serviceName(sequence), ...places(sequence)].join(", ")],
    ["outcome", `${sequence.outcome} (${sequence.kind}, ${clean(sequence.id)})`],
    ["why NTLM", shown(sequence.facts["ntlmReason"])],
    ["facts", factWords(sequence.facts)],
  ] as const;
  return rows.flatMap(([label, text]) => (text === "" ? [] : indented(text, look.width, 9, label.padEnd(9))));
}

/** Host and socket, as far as the service's name does not say them. */
function places(sequence: Sequence): string[] {
  const { host, address, port } = sequence.service;
  const name = serviceName(sequence).toLowerCase();
  const ended = address?.includes(":") && port !== undefined ? `[${address}]` : address;
  const socket = port === undefined || ended === undefined ? ended : `${ended}:${port}`;
  return [host, socket].flatMap((place) => {
    const shown = clean(place ?? "");
    return shown === "" || name.includes(shown.toLowerCase()) ? [] : [shown];
  });
}

/** Facts that one line can say; records stay in the JSON report. */
function factWords(facts: Facts): string {
  const said = Object.entries(facts).flatMap(([name, value]) => {
    if (ownLines.has(name)) return [];
    if (isPlain(value)) return [`${name} ${value}`];
    return isPlainList(value) ? [`${name} ${value.join(" ")}`] : [];
  });
  return clean(said.join(", "));
}

/** A fact that has a line of its own. */
const shown = (fact: unknown) => (typeof fact === "string" ? clean(fact) : "");
const ownLines: ReadonlySet<string> = new Set(["ntlmReason"]);

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function isPlainList(value: unknown): value is (string | number | boolean)[] {
  return Array.isArray(value) && value.length > 0 && value.every(isPlain);
}

/** A sequence in one row of the list that opens a report on several; on a narrow terminal in two. */
export function summaryLines(sequence: Sequence, look: Look): string[] {
  const word = verdictWords[sequence.verdict];
  const lead = `  ${clean(sequence.id).padEnd(7)} ${sequence.kind.padEnd(10)} ${word.padEnd(10)}`;
  const text = `${clientNote(sequence)} → ${serviceName(sequence)}${verdictNote(sequence)}`;
  const narrow = look.width < 2 * lead.length;
  const lines = narrow
    ? [lead.trimEnd(), ...indented(text, look.width, 4)]
    : indented(text, look.width, lead.length + 2, `${lead}  `);
  const [first = "", ...more] = lines;
  return [first.replace(word, look.paint(verdictInk[sequence.verdict], word)), ...more];
}
