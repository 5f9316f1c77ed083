import { printable } from "../asn1/text.ts";
import { errorName, etypeName } from "./codes.ts";
import type { KerberosMessage, Kpasswd, Ticket } from "./message.ts";

/** One line in the words of Network Monitor's description column. */
export function describe(message: KerberosMessage | Kpasswd): string {
  return printable(`${message.protocol === "kpasswd" ? "Kpasswd" : "KerberosV5"}: ${words(message)}`);
}

function words(message: KerberosMessage | Kpasswd): string {
  switch (message.kind) {
    case "AS-REQ":
      return `AS Request${named("Cname", message.cname)} Realm: ${message.realm}${named("Sname", message.sname)}`;
    case "TGS-REQ":
      return `TGS Request Realm: ${message.realm}${named("Sname", message.sname)}`;
    case "AS-REP":
      return `AS Response Cname: ${message.cname} ${ticketWords(message.ticket)}`;
    case "TGS-REP":
      return `TGS Response Cname: ${message.cname} ${ticketWords(message.ticket)}`;
    case "AP-REQ":
      return `AP Request ${ticketWords(message.ticket)}`;
    case "AP-REP":
      return `AP Response ${etypeName(message.encPart.etype)}`;
    case "KRB-ERROR":
      return `KRB_ERROR - ${errorWords(message.errorCode)}${named("Realm", message.realm)}${named("Sname", message.sname)}`;
    case "KRB-SAFE":
      return "KRB_SAFE";
    case "KRB-PRIV":
      return "KRB_PRIV";
    case "KRB-CRED":
      return `KRB_CRED ${message.tickets.map(ticketWords).join(", ")}`;
    case "request":
      return message.version === 1 ? "Change Password Request" : "Set Password Request";
    case "reply":
      return message.resultCode === null ? "Reply" : `Reply - result ${message.resultCode}`;
  }
}

function named(what: string, value: string | null): string {
  return value === null || value === "" ? "" : ` ${what}: ${value}`;
}

function ticketWords(ticket: Ticket): string {
  return `Ticket: Realm: ${ticket.realm} Sname: ${ticket.sname}`;
}

function errorWords(code: number): string {
  const name = errorName(code);
  return name.startsWith("unknown") ? name : `${name} (${code})`;
}
