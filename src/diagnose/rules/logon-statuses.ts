import { nt } from "../../../dissectors/erref/codes.ts";
import type { Code } from "../../model/report.ts";
import type { Advice } from "../rule.ts";
import type { Words } from "../words.ts";

/** What an NTSTATUS says of a logon that a server refused, whatever was presented. MS-ERREF section 2.3.1. */
const byStatus: Readonly<Record<number, (w: Words) => Advice>> = {
  [nt.ACCESS_DENIED]: (w) => ({
    causes: [
      "the server checks for which name the ticket is (SmbServerNameHardeningLevel), and this alias is not on its list",
      "the server demands what the client does not do: signing, encryption, a newer dialect",
      `${w.user} may not use this server over the network`,
    ],
    confirm: [
      "Get-SmbServerConfiguration | Select-Object SmbServerNameHardeningLevel,RequireSecuritySignature,RejectUnencryptedAccess    (on the server)",
      "Security log of the server: event 5168 (SPN check), event 4625",
    ],
    fix: [`netdom computername <server> /add:${w.host}`, "let client and server agree on signing and encryption"],
  }),
  [nt.LOGON_TYPE_NOT_GRANTED]: (w) => ({
    causes: [
      `${w.user} lacks the right “Access this computer from the network” on the server, or is denied it`,
      "the account's group was taken out of that right by a policy",
    ],
    confirm: ["secpol.msc on the server: User Rights Assignment", "Security log of the server: event 4625, sub-status"],
    fix: [
      "give the right to the users of the server (SeNetworkLogonRight), or lift the deny (SeDenyNetworkLogonRight)",
    ],
  }),
  [nt.NO_LOGON_SERVERS]: (w) => ({
    causes: ["the server itself reaches no domain controller", "its domain's controllers are down"],
    confirm: [`nltest /sc_verify:${w.domain}    (on the server)`, `nltest /dsgetdc:${w.domain}    (on the server)`],
    fix: ["repair the server's DNS settings and its way to the domain controllers"],
  }),
  [nt.TRUSTED_RELATIONSHIP_FAILURE]: secureChannel,
  [nt.TRUSTED_DOMAIN_FAILURE]: secureChannel,
  [nt.NO_TRUST_SAM_ACCOUNT]: secureChannel,
  [nt.NO_TRUST_LSA_SECRET]: secureChannel,
  [nt.TIME_DIFFERENCE_AT_DC]: () => ({
    causes: ["the clocks of server and domain controller differ"],
    confirm: ["w32tm /query /status    (on the server)"],
    fix: ["w32tm /resync /rediscover    (on the server)"],
  }),
  [nt.ACCOUNT_DISABLED]: account("is disabled", "Enable-ADAccount"),
  [nt.ACCOUNT_LOCKED_OUT]: account("is locked out", "Unlock-ADAccount"),
  [nt.ACCOUNT_EXPIRED]: account("has expired", "Clear-ADAccountExpiration"),
  [nt.PASSWORD_EXPIRED]: account("has a password that has expired", "Set-ADAccountPassword"),
  [nt.PASSWORD_MUST_CHANGE]: account("must change its password first", "Set-ADAccountPassword"),
  [nt.INVALID_LOGON_HOURS]: account("may not log on at this hour", null),
  [nt.INVALID_WORKSTATION]: account("may not log on from this machine", null),
  [nt.ACCOUNT_RESTRICTION]: (w) => ({
    causes: [
      `${w.user} is in Protected Users or under a policy that forbids this way to log on (NTLM above all)`,
      "the account has no password, and empty passwords do not work over the network",
    ],
    confirm: [`Get-ADUser ${w.user} -Properties MemberOf,AuthenticationPolicy`],
    fix: ["repair Kerberos for this service, or lift the restriction"],
  }),
  [nt.AUTHENTICATION_FIREWALL_FAILED]: (w) => ({
    causes: ["selective authentication on the trust: the account lacks “Allowed to authenticate” on the server"],
    confirm: [`Security tab of the computer object of ${w.host}`],
    fix: ["grant the account “Allowed to authenticate” on the computer object"],
  }),
};

function secureChannel(w: Words): Advice {
  return {
    causes: [
      "the server's password is out of step with the domain (restored snapshot, computer reset or deleted)",
      "the trust between the domains is broken",
    ],
    confirm: [`nltest /sc_verify:${w.domain}    (on the server)`],
    fix: ["Test-ComputerSecureChannel -Repair    (on the server)", "netdom trust … /verify, then /reset"],
  };
}

function account(what: string, repair: string | null): (w: Words) => Advice {
  return (w) => ({
    causes: [`the account ${w.user} ${what}`],
    confirm: [`Get-ADUser ${w.user} -Properties Enabled,LockedOut,PasswordExpired,AccountExpirationDate,LogonHours`],
    fix: [repair === null ? "change the restriction on the account" : `${repair} ${w.user}`],
  });
}

/** What the answer to a logon says of its cause; null where its number says nothing in particular. */
export function logonAdvice(code: Code | null, w: Words): Advice | null {
  if (code === null || !code.protocol.startsWith("smb")) return null;
  return byStatus[code.number]?.(w) ?? null;
}

/** `401`, or `STATUS_LOGON_FAILURE (0xc000006d)`. */
export function spellAnswer(code: Code | null): string {
  if (code === null) return "a refusal";
  if (code.protocol === "http") return String(code.number);
  return `${code.name} (${code.protocol.startsWith("smb") ? `0x${code.number.toString(16)}` : code.number})`;
}
