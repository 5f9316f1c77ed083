import { fileURLToPath } from "node:url";
import { kflow, MEBIBYTE, markdown, race } from "../race.js";

/** kflow beside what an expert would run on the same capture. */

const filter = "kerberos||dns||cldap||http.www_authenticate||http.authorization";
const fields = [
  ...["frame.number", "frame.time_epoch", "ip.src", "ip.dst", "kerberos.msg_type", "kerberos.error_code"],
  ...["kerberos.SNameString", "dns.qry.name", "dns.a", "http.host", "http.authorization", "http.www_authenticate"],
].flatMap((field) => ["-e", field]);
const ports = "port 53 or port 88 or port 389 or port 80";
const pcapParser = fileURLToPath(new URL("../pcap-parser.js", import.meta.url));

export const KFLOW = "kflow --format json";
export const CAT = "cat";
export const TSHARK = "tshark, filter and twelve fields";
export const PIPED = "tcpdump, port filter, into tshark";

const pipeline = `tcpdump -nr "$1" -w - "${ports}" | tshark -n -r - -Y "${filter}" -T fields ${fields.join(" ")}`;

const contestants = (path) => [
  { name: KFLOW, command: [process.execPath, kflow, "--quiet", "--format", "json", path] },
  { name: "kflow", slow: true, command: [process.execPath, kflow, "--quiet", path] },
  { name: "kflow messages", slow: true, command: [process.execPath, kflow, "messages", "--quiet", path] },
  { name: CAT, command: ["cat", path] },
  { name: "tcpdump, port filter", slow: true, command: ["tcpdump", "-nr", path, ports] },
  { name: PIPED, slow: true, command: ["sh", "-c", pipeline, "sh", path] },
  { name: TSHARK, slow: true, command: ["tshark", "-n", "-r", path, "-Y", filter, "-T", "fields", ...fields] },
  {
    name: "pcap-parser (records only)",
    slow: true,
    command: [process.execPath, "--no-deprecation", pcapParser, path],
  },
];

/** A table of one capture, and the results it was made of. */
export function peers(capture) {
  const results = race(contestants(capture.path));
  const base = results[0].seconds;
  const rows = results.map(({ name, seconds, cpu, peak }) => [
    name,
    seconds.toFixed(2),
    cpu.toFixed(2),
    (seconds / base).toFixed(2),
    `${(capture.frames / seconds / 1e6).toFixed(2)} M`,
    peak.toFixed(0),
  ]);
  const logins = capture.logins === undefined ? "" : `, ${capture.logins} logins`;
  const size = `${(capture.bytes / MEBIBYTE).toFixed(0)} MiB, ${capture.frames} packets${logins}`;
  const head = ["", "wall s", "CPU s", "÷ kflow", "packets/s", "peak MiB"];
  return { results, lines: [`### ${capture.name} (${size})`, "", ...markdown(head, rows)] };
}
