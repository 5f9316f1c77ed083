import type { Token } from "../../correlate/attempts.ts";
import type { Advice } from "../rule.ts";
import type { Words } from "../words.ts";
import { keyConfirm } from "./refused-token.ts";

/** What each Win32 error behind `data` means for whoever must repair it; MS-ERREF 2.2. */
const byData: Readonly<Record<number, (w: Words) => Advice>> = {
  1317: (w) => ({
    causes: ["there is no account of that name in the directory", "the name has another form than the server expects"],
    confirm: [`Get-ADUser -LDAPFilter '(sAMAccountName=<name>)' -Server ${w.host}`],
    fix: ["use DOMAIN\\user, user@domain or the full DN of an existing account"],
  }),
  1326: (w) => ({
    causes: [
      "the password is wrong: typed, or stored in the application and changed since",
      "the account is in another domain than the name says",
    ],
    confirm: [
      "Security log of the domain controller: event 4625 or 4776 with its sub-status",
      `net user ${w.user} /domain`,
    ],
    fix: ["correct the password in the application's settings", `Set-ADAccountPassword ${w.user} -Reset`],
  }),
  1327: (w) => ({
    causes: ["a restriction of the account: a blank password, a policy, Protected Users that may not use NTLM"],
    confirm: [`Get-ADUser ${w.user} -Properties MemberOf,userAccountControl`],
    fix: ["log on with Kerberos, or lift the restriction"],
  }),
  1328: (w) => ({
    causes: ["the account may not log on at this hour"],
    confirm: [`Get-ADUser ${w.user} -Properties logonHours`, `net user ${w.user} /domain    (Logon hours allowed)`],
    fix: [`net user ${w.user} /domain /times:all`],
  }),
  1329: (w) => ({
    causes: ["the account may log on from certain workstations only, and this client is none of them"],
    confirm: [`Get-ADUser ${w.user} -Properties LogonWorkstations`],
    fix: [`Set-ADUser ${w.user} -LogonWorkstations <list with ${w.client}'s name>`],
  }),
  1330: (w) => ({
    causes: ["the password has expired"],
    confirm: [`Get-ADUser ${w.user} -Properties PasswordExpired,PasswordLastSet`],
    fix: [`kpasswd ${w.principal}`, `Set-ADAccountPassword ${w.user} -Reset`],
  }),
  1331: (w) => ({
    causes: ["the account is disabled"],
    confirm: [`Get-ADUser ${w.user} -Properties Enabled`],
    fix: [`Enable-ADAccount ${w.user}`],
  }),
  1384: (w) => ({
    causes: ["the account is in too many groups: the token has room for 1010 of them"],
    confirm: [`(Get-ADUser ${w.user} -Properties TokenGroups).TokenGroups.Count`],
    fix: ["take the account out of groups"],
  }),
  1385: (w) => ({
    causes: ["the account lacks the right to log on to the domain controller from the network"],
    confirm: ["secpol.msc on the domain controller: Access this computer from the network"],
    fix: [`give ${w.user} that right, or take it off the list of those who are denied it`],
  }),
  1793: (w) => ({
    causes: ["the account has expired"],
    confirm: [`Get-ADUser ${w.user} -Properties AccountExpirationDate`],
    fix: [`Clear-ADAccountExpiration ${w.user}`],
  }),
  1907: (w) => ({
    causes: ["the user must change the password at the next log-on, which an LDAP bind cannot do"],
    confirm: [`Get-ADUser ${w.user} -Properties pwdLastSet    (0: must change)`],
    fix: [`kpasswd ${w.principal}`, `Set-ADUser ${w.user} -ChangePasswordAtLogon $false`],
  }),
  1909: (w) => ({
    causes: ["the account is locked out: too many wrong passwords"],
    confirm: [
      `Get-ADUser ${w.user} -Properties LockedOut,BadLogonCount`,
      "event 4740 on the PDC emulator names the source",
    ],
    fix: [`Unlock-ADAccount ${w.user}`, "find what still tries the old password"],
  }),
};

/** What an invalidCredentials may mean: by its number, else by what was presented. */
export function badCredentials(w: Words, data: number | null, token: Token): Advice {
  const known = byData[data ?? 0];
  if (known) return known(w);
  if (token === "kerberos") {
    return {
      causes: [...w.service.wrongKey, "clock or replay: the server names no reason"],
      confirm: keyConfirm(w),
      fix: [`setspn -D ${w.spn} <wrong account>`, "give the server its current key (keytab), and restart it"],
    };
  }
  return {
    causes: ["the name or the password is wrong", "the account may not log on (disabled, locked, expired)"],
    confirm: ["the log of the directory server, at the time of the bind"],
    fix: ["correct the credentials in the application's settings"],
  };
}
