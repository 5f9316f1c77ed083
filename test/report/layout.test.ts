import { describe, expect, it } from "vitest";
import { clean } from "../../src/report/clean.ts";
import { layOutTable } from "../../src/report/layout.ts";
import { painted, unpainted } from "../../src/report/paint.ts";
import { drawTable } from "../../src/report/table.ts";
import { wrap } from "../../src/report/wrap.ts";
import { reports } from "./fixtures.ts";

const sequences = Object.values(reports).flatMap((report) => report.sequences);

describe("rows are laid out as the table library draws them", () => {
  it.each([
    ["cells of one line", [["1", "DNS query", "frame 3"]]],
    ["cells of several lines", [["1\n2", "", "a\nbb\nccc"]]],
    ["empty lines amid a cell", [["", "a\n\nb", ""]]],
    ["blanks at the end", [["1", "a  ", "b  "]]],
    ["wide characters and marks", [["東京", "e\u0301", "ｋｄｃ"]]],
    ["longer than the head", [["12345", "a title that is longer than its head", "x"]]],
  ])("%s", (_, rows) => {
    const head = ["step", "title", "description"];
    expect(layOutTable(head, rows)).toEqual(drawTable(head, rows));
  });

  it.each([
    ["plain", unpainted],
    ["coloured", painted],
  ])("steps of every report, %s", (_, paint) => {
    expect(sequences.length).toBeGreaterThan(0);
    for (const { steps } of sequences) {
      const rows = steps.map(({ step, title, summary }) => [
        paint("bold", `${step}`),
        paint("red", clean(title)),
        wrap(clean(summary), 30)
          .map((line) => paint("dim", line))
          .join("\n"),
      ]);
      const head = ["step", "title", "description"];
      expect(layOutTable(head, rows)).toEqual(drawTable(head, rows));
    }
  });
});
