import { clean } from "../report/clean.ts";
import type { Look } from "../report/look.ts";
import { indented } from "../report/wrap.ts";
import type { Answer, Meaning } from "./answer.ts";
import type { Case } from "./cases.ts";
import type { Topic } from "./topic.ts";
import { originNames } from "./topic.ts";

/** Answers for people, one after the other: the likeliest meaning at length, others in two lines. */
export function answersText(answers: readonly Answer[], look: Look): string {
  const parts = answers.map((answer) => answerLines(answer, look).join("\n"));
  const line = look.paint("dim", "─".repeat(Math.min(look.width, 100)));
  return `${parts.join(`\n\n${line}\n`)}\n`;
}

function answerLines({ query, meanings }: Answer, look: Look): string[] {
  const [first, ...others] = meanings;
  if (!first) return [];
  const parts = others.filter(({ isPart }) => isPart).flatMap((meaning) => ["", ...fullLines(meaning, look)]);
  const rest = others.filter(({ isPart }) => !isPart).flatMap((meaning) => ["", ...briefLines(meaning, query, look)]);
  const more = rest.length === 0 ? [] : ["", look.paint("bold", "It can also mean"), ...rest];
  return [...fullLines(first, look), ...parts, ...more];
}

function fullLines(meaning: Meaning, look: Look): string[] {
  const { topic, remark } = meaning;
  return [
    look.paint("bold", headline(topic)),
    ...indented(clean(topic.meaning), look.width, 2),
    ...(remark === "" ? [] : indented(clean(remark), look.width, 2)),
    ...spellingLines(topic, look),
    ...caseLines(meaning, look),
    ...seeLines(meaning, look),
    ...ruleLines(meaning, look),
  ];
}

/** `KDC_ERR_S_PRINCIPAL_UNKNOWN: KRB-ERROR 7 (0x7)` */
function headline({ name, origin, number }: Topic): string {
  const kind = originNames[origin];
  if (number === null || plainly.includes(origin)) return `${clean(name)}: ${kind}`;
  return `${clean(name)}: ${kind} ${numberWords(number)}`;
}

/** Things whose names say their number already. */
const plainly: readonly Topic["origin"][] = ["event", "http"];

function numberWords(number: number): string {
  if (number >= 0x8000_0000) return `0x${number.toString(16).toUpperCase()} (${number})`;
  return number < 0 ? `${number}` : `${number} (0x${number.toString(16).toUpperCase()})`;
}

function spellingLines(topic: Topic, look: Look): string[] {
  const { spellings } = topic;
  const title = headline(topic);
  const names = spellings.filter((spelling) => !spelling.includes(" ") && !title.includes(spelling));
  const said = spellings.filter((spelling) => spelling.includes(" ")).map((text) => `“${text}”`);
  return [
    ...(names.length === 0 ? [] : indented(`also: ${clean(names.join(", "))}`, look.width, 8, "  ")),
    ...(said.length === 0 ? [] : indented(`text: ${clean(said.join(", "))}`, look.width, 8, "  ")),
  ];
}

/** More places than this are told by their titles; what to do is told of the first. */
const MOST_CASES = 4;

function caseLines({ cases, topic }: Meaning, look: Look): string[] {
  if (topic.origin === "rule") return cases.flatMap((one) => ["", ...adviceLines(one, look)]);
  if (cases.length <= MOST_CASES) return cases.flatMap((one) => oneCase(one, look));
  const [first] = cases;
  const causes = cases.map(({ title, rule }) => `${title} (${rule})`);
  return [
    "",
    ...list("Likely causes", causes, look),
    ...(first
      ? [...commands(`Confirm (${first.rule})`, first.confirm, look), ...commands("Fix", first.fix, look)]
      : []),
  ];
}

function oneCase(one: Case, look: Look): string[] {
  const title = indented(clean(`${one.title} (rule ${one.rule})`), look.width, 4, "  ");
  return ["", ...title.map((line) => look.paint("bold", line)), ...adviceLines(one, look)];
}

function adviceLines({ where, causes, confirm, fix }: Case, look: Look): string[] {
  return [
    ...(where === "" ? [] : indented(clean(`Where: ${where}`), look.width, 11, "    ")),
    ...list("Likely causes", causes, look),
    ...commands("Confirm", confirm, look),
    ...commands("Fix", fix, look),
  ];
}

function list(title: string, lines: readonly string[], look: Look): string[] {
  if (lines.length === 0) return [];
  const ranked = lines.flatMap((line, at) => indented(clean(line), look.width, 9, `      ${at + 1}. `.padEnd(9)));
  return [`    ${title}`, ...ranked];
}

/** Never broken: they are meant to be copied. */
function commands(title: string, lines: readonly string[], look: Look): string[] {
  if (lines.length === 0) return [];
  return [look.paint("dim", `    ${title}`), ...lines.map((line) => `      ${clean(line)}`)];
}

function seeLines({ see }: Meaning, look: Look): string[] {
  const others = see.filter(({ origin }) => origin !== "rule");
  if (others.length === 0) return [];
  const words = others.flatMap((topic) =>
    indented(`${headline(topic)}. ${clean(topic.meaning)}`, look.width, 6, "    "),
  );
  return ["", "  On the wire", ...words];
}

function ruleLines({ rules, topic }: Meaning, look: Look): string[] {
  if (rules.length === 0 || topic.origin === "rule") return [];
  const ids = rules.map(({ id }) => id).join(", ");
  return ["", ...indented(`Rules that speak of it: ${clean(ids)}`, look.width, 4, "  ")];
}

function briefLines({ topic, remark }: Meaning, query: string, look: Look): string[] {
  const ask = topic.number === null || topic.number < 0 ? topic.name : `${hintOf[topic.origin]} ${topic.number}`;
  const more = ask.toLowerCase() === query.trim().toLowerCase() ? "" : `kflow explain '${clean(ask)}'`;
  const said = remark === "" ? topic.meaning : `${remark} ${topic.meaning}`;
  return [
    `  ${headline(topic)}`,
    ...indented(clean(said), look.width, 4),
    ...(more === "" ? [] : [look.paint("dim", `    ${more}`)]),
  ];
}

/** What to write in front of a number so that it means this. */
const hintOf = {
  kerberos: "kerberos",
  event: "event",
  win32: "win32",
  ntstatus: "ntstatus",
  sspi: "sspi",
  mit: "mit",
  ldap: "ldap",
  netlogon: "netlogon",
  dns: "rcode",
  http: "http",
  etype: "etype",
  rule: "rule",
  term: "term",
} as const satisfies Record<Topic["origin"], string>;

/** Everything that can be explained, one line each. */
export function topicsText(topics: Iterable<Topic>, look: Look): string {
  const lines: string[] = [];
  let origin = "";
  for (const topic of topics) {
    if (topic.origin !== origin)
      lines.push(...(origin === "" ? [] : [""]), look.paint("bold", originNames[topic.origin]));
    origin = topic.origin;
    const number = topic.number === null ? "" : shortNumber(topic.number);
    lines.push(`  ${number.padEnd(12)}${clean(topic.name)}`.trimEnd());
  }
  return `${lines.join("\n")}\n`;
}

function shortNumber(number: number): string {
  return number >= 0x8000_0000 ? `0x${number.toString(16).toUpperCase()}` : `${number}`;
}
