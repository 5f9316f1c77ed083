/** MS-TDS 2.2.3.1.1: types of packets. */
export const packetTypes = {
  batch: 1,
  login: 2,
  rpc: 3,
  result: 4,
  attention: 6,
  bulk: 7,
  fedAuth: 8,
  transaction: 14,
  login7: 16,
  sspi: 17,
  prelogin: 18,
} as const;

/** MS-TDS 2.2.6.5: option ENCRYPTION of PRELOGIN. */
export const encryptions: Readonly<Record<number, string>> = {
  0: "ENCRYPT_OFF",
  1: "ENCRYPT_ON",
  2: "ENCRYPT_NOT_SUP",
  3: "ENCRYPT_REQ",
};

/** Errors of SQL Server about a log-on (sys.messages). */
export const loginErrors: Readonly<Record<number, string>> = {
  17806: "SSPI handshake failed",
  17807: "Event with SSPI failed",
  18450: "Login failed: not defined as a valid login of a trusted SQL Server connection",
  18452: "Login failed: the login is from an untrusted domain and cannot be used with Integrated authentication",
  18456: "Login failed",
  18470: "Login failed: the account is disabled",
  18486: "Login failed: the account is locked out",
  18487: "Login failed: the password of the account has expired",
  18488: "Login failed: the password of the account must be changed",
  4060: "Cannot open database requested by the login",
};
