import type { KerberosMessage, Ticket } from "../../dissectors/kerberos/message.ts";
import type { CldapMessage, LdapMessage } from "../../dissectors/ldap/message.ts";
import type { Message } from "../../dissectors/registry.ts";
import { nodePlatform } from "../../src/cli/platform.ts";
import { listMessages } from "../../src/index.ts";
import { type Key, type Reading, type Row, rowOf } from "./row.ts";

type Said = Partial<Record<Key, readonly (string | number)[]>>;

/** What kflow reads in a capture. */
export function asKflow(capture: Uint8Array): Reading {
  const said = new Map<number, Said[]>();
  const listing = listMessages({
    platform: nodePlatform,
    observation: ({ frame, message, inside }) => {
      said.set(frame, [...(said.get(frame) ?? []), ...[message, ...inside].map(wordsOf)]);
    },
    problem: () => {},
  });
  listing.feed(capture);
  listing.end();
  const rows = new Map<number, Row>();
  for (const [frame, list] of said) {
    const row = rowOf((key) => list.flatMap((one) => (one[key] ?? []).map(String)));
    if (row !== null) rows.set(frame, row);
  }
  return { rows };
}

function wordsOf(message: Message): Said {
  switch (message.protocol) {
    case "dns": {
      const names = message.questions.map(({ name }) => name.toLowerCase());
      return { dnsId: [message.id], dnsName: names, rcode: message.kind === "query" ? [] : [message.rcode] };
    }
    case "kerberos":
      return kerberosWords(message);
    case "http":
      return message.kind === "request" ? { method: [message.method] } : { status: [message.status] };
    case "spnego":
      if (message.kind === "NegTokenInit") return { mechanism: message.mechTypes };
      return { negState: present(message.negState), mechanism: present(message.supportedMech) };
    case "ntlmssp":
      return { ntlm: [ntlmTypes[message.kind]], ntlmUser: message.kind === "AUTHENTICATE" ? [message.user] : [] };
    case "smb2":
    case "smb":
      return smbWords(message);
    case "cldap":
    case "ldap":
      return ldapWords(message);
    default:
      return {};
  }
}

function ldapWords(message: CldapMessage | LdapMessage): Said {
  const isSasl = message.kind === "bind-request" && /^[A-Z]/.test(message.mechanism);
  return {
    ldapId: [message.messageId],
    ldapResult: "resultCode" in message ? [message.resultCode] : [],
    saslMechanism: isSasl ? [message.mechanism] : [],
  };
}

function smbWords(message: Extract<Message, { protocol: "smb2" | "smb" }>): Said {
  if (message.kind === "ERROR response" || message.kind === "encrypted") return {};
  const said = { smbCommand: [message.kind.replace(/ .*/, "")] };
  if (message.protocol === "smb") return said;
  if ("ntStatus" in message) return { ...said, smbStatus: [message.ntStatus] };
  return message.kind === "TREE_CONNECT request" ? { ...said, smbPath: present(message.path) } : said;
}

const ntlmTypes = { NEGOTIATE: 1, CHALLENGE: 2, AUTHENTICATE: 3 } as const;
const types = {
  "AS-REQ": 10,
  "AS-REP": 11,
  "TGS-REQ": 12,
  "TGS-REP": 13,
  "AP-REQ": 14,
  "AP-REP": 15,
  "KRB-SAFE": 20,
  "KRB-PRIV": 21,
  "KRB-CRED": 22,
  "KRB-ERROR": 30,
} as const;

const PA_FOR_USER = 129;
const PA_S4U_X509_USER = 130;

/** tshark counts what a message carries: the AP-REQ of PA-TGS-REQ or of the armor, and every ticket's names. */
function kerberosWords(message: KerberosMessage): Said {
  const type = types[message.kind];
  switch (message.kind) {
    case "AS-REQ":
    case "TGS-REQ": {
      const tickets = [...present(message.ticket), ...message.additionalTickets];
      const [, userRealm] = /@([^@]*)$/.exec(message.forUser ?? "") ?? [];
      const users = message.padata.filter((type) => type === PA_FOR_USER || type === PA_S4U_X509_USER);
      return {
        messageType: message.ticket === null ? [type] : [type, types["AP-REQ"]],
        realm: [message.realm, ...tickets.map((ticket) => ticket.realm), ...users.flatMap(() => present(userRealm))],
        sname: [...parts(message.sname), ...snames(tickets)],
        cname: parts(message.cname),
        etype: message.etypes,
      };
    }
    case "AS-REP":
    case "TGS-REP":
      return {
        messageType: [type],
        realm: [message.crealm, message.ticket.realm],
        sname: snames([message.ticket]),
        cname: parts(message.cname),
      };
    case "AP-REQ":
      return { messageType: [type], realm: [message.ticket.realm], sname: snames([message.ticket]) };
    case "KRB-ERROR":
      return {
        messageType: [type],
        errorCode: [message.errorCode],
        realm: [...present(message.crealm), ...present(message.realm)],
        sname: parts(message.sname),
        cname: parts(message.cname),
      };
    case "KRB-CRED":
      return { messageType: [type], realm: message.tickets.map(({ realm }) => realm), sname: snames(message.tickets) };
    default:
      return { messageType: [type] };
  }
}

const present = <T>(value: T | null | undefined): T[] => (value === null || value === undefined ? [] : [value]);
const parts = (name: string | null): string[] => (name === null ? [] : name.split("/"));
const snames = (tickets: readonly Ticket[]): string[] => tickets.flatMap(({ sname }) => parts(sname));
