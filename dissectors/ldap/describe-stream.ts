import { plain } from "../plain.ts";
import { extendedOperations, resultCodes } from "./codes.ts";
import type { LdapMessage } from "./message.ts";

export function describeLdap(message: LdapMessage): string {
  return plain(`LDAP: ${operation(message)}`);
}

function operation(message: LdapMessage): string {
  const id = `MessageID: ${message.messageId}`;
  switch (message.kind) {
    case "bind-request":
      return `Bind Request, ${id}, Version: ${message.version}${user(message.name)}, ${
        message.anonymous ? "anonymous" : message.mechanism
      }`;
    case "bind-response":
      return `Bind Response, ${id}${status(message)}`;
    case "search-request":
      return `Search Request, ${id}, BaseObject: ${message.base || "root DSE"}`;
    case "root-entry":
      return `Search Result Entry, ${id}, root DSE${host(message.dnsHostName)}${offers(message.saslMechanisms)}`;
    case "search-done":
      return `Search Result Done, ${id}${status(message)}`;
    case "unbind-request":
      return `Unbind Request, ${id}`;
    case "extended-request":
      return `Extended Request, ${id}, ${extended(message.name)}`;
    case "extended-response":
      return `Extended Response, ${id}${message.name === null ? "" : `, ${extended(message.name)}`}${status(message)}`;
    default:
      return message satisfies never;
  }
}

const user = (name: string): string => (name === "" ? "" : `, Name: ${name}`);
const host = (name: string | null): string => (name === null ? "" : `, DC: ${name}`);
const extended = (name: string): string => extendedOperations[name] ?? name;

function offers(mechanisms: readonly string[]): string {
  return mechanisms.length === 0 ? "" : `, SASL: ${mechanisms.join(" ")}`;
}

function status(result: { readonly resultCode: number; readonly diagnostic: string }): string {
  const name = resultCodes[result.resultCode] ?? result.resultCode;
  const text = result.diagnostic === "" ? "" : `, ${result.diagnostic}`;
  return `, Status: ${name}${text}`;
}
