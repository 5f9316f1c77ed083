// npm run bench [-- scale]: kflow beside its peers on captures made on the spot. Needs `npm run build`.
import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundled } from "./bundled.js";
import { kerberosTable } from "./kerberos.js";

const ROUNDS = 3;
const MEBIBYTE = 1_048_576;
const kflow = fileURLToPath(new URL("../../dist/kflow.js", import.meta.url));
const scale = Number(process.argv[2] ?? 1);
const folder = mkdtempSync(join(tmpdir(), "kflow-bench-"));

function make(name, generate, size) {
  const path = join(folder, `${name}.pcap`);
  const descriptor = openSync(path, "w");
  const made = generate((bytes) => writeSync(descriptor, bytes), size);
  closeSync(descriptor);
  return { name, path, ...made };
}

// Each wrapped by /usr/bin/time where there is one, which writes seconds and KiB into a file.
const timing = join(folder, "time");
const hasTime = spawnSync("/usr/bin/time", ["--version"]).status === 0;
const filter = "kerberos||dns||cldap||http.www_authenticate||http.authorization";
const fields = ["frame.number", "ip.src", "ip.dst", "kerberos.msg_type", "kerberos.error_code", "dns.qry.name"];
const ports = "port 53 or port 88 or port 389 or port 80";
const peer = fileURLToPath(new URL("pcap-parser.js", import.meta.url));

const contestants = [
  { name: "kflow --format json", command: (path) => [process.execPath, kflow, "--format", "json", path] },
  { name: "kflow", slow: true, command: (path) => [process.execPath, kflow, path] },
  { name: "kflow messages", command: (path) => [process.execPath, kflow, "messages", path] },
  { name: "cat", command: (path) => ["cat", path] },
  {
    name: "tcpdump, port filter",
    command: (path) => ["tcpdump", "-nr", path, ports],
  },
  {
    name: "tcpdump, port filter, into tshark",
    slow: true,
    command: (path) => [
      "sh",
      "-c",
      `tcpdump -nr "$1" -w - "${ports}" | tshark -n -r - -Y "${filter}" -T fields ${fields.map((f) => `-e ${f}`).join(" ")}`,
      "sh",
      path,
    ],
  },
  {
    name: "tshark, filter and six fields",
    slow: true,
    command: (path) => ["tshark", "-n", "-r", path, "-Y", filter, "-T", "fields", ...fields.flatMap((f) => ["-e", f])],
  },
  {
    name: "pcap-parser (records only)",
    slow: true,
    command: (path) => [process.execPath, "--no-deprecation", peer, path],
  },
];

function installed({ command }) {
  return spawnSync(command("x")[0], ["--version"], { stdio: "ignore" }).error === undefined;
}

/** One run: wall seconds and peak KiB. Exit codes are not looked at: kflow's tells its verdict. */
function once(command) {
  const [program, ...args] = hasTime ? ["/usr/bin/time", "-q", "-f", "%e %M", "-o", timing, ...command] : command;
  const begun = process.hrtime.bigint();
  const { error, signal } = spawnSync(program, args, { stdio: ["ignore", "ignore", "ignore"] });
  const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
  if (error || signal) return null;
  const peak = hasTime ? Number(readFileSync(timing, "utf8").trim().split(" ").at(-1)) : Number.NaN;
  return { seconds, peak };
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

/** All contestants in turn, round after round, so that a busy moment hits everybody. */
function race(capture, field) {
  const runs = new Map(field.map((one) => [one, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const one of field) {
      if (one.slow && round >= 2) continue;
      const run = once(one.command(capture.path));
      if (run) runs.get(one).push(run);
    }
  }
  return field
    .filter((one) => runs.get(one).length > 0)
    .map((one) => {
      const seconds = median(runs.get(one).map((run) => run.seconds));
      const peak = Math.max(...runs.get(one).map((run) => run.peak));
      return { name: one.name, seconds, peak };
    });
}

function table(capture, results) {
  const base = results[0].seconds;
  const rows = results.map(({ name, seconds, peak }) => {
    const rate = `${(capture.frames / seconds / 1e6).toFixed(2)} M`;
    return `| ${name} | ${seconds.toFixed(2)} | ${(seconds / base).toFixed(2)} | ${rate} | ${(peak / 1024).toFixed(0)} |`;
  });
  const size = `${(capture.bytes / MEBIBYTE).toFixed(0)} MiB, ${capture.frames} packets, ${capture.logins} logins`;
  return [
    `### ${capture.name} (${size})`,
    "",
    "| | wall s | ÷ kflow | packets/s | peak MiB |",
    "|---|---|---|---|---|",
    ...rows,
    "",
  ];
}

const GROWTH = [0.125, 0.25, 0.5, 1];
const PLOT_COLUMNS = 40;

/** How time and memory grow with one kind of traffic: medians of three at each size, and a bar of the time per packet. */
function growth(name, generate, size) {
  const rows = GROWTH.map((part) => {
    const capture = make(`${name}-${part}`, generate, Math.round(size * part));
    const runs = [1, 2, 3].map(() => once(contestants[0].command(capture.path))).filter((run) => run !== null);
    rmSync(capture.path);
    const seconds = median(runs.map((run) => run.seconds));
    return { capture, seconds, peak: Math.max(...runs.map((run) => run.peak)), each: (seconds / capture.frames) * 1e6 };
  });
  const most = Math.max(...rows.map(({ each }) => each));
  return [
    `#### ${name}`,
    "",
    "| MiB | packets | wall s | µs a packet | peak MiB | |",
    "|---|---|---|---|---|---|",
    ...rows.map(({ capture, seconds, peak, each }) => {
      const bar = "█".repeat(Math.round((each / most) * PLOT_COLUMNS));
      const mebibytes = (capture.bytes / MEBIBYTE).toFixed(0);
      return `| ${mebibytes} | ${capture.frames} | ${seconds.toFixed(2)} | ${each.toFixed(2)} | ${(peak / 1024).toFixed(0)} | ${bar} |`;
    }),
    "",
  ];
}

try {
  const { bulk, logins, lossy, flows } = await bundled("traffic.ts", folder);
  const captures = [
    make("bulk", bulk, Math.round(512 * scale)),
    make("logins", logins, Math.round(20_000 * scale)),
    make("lossy", lossy, Math.round(20_000 * scale)),
    make("flows", flows, Math.round(1_000_000 * scale)),
  ];
  const field = contestants.filter(installed);
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / MEBIBYTE / 1024)} GiB, Node ${process.version}`;
  process.stdout.write(
    `${new Date().toISOString().slice(0, 10)}, ${machine}; medians of ${ROUNDS} runs in turn (2 of the slow), files in the page cache\n\n`,
  );
  for (const capture of captures) process.stdout.write(`${table(capture, race(capture, field)).join("\n")}\n`);
  process.stdout.write(`${(await kerberosTable(folder)).join("\n")}\n`);
  process.stdout.write(
    "### How the cost grows\n\nThe bar is the time a packet takes: of equal length where the cost is linear.\n\n",
  );
  process.stdout.write(`${growth("bulk", bulk, 1024 * scale).join("\n")}\n`);
  process.stdout.write(`${growth("logins", logins, 20_000 * scale).join("\n")}\n`);
  process.stdout.write(`${growth("flows", flows, 1_000_000 * scale).join("\n")}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
