import type { Step } from "../model/report.ts";
import { clean } from "./clean.ts";
import { layOutTable } from "./layout.ts";
import type { Look } from "./look.ts";
import type { Ink, Paint } from "./paint.ts";
import { frameList, frameText, stateWords } from "./words.ts";
import { columnsOf, indented, wrap } from "./wrap.ts";

/** Below this a table is unreadable and the steps become a list. */
const NARROWEST_TABLE = 60;
const NARROWEST_DESCRIPTION = 20;
/** From here on addresses have columns of their own and states are spelled out. */
const WIDE = 110;
const GAP = 2;
const LONGEST_NAME = 22;
const LONGEST_FRAME_LIST = 24;

interface Column {
  readonly head: string;
  cell(step: Step): string;
}

/** The steps of a sequence as lines: a table, or a list on a narrow terminal. */
export function stepLines(steps: readonly Step[], look: Look): string[] {
  return look.width < NARROWEST_TABLE ? listLines(steps, look) : tableLines(steps, look);
}

function tableLines(steps: readonly Step[], look: Look): string[] {
  const columns = look.width < WIDE ? narrow : wide;
  const cells = steps.map((step) => columns.map((column) => column.cell(step)));
  const taken = columns.map((column, at) => widest([column.head, ...cells.map((row) => row[at] ?? "")]));
  const room = look.width - taken.reduce((sum, width) => sum + width + GAP, 0);
  if (room < NARROWEST_DESCRIPTION) return listLines(steps, look);
  const rows = steps.map((step, at) => [...(cells[at] ?? []), wrap(description(step, look.width), room).join("\n")]);
  const inked = rows.map((row, at) => row.map((cell) => inkLines(look.paint, steps[at]?.state, cell)));
  const head = [...columns.map((column) => column.head), "description"];
  const [titles = "", ...rest] = layOutTable(head, inked);
  return [look.paint("bold", titles), ...rest].map((line) => line.trimEnd());
}

const stepColumn: Column = { head: "step", cell: (step) => `${stateWords[step.state].sign} ${step.step}` };
const stateColumn: Column = { head: "state", cell: (step) => stateWords[step.state].words };
const frameColumn: Column = { head: "frame", cell: (step) => frameOf(step) };

const narrow: readonly Column[] = [
  stepColumn,
  frameColumn,
  { head: "time (UTC)", cell: (step) => clock(step, 3) },
  { head: "from → to", cell: (step) => [...shortName(step.from), ...shortName(step.to, "→ ")].join("\n") },
];

const wide: readonly Column[] = [
  stepColumn,
  stateColumn,
  frameColumn,
  { head: "time (UTC)", cell: (step) => clock(step, 6) },
  { head: "from", cell: (step) => shortName(step.from).join("\n") },
  { head: "to", cell: (step) => shortName(step.to).join("\n") },
];

/** An address or name, broken so that even long IPv6 addresses leave room to the description. */
function shortName(name: string | undefined, lead = ""): string[] {
  if (name === undefined || name === "") return [];
  const margin = " ".repeat(lead.length);
  return wrap(clean(name), LONGEST_NAME).map((line, at) => (at === 0 ? lead : margin) + line);
}

/** `00:59:30.073` of an ISO time, with that many decimals. */
function clock(step: Step, decimals: number): string {
  return clean(step.time ?? "")
    .slice(11, 20 + decimals)
    .replace(/Z$/, "");
}

/** What was seen, or why nothing was. */
function description(step: Step, width: number): string {
  const { words } = stateWords[step.state];
  const seen = clean(step.summary) || `${step.state === "diverged" ? "no " : ""}${clean(step.title)}`;
  const many = step.frames.length > 1 ? ` [${framesNote(step)}]` : "";
  if (step.state === "observed") return seen + many;
  if (step.state === "diverged") return `${width < WIDE ? "DIVERGED: " : ""}${seen}${many}`;
  return width < WIDE ? `${seen}${many} (${words})` : seen + many;
}

/** The frame that a reader should jump to; empty where there is none. */
function frameOf(step: Step): string {
  const frame = step.frame ?? step.frames.at(-1);
  return frame === undefined ? "" : frameText(frame);
}

/** `frames 3037–3040`, or how many where a list would bury the description; the JSON report has them all. */
function framesNote({ frames, framesOmitted = 0 }: Step): string {
  const few = frameList(frames, framesOmitted);
  if (few.length <= LONGEST_FRAME_LIST) return `frames ${few}`;
  const [first = 0, last = first] = [frames[0], frames.at(-1)];
  return `${frames.length + framesOmitted} frames, ${frameText(first)} to ${frameText(last)}`;
}

function listLines(steps: readonly Step[], look: Look): string[] {
  return steps.flatMap((step) => {
    const { sign } = stateWords[step.state];
    const frame = frameOf(step);
    const where =
      frame === "" ? [] : [`    frame ${frame}  ${clock(step, 3)}`, ...indented(journey(step), look.width, 4)];
    const [first = "", ...more] = indented(description(step, look.width), look.width, 4, `${sign} ${step.step} `);
    return [first, ...more, ...where].map((line) => inkLines(look.paint, step.state, line));
  });
}

function journey(step: Step): string {
  return clean([step.from, step.to].filter((name) => name !== undefined).join(" → "));
}

function widest(cells: readonly string[]): number {
  let most = 0;
  for (const cell of cells) {
    if (cell.includes("\n")) most = Math.max(most, widest(cell.split("\n")));
    else if (cell.length > 0) most = Math.max(most, columnsOf(cell));
  }
  return most;
}

const stateInk: { readonly [state in Step["state"]]?: Ink } = {
  diverged: "red",
  cached: "dim",
  "not-captured": "dim",
  "not-needed": "dim",
  encrypted: "dim",
  "not-reached": "dim",
};

/** Line by line, so that a colour never runs across the columns beside it. */
function inkLines(paint: Paint, state: Step["state"] | undefined, cell: string): string {
  const ink = state === undefined ? undefined : stateInk[state];
  if (ink === undefined) return cell;
  if (!cell.includes("\n")) return paint(ink, cell);
  return cell
    .split("\n")
    .map((line) => paint(ink, line))
    .join("\n");
}
