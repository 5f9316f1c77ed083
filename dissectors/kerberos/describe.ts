import { printable } from "../asn1/text.ts";
import { errorName, etypeName } from "./codes.ts";
import type { KerberosMessage, Kpasswd, Ticket } from "./message.ts";

/** One line in the words of Network Monitor's description column. */
export function describe(message: KerberosMessage | Kpasswd): string {
  return printable(words(message));
}

function words(message: KerberosMessage | Kpasswd): string {
  switch (message.kind) {
    case "AS-REQ": {
      const { cname, realm, sname } = message;
      return `KerberosV5: AS Request${named(" Cname: ", cname)} Realm: ${realm}${named(" Sname: ", sname)}`;
    }
    case "TGS-REQ":
      return `KerberosV5: TGS Request Realm: ${message.realm}${named(" Sname: ", message.sname)}`;
    case "AS-REP":
      return `KerberosV5: AS Response Cname: ${message.cname} ${ticketWords(message.ticket)}`;
    case "TGS-REP":
      return `KerberosV5: TGS Response Cname: ${message.cname} ${ticketWords(message.ticket)}`;
    case "AP-REQ":
      return `KerberosV5: AP Request ${ticketWords(message.ticket)}`;
    case "AP-REP":
      return `KerberosV5: AP Response ${etypeName(message.encPart.etype)}`;
    case "KRB-ERROR": {
      const { errorCode, realm, sname } = message;
      return `KerberosV5: KRB_ERROR - ${errorWords(errorCode)}${named(" Realm: ", realm)}${named(" Sname: ", sname)}`;
    }
    case "KRB-SAFE":
      return "KerberosV5: KRB_SAFE";
    case "KRB-PRIV":
      return "KerberosV5: KRB_PRIV";
    case "KRB-CRED":
      return `KerberosV5: KRB_CRED ${message.tickets.map(ticketWords).join(", ")}`;
    case "request":
      return message.version === 1 ? "Kpasswd: Change Password Request" : "Kpasswd: Set Password Request";
    case "reply":
      return message.resultCode === null ? "Kpasswd: Reply" : `Kpasswd: Reply - result ${message.resultCode}`;
  }
}

function named(what: string, value: string | null): string {
  return value === null || value === "" ? "" : what + value;
}

function ticketWords(ticket: Ticket): string {
  return `Ticket: Realm: ${ticket.realm} Sname: ${ticket.sname}`;
}

function errorWords(code: number): string {
  const name = errorName(code);
  return name.startsWith("unknown") ? name : `${name} (${code})`;
}
