import Table from "cli-table3";
import { linesOf } from "./layout.ts";

/**
 * The only door to cli-table3: rows under a head, at most a screenful; cells are cleaned and wrapped, lines without
 * trailing blanks. What the library does with a cell of several lines takes the square of its length.
 */
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
