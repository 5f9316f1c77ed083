import { spawnSync } from "node:child_process";
import { kflow, make, markdown, middle, once, quotient } from "../race.js";

/** What a run costs before the first packet, and what a row of messages costs. */

const node = process.execPath;
const ROWS = 10_000;

export function start({ names, questions }) {
  const packet = make("one-packet", questions, 1);
  const rows = [];
  const bare = quotient([node, kflow, "--version"], [node, "-e", "0"]);
  rows.push({ name: "kflow --version ÷ bare node", value: bare.seconds, goal: 1.4 });
  if (spawnSync("tshark", ["--version"]).error === undefined) {
    const beside = quotient([node, kflow, "--quiet", packet.path], ["tshark", "-n", "-r", packet.path, "-V"]);
    rows.push({ name: "a capture of one packet, kflow ÷ tshark", value: beside.seconds, goal: 0.6 });
  }
  rows.push({ name: `ms of kflow messages for ${ROWS} rows over the analysis`, value: rowsCost(names), goal: 100 });
  const lines = [
    "### Start and rows",
    "",
    ...markdown(
      ["", "measured"],
      rows.map((row) => [row.name, row.value.toFixed(2)]),
    ),
  ];
  return { rows, lines };
}

/** Milliseconds that listing takes longer than `kflow info`, which reads the same messages and writes none of them. */
function rowsCost(names) {
  const capture = make("names", names, ROWS / 2);
  const listed = [];
  const read = [];
  for (let round = 0; round < 5; round++) {
    listed.push(once([node, kflow, "messages", "--quiet", capture.path]));
    read.push(once([node, kflow, "info", "--quiet", capture.path]));
  }
  return (middle(listed).seconds - middle(read).seconds) * 1e3;
}
