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
  smbCommand: ["smb2.cmd", "smb.cmd"],
  smbStatus: ["smb2.nt_status"],
  smbPath: ["smb2.tree"],
} as const satisfies Record<keyof Row, readonly string[]>;

/** The commands of which a login is made, in tshark's numbers for SMB2 and SMB1; kflow tells no others. */
const smbCommands: Readonly<Record<string, string>> = {
  "0": "NEGOTIATE",
  "1": "SESSION_SETUP",
  "3": "TREE_CONNECT",
  "114": "NEGOTIATE",
  "115": "SESSION_SETUP",
  "117": "TREE_CONNECT",
};

const columns = Object.entries(fields).flatMap(([key, names]) => names.map((name) => ({ key, name })));
/** What an ICMP error quotes was said before. */
const QUOTED = "icmp";
/** Which way a message of SMB2 goes. */
const RESPONSE = "smb2.flags.response";
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
  const wanted = ["frame.number", ...columns.map(({ name }) => name), ...TROUBLE, QUOTED, RESPONSE];
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
    const commands = rest[columns.findIndex(({ name }) => name === "smb2.cmd")] ?? [];
    const isLogin = commands.every((command) => command in smbCommands);
    // tshark repeats the path at everything that is asked for below it.
    const isTree = commands.includes("3") && !(rest.at(-1) ?? []).includes("1");
    const isTold = (key: string) => (key === "smbPath" ? isTree : key !== "smbStatus" || isLogin);
    const row = rowOf((key) =>
      columns.flatMap((column, at) => {
        if (column.key !== key || !isTold(key)) return [];
        return (rest[at] ?? []).map((value) => spoken(key, value)).filter((value) => value !== "");
      }),
    );
    const isQuoted = (rest.at(-2) ?? []).length > 0;
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
  if (key === "smbCommand") return smbCommands[String(Number(value))] ?? "";
  if (key === "dnsId" || key === "ntlm" || key === "smbStatus") return String(Number(value));
  if (key === "dnsName") return value.toLowerCase();
  if (key === "ntlmUser") return value === "NULL" ? "" : value;
  return value;
}
