import { clean } from "../report/clean.ts";
import type { Look } from "../report/look.ts";
import { indented } from "../report/wrap.ts";
import type { Element } from "./element.ts";
import type { DecodedToken, DecodeProblem, Decoding } from "./index.ts";

/** Columns of the two numbers in front of a line. */
const OFFSET = 6;
const LENGTH = 7;
const MARGIN = OFFSET + LENGTH + 2;
/** Deeper elements are not moved further to the right: their text would have no room. */
const DEEPEST = 16;

/** The tokens for people: a line per element with its offset and length, then what is wrong. */
export function decodingText({ tokens, problems }: Decoding, look: Look): string {
  const parts = tokens.map((token) => tokenText(token, look));
  const rest = problems.flatMap((problem) => problemLines(problem, look));
  return [...parts, ...(rest.length === 0 ? [] : [`${rest.join("\n")}\n`])].join("\n");
}

function tokenText(token: DecodedToken, look: Look): string {
  const { paint, width } = look;
  const lines = indented(headline(token), width, 0).map((line) => paint("bold", line));
  if (!look.quiet) {
    lines.push("", paint("dim", `${"offset".padStart(OFFSET)}${"length".padStart(LENGTH)}`));
    for (const element of token.elements) lines.push(...elementLines(element, 0, look));
  }
  if (token.problems.length > 0) lines.push("", ...token.problems.flatMap((problem) => problemLines(problem, look)));
  return `${lines.join("\n")}\n`;
}

function headline({ title, encoding, bytes, elements, problems }: DecodedToken): string {
  const kind = elements
    .map((element) => wordFor(element))
    .filter((word) => word !== "")
    .join(" + ");
  const size = `${bytes} ${bytes === 1 ? "byte" : "bytes"}${encoding === null ? "" : ` from ${encoding}`}`;
  const state = problems.length === 0 ? "" : ", damaged";
  return `${title === "" ? "" : `${clean(title)}: `}${clean(kind)}, ${size}${state}`;
}

/** The name of what matters in an element: the innermost message. */
function wordFor(element: Element): string {
  const names: string[] = [];
  const visit = ({ name, tag, children = [] }: Element, depth: number) => {
    if (depth > 6) return;
    const matters =
      /^(NegToken|KRB-|A[SP]-RE|TGS-RE|[A-Z]+_MESSAGE$|NEGOEXTS|Ticket)/.test(name) &&
      (tag !== undefined || /_MESSAGE|NEGOEXTS/.test(name));
    if (matters) names.push(name);
    if (!/^(KRB-|A[SP]-RE|TGS-RE|Ticket)/.test(name)) for (const child of children) visit(child, depth + 1);
  };
  visit(element, 0);
  return names.length === 0 ? element.name : names.join(" > ");
}

function elementLines(element: Element, depth: number, look: Look): string[] {
  const { paint } = look;
  const { name, tag, offset, length, problem, children = [] } = element;
  const numbers = `${String(offset).padStart(OFFSET)}${String(length).padStart(LENGTH)}`;
  const indent = MARGIN + 2 * Math.min(depth, DEEPEST);
  const label = tag === undefined ? clean(name) : `${clean(name)} ${tag}`;
  const said = saidOf(element);
  const text = said === "" ? label : `${label}  ${said}`;
  const lines = indented(text, look.width, indent + 2, `${numbers}${" ".repeat(indent - OFFSET - LENGTH)}`);
  const [first = "", ...more] = lines;
  const rest = first
    .slice(OFFSET + LENGTH)
    .replace(label, (found) => (children.length > 0 ? paint("bold", found) : found));
  const out = [`${paint("dim", first.slice(0, OFFSET + LENGTH))}${rest}`, ...more];
  if (problem !== undefined) {
    out.push(...indented(`! ${clean(problem)}`, look.width, indent + 2).map((line) => paint("red", line)));
  }
  if (element.value !== undefined && !children.some(isDamaged)) return out;
  return [...out, ...children.flatMap((child) => elementLines(child, depth + 1, look))];
}

function isDamaged({ problem, children = [] }: Element): boolean {
  return problem !== undefined || children.some(isDamaged);
}

function saidOf({ name, value, note }: Element): string {
  const shown = value === undefined ? "" : clean(shownValue(name, value));
  if (note === undefined || note === "") return shown;
  return shown === ""
    ? clean(note)
    : `${shown} ${/^[\w.-]+$/.test(note) && typeof value === "number" ? clean(note) : `(${clean(note)})`}`;
}

function shownValue(name: string, value: string | number | boolean): string {
  return typeof value === "boolean" ? (value ? "TRUE" : "FALSE") : value === "" ? `empty ${name}` : String(value);
}

function problemLines({ text, offset, character, line, column, hint }: DecodeProblem, look: Look): string[] {
  const where = [
    ...(offset === undefined ? [] : [`offset ${offset}`]),
    ...(character === undefined
      ? []
      : [line === 1 ? `character ${character}` : `character ${character} (line ${line}, column ${column})`]),
  ].join(", ");
  const words = hint === undefined ? clean(text) : `${clean(text)}; ${clean(hint)}`;
  const sentence = where === "" ? words : `${where}: ${words}`;
  return indented(sentence, look.width, 2, "! ").map((each) => look.paint("red", each));
}
