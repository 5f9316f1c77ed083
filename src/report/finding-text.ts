import type { Finding } from "../model/report.ts";
import { clean } from "./clean.ts";
import type { Look } from "./look.ts";
import type { Ink } from "./paint.ts";
import { frameList } from "./words.ts";
import { indented } from "./wrap.ts";

const labels = { error: "Cause", warning: "Warning", info: "Note" } as const;
const inks = { error: "red", warning: "yellow", info: "cyan" } as const satisfies Record<Finding["severity"], Ink>;

/** One finding: the root cause at length, with what to check and what to do; any other as briefly as it can be said. */
export function findingLines(finding: Finding, look: Look): string[] {
  const label = labels[finding.severity];
  const title = indented(clean(finding.title), look.width, label.length + 2, `${label}: `);
  const inked = title.map((line, at) =>
    at === 0 ? line.replace(label, look.paint(inks[finding.severity], label)) : line,
  );
  return [...inked, ...(finding.severity === "error" ? rootLines(finding, look) : briefLines(finding, look))];
}

function rootLines(finding: Finding, look: Look): string[] {
  return [
    ...origin(finding, look),
    ...(finding.detail === "" ? [] : ["", ...indented(clean(finding.detail), look.width, 2)]),
    ...block("Likely causes", rankedCauses(finding, look), look),
    ...block("Confirm", commands(finding.confirm), look),
    ...block("Fix", commands(finding.fix), look),
    ...filtersOf(finding).flatMap(({ where, filter }) => block(`Show in Wireshark${where}`, commands([filter]), look)),
  ];
}

function briefLines(finding: Finding, look: Look): string[] {
  const rows = [
    ...finding.confirm.map((command) => `  confirm  ${clean(command)}`),
    ...finding.fix.map((command) => `  fix      ${clean(command)}`),
    ...filtersOf(finding).map(({ where, filter }) => `  filter   ${clean(filter)}${where}`),
  ];
  const causes =
    finding.causes.length === 0 ? [] : indented(clean(finding.causes.join("; ")), look.width, 11, "  causes   ");
  const detail = finding.detail === "" ? [] : indented(clean(finding.detail), look.width, 2);
  return [...detail, ...causes, ...rows, ...origin(finding, look)];
}

/** The display filters, each with the capture in which it shows something where there are several. */
function filtersOf({ filter, filters }: Finding): { readonly filter: string; readonly where: string }[] {
  if (filters !== undefined) return filters.map((one) => ({ ...one, where: ` (capture ${one.capture + 1})` }));
  return filter === "" ? [] : [{ filter, where: "" }];
}

/** `rule tgs-s-unknown · step 6 · kerberos 7 KDC_ERR_S_PRINCIPAL_UNKNOWN · frames 3034, 3036` */
function origin(finding: Finding, look: Look): string[] {
  const { code, frames, step } = finding;
  const parts = [
    `rule ${finding.rule}`,
    ...(step === null ? [] : [`step ${step}`]),
    ...(code === undefined ? [] : [`${code.protocol} ${codeNumber(code.number)} ${code.name}`]),
    ...(frames.length === 0 ? [] : [`${frames.length === 1 ? "frame" : "frames"} ${frameList(frames)}`]),
  ];
  return indented(clean(parts.join(" · ")), look.width, 2).map((line) => look.paint("dim", line));
}

/** NTSTATUS and its like are known by their hexadecimal digits. */
function codeNumber(number: number): string {
  return number >= 0x8000_0000 ? `0x${number.toString(16)}` : String(number);
}

function block(title: string, lines: readonly string[], look: Look): string[] {
  return lines.length === 0 ? [] : ["", `  ${look.paint("bold", title)}`, ...lines];
}

function rankedCauses(finding: Finding, look: Look): string[] {
  return finding.causes.flatMap((cause, at) => indented(clean(cause), look.width, 7, `    ${at + 1}. `.padEnd(7)));
}

/** Each on a line of its own and never broken: they are meant to be copied. */
function commands(lines: readonly string[]): string[] {
  return lines.map((line) => `    ${clean(line)}`);
}
