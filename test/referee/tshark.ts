import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Reading, type Row, rowOf } from "./row.ts";

const run = promisify(execFile);

/** tshark's field for each of ours; every occurrence in the frame, in order. */
const fields = {
  dnsId: ["dns.id"],
  dnsName: ["dns.qry.name"],
  rcode: ["dns.flags.rcode"],
  messageType: ["kerberos.msg_type"],
  errorCode: ["kerberos.error_code"],
  realm: ["kerberos.realm", "kerberos.crealm"],
  sname: ["kerberos.SNameString"],
  cname: ["kerberos.CNameString"],
  etype: ["kerberos.ENCTYPE"],
  method: ["http.request.method"],
  status: ["http.response.code"],
  negState: ["spnego.negResult"],
  mechanism: ["spnego.MechType", "spnego.supportedMech"],
  ntlm: ["ntlmssp.messagetype"],
  ntlmUser: ["ntlmssp.auth.username"],
  ldapId: ["ldap.messageID"],
  ldapResult: ["ldap.resultCode"],
  saslMechanism: ["ldap.mechanism"],
} as const satisfies Record<keyof Row, readonly string[]>;

const columns = Object.entries(fields).flatMap(([key, names]) => names.map((name) => ({ key, name })));
/** What an ICMP error quotes was said before. */
const QUOTED = "icmp";
/** A port that tshark knows as somebody else's; kflow goes by the bytes. */
const HTTP_PORT = "tcp.port==8085,http";
const TROUBLE = ["tcp.analysis.out_of_order", "tcp.analysis.lost_segment", "tcp.analysis.retransmission"];
const SEPARATOR = "\u001f";

export interface TsharkReading extends Reading {
  /** Segments that came late, twice or not at all: only then can reassembly out of order matter. */
  readonly isTroubled: boolean;
}

/** What tshark reads in a capture: one process. */
export async function asTshark(capture: string, isReordering: boolean): Promise<TsharkReading> {
  const wanted = ["frame.number", ...columns.map(({ name }) => name), ...TROUBLE, QUOTED];
  const options = ["-o", `tcp.reassemble_out_of_order:${isReordering ? "TRUE" : "FALSE"}`, "-d", HTTP_PORT];
  const shape = ["-T", "fields", "-E", "occurrence=a", "-E", `aggregator=${SEPARATOR}`];
  const args = ["-n", "-r", capture, ...options, ...shape, ...wanted.flatMap((name) => ["-e", name])];
  const { stdout } = await run("tshark", args, { maxBuffer: 2 ** 28, encoding: "utf8" });
  const reading = new Map<number, Row>();
  let isTroubled = false;
  for (const line of stdout.split("\n").filter((one) => one !== "")) {
    const cells = line.split("\t").map((cell) => (cell === "" ? [] : cell.split(SEPARATOR)));
    const [number = [], ...rest] = cells;
    isTroubled ||= rest.slice(columns.length, columns.length + TROUBLE.length).some((cell) => cell.length > 0);
    const row = rowOf((key) =>
      columns.flatMap((column, at) => {
        if (column.key !== key) return [];
        return (rest[at] ?? []).map((value) => spoken(key, value));
      }),
    );
    const isQuoted = (rest.at(-1) ?? []).length > 0;
    if (row !== null && !isQuoted) reading.set(Number(number[0]), row);
  }
  return { rows: reading, isTroubled };
}

const states = ["accept-completed", "accept-incomplete", "reject", "request-mic"];
const oids: Readonly<Record<string, string>> = {
  "1.2.840.113554.1.2.2": "KRB5",
  "1.2.840.48018.1.2.2": "MS-KRB5",
  "1.3.6.1.4.1.311.2.2.10": "NTLMSSP",
  "1.3.6.1.4.1.311.2.2.30": "NEGOEX",
};

/** tshark's value in kflow's words. */
function spoken(key: string, value: string): string {
  if (key === "negState") return states[Number(value)] ?? value;
  if (key === "mechanism") return oids[value] ?? value;
  if (key === "dnsId" || key === "ntlm") return String(Number(value));
  if (key === "dnsName") return value.toLowerCase();
  if (key === "ntlmUser") return value === "NULL" ? "" : value;
  return value;
}
