import { Slots } from "../../src/bytes/slots.ts";
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
  const { attributes, dnsDomain, host, user, ntVer } = message;
  const version = ntVer === null ? null : `0x${ntVer.toString(16).padStart(8, "0")}`;
  const asked =
    attributes.length === 0 ? "" : `, ${attributes.length === 1 ? attributes[0] : attributes.slice(0, 4).join(" ")}`;
  return `${asked}${field(", DnsDomain: ", dnsDomain)}${field(", Host: ", host)}${field(", User: ", user)}${field(", NtVer: ", version)}`;
}

function entry(message: CldapEntry): string {
  if (message.opcode === null) return "";
  const name = netlogonOperations[message.opcode] ?? `netlogon operation ${message.opcode}`;
  const { dc, domain, user, dcSite, clientSite, flags } = message;
  const who = `${field(", DC: ", dc)}${field(", Domain: ", domain)}${field(", User: ", user)}`;
  const where = `${field(", DC site: ", dcSite)}${field(", Client site: ", clientSite)}`;
  return `, ${name}${who}${where}${flags === null ? "" : `, Flags: ${flagWords.of(flags)}`}`;
}

const flagWords = new Slots((flags) => dcFlagNames.of(flags).join(" "));

function field(name: string, value: string | null): string {
  return value === null ? "" : name + value;
}
