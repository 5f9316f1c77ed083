import type { DcerpcMessage } from "../../dissectors/dcerpc/message.ts";
import type { DnsMessage } from "../../dissectors/dns/message.ts";
import type { AuthHeader, HttpMessage } from "../../dissectors/http/message.ts";
import type { CldapMessage, LdapMessage } from "../../dissectors/ldap/message.ts";
import type { NbdgmMessage, NbnsMessage, NetbiosName } from "../../dissectors/netbios/message.ts";
import type { NtlmMessage } from "../../dissectors/ntlmssp/message.ts";
import type { Message } from "../../dissectors/registry.ts";
import type { SmbMessage } from "../../dissectors/smb/message.ts";
import type { Smb2Message } from "../../dissectors/smb2/message.ts";
import type { SpnegoMessage } from "../../dissectors/spnego/message.ts";
import type { TdsMessage } from "../../dissectors/tds/message.ts";
import type { Facts as Fields } from "../model/report.ts";
import { kerberosFields } from "./kerberos-fields.ts";

/** A message's own fields as `kflow messages` names them; what a message lacks is absent. */
export function fieldsOf(message: Message): Fields {
  switch (message.protocol) {
    case "dns":
      return dnsFields(message);
    case "nbns":
    case "nbdgm":
      return netbiosFields(message);
    case "cldap":
      return cldapFields(message);
    case "ldap":
      return ldapFields(message);
    case "dcerpc":
      return dcerpcFields(message);
    case "tds":
      return tdsFields(message);
    case "kerberos":
      return present(kerberosFields(message));
    case "kpasswd":
      return present({ version: message.version, resultCode: message.resultCode });
    case "http":
      return httpFields(message);
    case "smb2":
      return smb2Fields(message);
    case "smb":
      return smbFields(message);
    case "spnego":
      return spnegoFields(message);
    case "ntlmssp":
      return ntlmFields(message);
    case "ntp":
      return present({ stratum: message.stratum, leap: message.leap, transmitted: message.transmitted });
    case "tls":
      return present({ serverName: message.serverName, alpn: message.alpn });
    default:
      return message satisfies never;
  }
}

