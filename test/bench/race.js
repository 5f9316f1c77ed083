import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Runs programs beside one another: seconds, CPU seconds and peak memory of each, medians over rounds in turn. */

export const MEBIBYTE = 1_048_576;
const ROUNDS = 3;
const SLOW_ROUNDS = 2;
export const kflow = fileURLToPath(new URL("../../dist/kflow.cjs", import.meta.url));
export const folder = mkdtempSync(join(tmpdir(), "kflow-bench-"));

// Forty milliseconds a start of Node where it is set, which is not what is compared here.
delete process.env.NODE_EXTRA_CA_CERTS;

export function cleanUp() {
  rmSync(folder, { recursive: true, force: true });
}

/** A capture made by one of the generators: name, path, and what the generator says of it. */
export function make(name, generate, size) {
  const path = join(folder, `${name.replaceAll(/[^\w.]+/g, "-")}.pcap`);
  const descriptor = openSync(path, "w");
  const made = generate((bytes) => writeSync(descriptor, bytes), size);
  closeSync(descriptor);
  return { name, path, bytes: statSync(path).size, ...made };
}

/** A capture that somebody has, with its packets counted. */
export function found(path) {
  const counted = spawnSync(process.execPath, [kflow, "info", "--format", "json", path], {
    encoding: "utf8",
    maxBuffer: 64 * MEBIBYTE,
  });
  const { frames } = JSON.parse(counted.stdout).captures[0];
  return { name: basename(path), path, bytes: statSync(path).size, frames };
}

// Each wrapped by /usr/bin/time where there is one, which writes its figures into a file.
const timing = join(folder, "time");
const hasTime = spawnSync("/usr/bin/time", ["--version"]).status === 0;

export function timed(command) {
  return hasTime ? ["/usr/bin/time", "-q", "-f", "%e %U %S %M", "-o", timing, ...command] : command;
}

/** Wall and CPU seconds and peak MiB of one run; null: it could not. Exit codes are not looked at: kflow's tells its verdict. */
export function once(command, isTimed = false) {
  const [program, ...args] = isTimed ? command : timed(command);
  const begun = process.hrtime.bigint();
  const { error, signal } = spawnSync(program, args, { stdio: ["ignore", "ignore", "ignore"] });
  const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
  if (error || signal) return null;
  if (!hasTime) return { seconds, cpu: Number.NaN, peak: Number.NaN };
  const [, user, system, kibibytes] = readFileSync(timing, "utf8").trim().split("\n").at(-1).split(" ").map(Number);
  return { seconds, cpu: user + system, peak: kibibytes / 1024 };
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

/** What several runs of the same come to. */
export function middle(runs) {
  return {
    seconds: median(runs.map((run) => run.seconds)),
    cpu: median(runs.map((run) => run.cpu)),
    peak: Math.max(...runs.map((run) => run.peak)),
  };
}

/** All in turn, round after round, so that a busy moment hits everybody; those that are not installed stay out. */
export function race(field, rounds = ROUNDS) {
  const runners = field.filter(
    ({ command }) => spawnSync(command[0], ["--version"], { stdio: "ignore" }).error === undefined,
  );
  const runs = new Map(runners.map((one) => [one, []]));
  for (let round = 0; round < rounds; round++) {
    for (const one of runners) {
      if (one.slow && round >= SLOW_ROUNDS) continue;
      const run = once(one.command);
      if (run) runs.get(one).push(run);
    }
  }
  return runners.filter((one) => runs.get(one).length > 0).map((one) => ({ name: one.name, ...middle(runs.get(one)) }));
}

/** One run after the other of each, and the quotient of every pair: its median. */
export function quotient(one, other, rounds = 15) {
  const quotients = [];
  for (let round = 0; round < rounds; round++) {
    const a = once(one);
    const b = once(other);
    if (a && b) quotients.push({ seconds: a.seconds / b.seconds, cpu: a.cpu / b.cpu, peak: a.peak });
  }
  return quotients.length === 0 ? null : middle(quotients);
}

export function markdown(head, rows) {
  return [
    `| ${head.join(" | ")} |`,
    `|${"---|".repeat(head.length)}`,
    ...rows.map((row) => `| ${row.join(" | ")} |`),
    "",
  ];
}
