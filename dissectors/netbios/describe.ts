import { netlogonOperations } from "../ldap/codes.ts";
import { plain } from "../plain.ts";
import { nbnsOperations } from "./codes.ts";
import type { NbdgmMessage, NbnsMessage, NetbiosName } from "./message.ts";

export function describeNbns({ kind, opcode, name, type, rcode, addresses }: NbnsMessage): string {
  const operation = nbnsOperations[opcode] ?? `Operation ${opcode}`;
  const answer = kind === "query" ? "" : ` response${rcode === 0 ? "" : `, error ${rcode}`}`;
  const list = addresses.length === 0 ? "" : `, ${addresses.join(", ")}`;
  return plain(`NbtNs: ${operation}${answer}, ${spell(name)} ${type}${list}`);
}

export function describeNbdgm({ source, destination, mailslot, opcode }: NbdgmMessage): string {
  const slot = mailslot === null ? "" : `, ${mailslot}`;
  const name = opcode === null ? undefined : (netlogonOperations[opcode] ?? requests[opcode]);
  return plain(`NbtDs: ${spell(source)} to ${spell(destination)}${slot}${name === undefined ? "" : `, ${name}`}`);
}

/** MS-ADTS 6.3.1.3: what clients ask by mailslot. */
const requests: Readonly<Record<number, string>> = {
  7: "LOGON_PRIMARY_QUERY",
  12: "LOGON_PRIMARY_RESPONSE",
  18: "LOGON_SAM_LOGON_REQUEST",
};

/** `CONTOSO<1c>`, as Wireshark writes it. */
function spell({ text, suffix }: NetbiosName): string {
  return `${text}<${suffix.toString(16).padStart(2, "0")}>`;
}
