import Table from "cli-table3";
import { withoutColours } from "./paint.ts";
import { columnsOf } from "./wrap.ts";

/** Lays out rows under a head; cells are cleaned, wrapped and perhaps coloured, lines without trailing blanks. */
export type DrawTable = (head: readonly string[], rows: readonly (readonly string[])[]) => string[];

/** The only door to cli-table3: at most a screenful. */
export function drawTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const table = new Table({
    head: [...head],
    chars: calm,
    // Without these cli-table3 colours pipes too.
    style: { head: [], border: [], compact: true, "padding-left": 0, "padding-right": 0 },
  });
  for (const row of rows) table.push(...linesOf(row).map((line) => [...line]));
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd());
}

const GAP = "  ";
/** The same lines without cli-table3, which takes two milliseconds for the steps of one sequence: for thousands. */
export function layOutTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const lines = [head, ...rows.flatMap(linesOf)];
  const columns = lines.map((line) => line.map(shownColumns));
  const widths = head.map((_, at) => columns.reduce((most, line) => Math.max(most, line[at] ?? 0), 0));
  const [titles = "", ...others] = lines.map((line, at) => padded(line, columns[at] ?? [], widths));
  return [titles, widths.map((width) => "─".repeat(width)).join("──"), ...others];
}

function padded(line: readonly string[], columns: readonly number[], widths: readonly number[]): string {
  let text = "";
  for (const [at, cell] of line.entries()) {
    text += `${at === 0 ? "" : GAP}${cell}${" ".repeat((widths[at] ?? 0) - (columns[at] ?? 0))}`;
  }
  return text.trimEnd();
}

function shownColumns(cell: string): number {
  return columnsOf(withoutColours(cell));
}

/** A row per line: what cli-table3 does with a cell of several lines takes the square of its length. */
function linesOf(row: readonly string[]): (readonly string[])[] {
  if (!row.some((cell) => cell.includes("\n"))) return [row];
  const cells = row.map((cell) => cell.split("\n"));
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, at) => cells.map((lines) => lines[at] ?? ""));
}

/** A rule under the head and blanks between the columns; nothing else. */
const calm = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  right: "",
  "right-mid": "",
  mid: "─",
  "mid-mid": "──",
  middle: "  ",
} as const;
