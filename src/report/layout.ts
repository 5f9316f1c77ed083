import { withoutColours } from "./paint.ts";
import { columnsOf } from "./wrap.ts";

const GAP = "  ";
/**
 * Rows under a head, as `drawTable` draws them, cells cleaned, wrapped and perhaps coloured: for the steps of a sequence,
 * of which there may be thousands. The table library takes two milliseconds for each, and seven for the first.
 */
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

/** A row per line. */
export function linesOf(row: readonly string[]): (readonly string[])[] {
  if (!row.some((cell) => cell.includes("\n"))) return [row];
  const cells = row.map((cell) => cell.split("\n"));
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, at) => cells.map((lines) => lines[at] ?? ""));
}
