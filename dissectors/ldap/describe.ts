import { plain } from "../plain.ts";
import { dcFlagNames, netlogonOperations, resultCodes } from "./codes.ts";
import type { CldapEntry, CldapMessage, CldapSearch } from "./message.ts";

export function describeCldap(message: CldapMessage): string {
  return plain(`LDAP: ${operation(message)}`);
}

function operation(message: CldapMessage): string {
  switch (message.kind) {
    case "search":
      return `Search Request, MessageID: ${message.messageId}${search(message)}`;
    case "entry":
      return `Search Result Entry, MessageID: ${message.messageId}${entry(message)}`;
    case "done": {
      const status = resultCodes[message.resultCode] ?? message.resultCode;
      return `Search Result Done, MessageID: ${message.messageId}, Status: ${status}`;
    }
    default:
      return message satisfies never;
  }
}

function search(message: CldapSearch): string {
  const version = message.ntVer === null ? null : `0x${message.ntVer.toString(16).padStart(8, "0")}`;
  const asked = message.attributes.length === 0 ? "" : `, ${message.attributes.slice(0, 4).join(" ")}`;
  const { dnsDomain: DnsDomain, host: Host, user: User } = message;
  return asked + fields({ DnsDomain, Host, User, NtVer: version });
}

function entry(message: CldapEntry): string {
  if (message.opcode === null) return "";
  const name = netlogonOperations[message.opcode] ?? `netlogon operation ${message.opcode}`;
  const { dc: DC, domain: Domain, dcSite, clientSite, user: User } = message;
  const Flags = message.flags === null ? null : dcFlagNames(message.flags).join(" ");
  return `, ${name}${fields({ DC, Domain, User, "DC site": dcSite, "Client site": clientSite, Flags })}`;
}

function fields(values: Readonly<Record<string, string | null>>): string {
  let text = "";
  for (const name in values) {
    const value = values[name];
    if (value != null) text += `, ${name}: ${value}`;
  }
  return text;
}
