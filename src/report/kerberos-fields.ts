import type { KerberosMessage, KrbError, Ticket } from "../../dissectors/kerberos/message.ts";
import type { Facts as Fields } from "../model/report.ts";

/** The fields of a Kerberos message as `kflow messages` names them; `null` where the message has none. */
export function kerberosFields(message: KerberosMessage): Fields {
  switch (message.kind) {
    case "AS-REQ":
    case "TGS-REQ": {
      const { realm, cname, sname, etypes, padata, kdcOptions, nonce } = message;
      return { realm, cname, sname, ticket: ticketFields(message.ticket), etypes, padata, kdcOptions, nonce };
    }
    case "AS-REP":
    case "TGS-REP": {
      const { crealm, cname, ticket, padata } = message;
      return { realm: ticket.realm, crealm, cname, sname: ticket.sname, ticket: ticketFields(ticket), padata };
    }
    case "AP-REQ":
      return { ticket: ticketFields(message.ticket), apOptions: message.apOptions };
    case "KRB-ERROR":
      return errorFields(message);
    case "KRB-CRED":
      return { ticket: ticketFields(message.tickets[0] ?? null), tickets: message.tickets.map(ticketFields) };
    default:
      return {};
  }
}

function errorFields(message: KrbError): Fields {
  const { realm, crealm, cname, sname, errorCode, errorName, stime, ctime, etext, ntStatus } = message;
  return {
    realm,
    crealm,
    cname,
    sname,
    etypes: message.etypes.length === 0 ? null : message.etypes,
    padata: message.padata.length === 0 ? null : message.padata,
    errorCode,
    errorName,
    stime,
    ctime,
    etext,
    ntStatus,
  };
}

function ticketFields(ticket: Ticket | null): Fields | null {
  if (ticket === null) return null;
  const { realm, sname, etype, kvno, length, fingerprint } = ticket;
  return { realm, sname, etype, ...(kvno === null ? {} : { kvno }), length, fingerprint };
}
