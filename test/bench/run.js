// npm run bench [-- scale | -- trace.pcap …]: kflow beside its peers, on captures made on the spot or on yours.

import { rmSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { bundled } from "./bundled.js";
import { kerberosTable } from "./kerberos.js";
import { cleanUp, folder, found, MEBIBYTE, make, markdown } from "./race.js";
import { growth } from "./sections/growth.js";
import { CAT, KFLOW, PIPED, peers, TSHARK } from "./sections/peers.js";
import { start } from "./sections/start.js";
import { tenfold } from "./sections/tenfold.js";

const words = process.argv.slice(2);
const isScale = words.every((word) => Number.isFinite(Number(word)));
const say = (lines) => process.stdout.write(`${lines.join("\n")}\n`);

/** What the sections came to beside what they are meant to: `[what, measured, at most]`. */
const goals = [];

/** kflow's seconds by another's, and its memory. */
function judge(name, results, limits) {
  const own = results.find((result) => result.name === KFLOW);
  for (const [peer, most] of limits) {
    const other = results.find((result) => result.name === peer);
    if (other) goals.push([`${name}: seconds ÷ ${peer}`, own.seconds / other.seconds, most]);
  }
  goals.push([`${name}: peak MiB`, own.peak, 128]);
}

function judgeTenfold(rows) {
  for (const [one, ten] of [rows.slice(0, 2), rows.slice(2, 4)]) {
    goals.push([`${ten.name}: seconds a MiB ÷ those of ${one.name}`, one.rate / ten.rate, 1.1]);
    goals.push([`${ten.name}: peak ÷ that of ${one.name}`, ten.peak / one.peak, 1.15]);
  }
}

function judgeKerberos(rates) {
  for (const { name, kflow, asn1js } of rates.filter(({ name }) => name.includes("mixed"))) {
    goals.push([`Kerberos messages, ${name}: µs each`, 1e6 / kflow, 1]);
    goals.push([`Kerberos messages, ${name}: ÷ asn1js`, asn1js / kflow, 0.01]);
  }
}

async function onOurs(scale) {
  const traffic = await bundled("traffic.ts", folder);
  const { bulk, logins, lossy, flows } = traffic;
  const kinds = [
    {
      name: "bulk",
      generate: bulk,
      size: 1_024,
      limits: [
        [TSHARK, 1 / 25],
        [PIPED, 0.7],
        [CAT, 4],
      ],
    },
    { name: "logins", generate: logins, size: 20_000, limits: [[TSHARK, 1 / 12]] },
    { name: "lossy", generate: lossy, size: 20_000, limits: [[TSHARK, 1 / 12]] },
    { name: "flows", generate: flows, size: 1_000_000, limits: [[TSHARK, 1 / 50]] },
  ];
  for (const { name, generate, size, limits } of kinds) {
    const capture = make(name, generate, Math.round(size * scale));
    const { results, lines } = peers(capture);
    rmSync(capture.path);
    say(lines);
    judge(name, results, limits);
  }
  const ten = await tenfold(traffic, scale);
  say(ten.lines);
  judgeTenfold(ten.rows);
  const first = start(traffic);
  say(first.lines);
  goals.push(...first.rows.map(({ name, value, goal }) => [name, value, goal]));
  const { rates, lines } = await kerberosTable(folder);
  say(lines);
  judgeKerberos(rates);
  say(["### How the cost grows", "", "Bars of equal length where the cost is linear.", ""]);
  for (const { name, generate, size } of kinds) if (name !== "lossy") say(growth(name, generate, size * scale));
}

function onYours(paths) {
  for (const path of paths) say(peers(found(path)).lines);
}

function sayGoals() {
  const rows = goals.map(([what, value, most]) => [
    what,
    value.toFixed(3),
    most.toFixed(3),
    value <= most ? "yes" : "no",
  ]);
  say(["### Goals", "", ...markdown(["", "measured", "at most", "met"], rows)]);
}

const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / MEBIBYTE / 1024)} GiB, Node ${process.version}`;
say([`${new Date().toISOString().slice(0, 10)}, ${machine}; medians of runs in turn, files in the page cache`, ""]);
try {
  if (isScale) await onOurs(Number(words[0] ?? 1));
  else onYours(words);
  if (goals.length > 0) sayGoals();
} finally {
  cleanUp();
}