/** Without the keys whose value is `null`. */
function present(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

function dnsFields(message: DnsMessage): Fields {
  const { id, questions, rcode, answers, truncated } = message;
  return message.kind === "query" ? { id, questions, truncated } : { id, questions, rcode, answers, truncated };
}

function netbiosFields(message: NbnsMessage | NbdgmMessage): Fields {
  if (message.protocol === "nbdgm") {
    const { source, destination, mailslot, opcode } = message;
    return present({ source: netbiosName(source), destination: netbiosName(destination), mailslot, opcode });
  }
  const { id, opcode, broadcast, rcode, name, type, addresses } = message;
  return { id, opcode, broadcast, rcode, name: netbiosName(name), type, addresses };
}

/** `CONTOSO<1c>`, as Wireshark writes it. */
function netbiosName({ text, suffix }: NetbiosName): string {
  return `${text}<${suffix.toString(16).padStart(2, "0")}>`;
}

function cldapFields(message: CldapMessage): Fields {
  const { messageId } = message;
  switch (message.kind) {
    case "search":
      return present({
        messageId,
        dnsDomain: message.dnsDomain,
        host: message.host,
        user: message.user,
        ntVer: message.ntVer,
      });
    case "entry": {
      const { opcode, flags, forest, domain, dc, user, dcSite, clientSite } = message;
      return present({ messageId, opcode, flags, forest, domain, dc, user, dcSite, clientSite });
    }
    default:
      return { messageId, resultCode: message.resultCode };
  }
}

/** `diagnostic` as the contract calls it; the numbers in it beside it. */
function ldapFields(message: LdapMessage): Fields {
  const { protocol: _, kind: __, ...fields } = message;
  if (!("diagnostic" in fields)) return present(fields);
  return present({ ...fields, diagnostic: fields.diagnostic === "" ? null : fields.diagnostic });
}

function dcerpcFields(message: DcerpcMessage): Fields {
  const { protocol: _, kind: __, ...fields } = message;
  if (!("auth" in fields)) return fields;
  const { auth, ...rest } = fields;
  return present({ ...rest, authType: auth?.type ?? null, authLevel: auth?.level ?? null });
}

function tdsFields(message: TdsMessage): Fields {
  const { protocol: _, kind: __, ...fields } = message;
  return present(fields);
}

function httpFields(message: HttpMessage): Fields {
  if (message.kind === "request") {
    const credentials = message.authorization ?? message.proxyAuthorization;
    const { method, target, host } = message;
    return present({
      method,
      target,
      host,
      authorization: credentials?.scheme ?? null,
      tokenLength: tokenLength([credentials]),
    });
  }
  const challenges = [...message.challenges, ...message.proxyChallenges];
  const { status, reason } = message;
  return present({
    status,
    reason,
    challenges: challenges.length === 0 ? null : challenges.map((challenge) => challenge.scheme),
    tokenLength: tokenLength(challenges),
  });
}

function tokenLength(headers: readonly (AuthHeader | null)[]): number | null {
  return headers.find((header) => header !== null && header.tokenLength > 0)?.tokenLength ?? null;
}

function smb2Fields(message: Smb2Message): Fields {
  if (message.kind === "encrypted") return { sessionId: message.sessionId };
  const { messageId, sessionId } = message;
  switch (message.kind) {
    case "NEGOTIATE request":
      return present({ messageId, dialects: message.dialects, serverName: message.serverName });
    case "NEGOTIATE response": {
      const { ntStatus, dialect, systemTime, tokenLength } = message;
      return present({ messageId, ntStatus, dialect, systemTime, tokenLength });
    }
    case "SESSION_SETUP request": {
      const { tokenLength, isBinding, previousSessionId } = message;
      return present({ messageId, sessionId, tokenLength, isBinding, previousSessionId });
    }
    case "SESSION_SETUP response": {
      const { ntStatus, tokenLength, isGuest, isNull } = message;
      return { messageId, sessionId, ntStatus, tokenLength, isGuest, isNull };
    }
    case "TREE_CONNECT request":
      return present({ messageId, sessionId, path: message.path });
    case "TREE_CONNECT response":
      return { messageId, sessionId, ntStatus: message.ntStatus };
    case "ERROR response":
      return { messageId, sessionId, ntStatus: message.ntStatus, command: message.command };
  }
}

function smbFields(message: SmbMessage): Fields {
  const { messageId, sessionId } = message;
  switch (message.kind) {
    case "NEGOTIATE request":
      return { messageId, dialects: message.dialects };
    case "NEGOTIATE response": {
      const { ntStatus, dialectIndex, hasExtendedSecurity, systemTime } = message;
      return present({ messageId, ntStatus, dialectIndex, hasExtendedSecurity, systemTime });
    }
    case "SESSION_SETUP request": {
      const { tokenLength, user, domain } = message;
      return present({ messageId, sessionId, tokenLength, user, domain });
    }
    case "SESSION_SETUP response": {
      const { ntStatus, tokenLength, isGuest } = message;
      return { messageId, sessionId, ntStatus, tokenLength, isGuest };
    }
    case "TREE_CONNECT request":
      return { messageId, sessionId, path: message.path };
    case "TREE_CONNECT response":
      return { messageId, sessionId, ntStatus: message.ntStatus };
    case "ERROR response":
      return { messageId, sessionId, ntStatus: message.ntStatus, command: message.command };
  }
}

function spnegoFields(message: SpnegoMessage): Fields {
  const { hasToken, hasMic } = message;
  if (message.kind === "NegTokenInit") return { mechTypes: message.mechTypes, hasToken, hasMic };
  return present({ negState: message.negState, supportedMech: message.supportedMech, hasToken, hasMic });
}

function ntlmFields(message: NtlmMessage): Fields {
  const { version } = message;
  switch (message.kind) {
    case "NEGOTIATE":
      return present({ domain: message.domain, workstation: message.workstation, version });
    case "CHALLENGE":
      return present({ targetName: message.targetName, timestamp: message.timestamp, version });
    default: {
      const { domain, user, workstation, targetSpn } = message;
      return present({ domain, user, workstation, targetSpn, version });
    }
  }
}
