import { errorName, etypeName, ntStatusName } from "../../../dissectors/kerberos/codes.ts";
import type { KrbError } from "../../../dissectors/kerberos/message.ts";
import type { Code } from "../../model/report.ts";

/** The protocol's own name and number of a refusal. */
export function kerberosCode(error: KrbError): Code {
  return { protocol: "kerberos", number: error.errorCode, name: errorName(error.errorCode) };
}

/** `KDC_ERR_CLIENT_REVOKED (18, STATUS_ACCOUNT_DISABLED, "text")`. */
export function spell(error: KrbError): string {
  const more = [
    String(error.errorCode),
    ...(error.ntStatus === null ? [] : [ntStatusName(error.ntStatus)]),
    ...(error.etext ? [`“${error.etext}”`] : []),
  ];
  return `${errorName(error.errorCode)} (${more.join(", ")})`;
}

export function etypeList(etypes: readonly number[]): string {
  return etypes.map(etypeName).join(", ");
}

/** NTSTATUS values of MS-ERREF that KDCs put into e-data. */
export const nt = {
  ACCOUNT_RESTRICTION: 0xc000006e,
  INVALID_LOGON_HOURS: 0xc000006f,
  INVALID_WORKSTATION: 0xc0000070,
  PASSWORD_EXPIRED: 0xc0000071,
  ACCOUNT_DISABLED: 0xc0000072,
  NOT_SUPPORTED: 0xc00000bb,
  TIME_DIFFERENCE_AT_DC: 0xc0000133,
  ACCOUNT_EXPIRED: 0xc0000193,
  PASSWORD_MUST_CHANGE: 0xc0000224,
  NOT_FOUND: 0xc0000225,
  ACCOUNT_LOCKED_OUT: 0xc0000234,
  NO_MATCH: 0xc0000272,
  SMARTCARD_LOGON_REQUIRED: 0xc00002fa,
  AUTHENTICATION_FIREWALL_FAILED: 0xc0000413,
} as const;
