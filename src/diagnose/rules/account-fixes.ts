import { nt } from "../../../dissectors/erref/codes.ts";
import type { KrbError } from "../../../dissectors/kerberos/message.ts";
import type { Words } from "../words.ts";

/** KDC_ERR_NAME_EXP */
const NAME_EXPIRED = 1;

/** What lets an account in again, by what its KDC says of it; all that may, where it says nothing. */
export function accountFix(w: Words, error: KrbError | null): readonly string[] {
  const enable = `Enable-ADAccount ${w.user}`;
  const unlock = `Unlock-ADAccount ${w.user}`;
  const extend = `Clear-ADAccountExpiration ${w.user}`;
  switch (error?.ntStatus) {
    case nt.ACCOUNT_DISABLED:
      return [enable];
    case nt.ACCOUNT_LOCKED_OUT:
      return [unlock];
    case nt.ACCOUNT_EXPIRED:
      return [extend];
    case nt.INVALID_LOGON_HOURS:
      return [`change the logon hours of ${w.user}: its Account tab in Active Directory Users and Computers`];
    default:
      return error?.errorCode === NAME_EXPIRED ? [extend] : [unlock, enable, extend];
  }
}

/** What satisfies a policy that forbids a sign-on, or lifts it. */
export function policyFix(w: Words, status: number | null): readonly string[] {
  const anywhere = `Set-ADUser ${w.user} -LogonWorkstations $null    (lets the user sign on everywhere)`;
  const password = `Set-ADUser ${w.user} -SmartcardLogonRequired $false    (lets the password do)`;
  switch (status) {
    case nt.INVALID_WORKSTATION:
      return [anywhere, "or adapt the authentication policy of the account"];
    case nt.SMARTCARD_LOGON_REQUIRED:
      return ["sign on with the smart card", password];
    case nt.AUTHENTICATION_FIREWALL_FAILED:
      return [ALLOW, "or adapt the authentication policy"];
    case nt.ACCOUNT_RESTRICTION:
      return ["adapt the authentication policy, or take the account out of Protected Users"];
    default:
      return [anywhere, "or use the smart card, or adapt the authentication policy"];
  }
}

/** Selective authentication over a trust. */
export const ALLOW = "grant “Allowed to authenticate” on the server's computer object";
