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
  const id = message.id.toString(16).toUpperCase().padStart(4, "0");
  const operation = operationCodes[message.opcode] ?? `opcode ${message.opcode}`;
  return `DNS: QueryId = 0x${id}, ${operation}, ${message.kind === "query" ? query(message) : response(message)}`;
}

function query(message: DnsMessage): string {
  const question = message.questions[0];
  if (question === undefined) return "Query";
  return `Query for ${question.name} of type ${typeWords[question.type] ?? question.type}`;
}

function response(message: DnsMessage): string {
  const name = message.questions[0]?.name;
  const about = name === undefined ? "" : ` for ${name}`;
  if (message.rcode !== 0) return `Response${about} - ${rcodeName(message.rcode)}`;
  const answers = message.answers.slice(0, SHOWN_ANSWERS).map(({ type, data }) => (data === "" ? type : data));
  const more = message.answers.length > SHOWN_ANSWERS ? ", …" : "";
  const what = answers.length === 0 ? "no answers" : `${answers.join(", ")}${more}`;
  return `Response${about} - Success, ${what}${message.truncated ? ", truncated" : ""}`;
}
