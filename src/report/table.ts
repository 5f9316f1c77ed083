import Table from "cli-table3";

/** The only door to cli-table3: at most a screenful of cleaned, already wrapped cells; lines without trailing blanks. */
export function drawTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const table = new Table({
    head: [...head],
    chars: calm,
    // Without these cli-table3 colours pipes too.
    style: { head: [], border: [], compact: true, "padding-left": 0, "padding-right": 0 },
  });
  for (const row of rows) table.push(...linesOf(row));
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd());
}

/** A row per line: what cli-table3 does with a cell of several lines takes the square of its length. */
function linesOf(row: readonly string[]): string[][] {
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
