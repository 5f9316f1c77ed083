import { Slots } from "../../src/bytes/slots.ts";
import { operationCodes, rcodeName } from "./codes.ts";
import type { DnsMessage } from "./message.ts";

const SHOWN_ANSWERS = 4;

/** RFC 1035 3.2.2 in the words of Network Monitor. */
const typeWords: Readonly<Record<string, string>> = {
  A: "Host Addr",
  PTR: "Domain Ptr",
  SRV: "SRV (service location)",
};

export function describeDns(message: DnsMessage): string {
  const { id, opcode, kind } = message;
  return `DNS: QueryId = 0x${hex(id)}${operations.of(opcode)}${kind === "query" ? query(message) : response(message)}`;
}

const operations = new Slots((opcode) => `, ${operationCodes[opcode] ?? `opcode ${opcode}`}, `);

/** Octets that were written before. */
const octets: string[] = [];
const twoDigits = (octet: number) => (octets[octet] ??= octet.toString(16).toUpperCase().padStart(2, "0"));

/** Four digits. */
function hex(id: number): string {
  return `${twoDigits(id >>> 8)}${twoDigits(id & 0xff)}`;
}

function query({ questions }: DnsMessage): string {
  const question = questions[0];
  if (question === undefined) return "Query";
  return `Query for ${question.name} of type ${typeWords[question.type] ?? question.type}`;
}

function response(message: DnsMessage): string {
  const name = message.questions[0]?.name;
  const about = name === undefined ? "" : ` for ${name}`;
  if (message.rcode !== 0) return `Response${about} - ${rcodeName(message.rcode)}`;
  return `Response${about} - Success, ${answers(message)}${message.truncated ? ", truncated" : ""}${message.cut ? ", cut" : ""}`;
}

function answers({ answers: records }: DnsMessage): string {
  if (records.length === 0) return "no answers";
  let text = "";
  for (let at = 0; at < records.length && at < SHOWN_ANSWERS; at++) {
    const { type = "", data = "" } = records[at] ?? {};
    text += at === 0 ? data || type : `, ${data || type}`;
  }
  return records.length > SHOWN_ANSWERS ? `${text}, …` : text;
}
