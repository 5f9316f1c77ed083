import Table from "cli-table3";

/** The only door to cli-table3: at most a screenful of cleaned, already wrapped cells; lines without trailing blanks. */
export function drawTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const table = new Table({
    head: [...head],
    chars: calm,
    // Without these cli-table3 colours pipes too.
    style: { head: [], border: [], compact: true, "padding-left": 0, "padding-right": 0 },
  });
  for (const row of rows) table.push([...row]);
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
