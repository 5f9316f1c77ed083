import { Slots } from "../../src/bytes/slots.ts";
import { sec, win32, win32Name } from "../erref/codes.ts";

/** MS-ADTS 6.3.1.3: operation codes of a netlogon answer. */
export const netlogonOperations: Readonly<Record<number, string>> = {
  19: "LOGON_SAM_LOGON_RESPONSE",
  20: "LOGON_SAM_PAUSE_RESPONSE",
  21: "LOGON_SAM_USER_UNKNOWN",
  23: "LOGON_SAM_LOGON_RESPONSE_EX",
  24: "LOGON_SAM_PAUSE_RESPONSE_EX",
  25: "LOGON_SAM_USER_UNKNOWN_EX",
};

/** MS-ADTS 6.3.1.2: DS_FLAG options bits, lowest first; the names without `DS_` and `_FLAG`. */
export const dcFlags = {
  PDC: 0x1,
  GC: 0x4,
  LDAP: 0x8,
  DS: 0x10,
  KDC: 0x20,
  TIMESERV: 0x40,
  CLOSEST: 0x80,
  WRITABLE: 0x100,
  GOOD_TIMESERV: 0x200,
  NDNC: 0x400,
  SELECT_SECRET_DOMAIN_6: 0x800,
  FULL_SECRET_DOMAIN_6: 0x1000,
  WS: 0x2000,
  DS_8: 0x4000,
  DS_9: 0x8000,
  DS_10: 0x10000,
  KEY_LIST: 0x20000,
  DS_13: 0x40000,
} as const;

const bits = Object.entries(dcFlags);

/** The flags that are set, by name. */
export const dcFlagNames = new Slots((flags) => bits.filter(([, bit]) => (flags & bit) !== 0).map(([name]) => name));

/** RFC 4511 4.1.9. */
export const resultCodes: Readonly<Record<number, string>> = {
  0: "success",
  1: "operationsError",
  2: "protocolError",
  3: "timeLimitExceeded",
  4: "sizeLimitExceeded",
  7: "authMethodNotSupported",
  8: "strongerAuthRequired",
  10: "referral",
  11: "adminLimitExceeded",
  12: "unavailableCriticalExtension",
  13: "confidentialityRequired",
  14: "saslBindInProgress",
  16: "noSuchAttribute",
  17: "undefinedAttributeType",
  18: "inappropriateMatching",
  21: "invalidAttributeSyntax",
  32: "noSuchObject",
  34: "invalidDNSyntax",
  48: "inappropriateAuthentication",
  49: "invalidCredentials",
  50: "insufficientAccessRights",
  51: "busy",
  52: "unavailable",
  53: "unwillingToPerform",
  80: "other",
};

export const START_TLS = "1.3.6.1.4.1.1466.20037";

/** requestName and responseName of extended operations: RFC 4511 4.14 and 4.4.1, RFC 4532, MS-ADTS 3.1.1.3.4.2. */
export const extendedOperations: Readonly<Record<string, string>> = {
  [START_TLS]: "StartTLS",
  "1.3.6.1.4.1.1466.20036": "Notice of Disconnection",
  "1.3.6.1.4.1.4203.1.11.3": "Who am I?",
  "1.3.6.1.4.1.4203.1.11.1": "Password Modify",
  "1.2.840.113556.1.4.1781": "Fast Bind",
};

/** What Active Directory writes behind `data` where it refuses a bind: Win32 errors and one of SSPI, MS-ADTS 3.1.1.3.4.3. */
export const bindErrors: readonly number[] = [
  win32.INVALID_PARAMETER,
  win32.NO_SUCH_USER,
  win32.LOGON_FAILURE,
  win32.ACCOUNT_RESTRICTION,
  win32.INVALID_LOGON_HOURS,
  win32.INVALID_WORKSTATION,
  win32.PASSWORD_EXPIRED,
  win32.ACCOUNT_DISABLED,
  win32.TOO_MANY_CONTEXT_IDS,
  win32.LOGON_TYPE_NOT_GRANTED,
  win32.ACCOUNT_EXPIRED,
  win32.PASSWORD_MUST_CHANGE,
  win32.ACCOUNT_LOCKED_OUT,
  sec.BAD_BINDINGS,
];

/** The name of such an error; undefined where it is none of these. */
export function bindErrorName(error: number): string | undefined {
  if (!bindErrors.includes(error)) return undefined;
  return error === sec.BAD_BINDINGS ? "SEC_E_BAD_BINDINGS" : win32Name(error);
}
