/** PTYPE of C706 12.6.1 and MS-RPCE 2.2.2.1, spelt as there. */
export const packetTypes = {
  request: 0,
  response: 2,
  fault: 3,
  bind: 11,
  bind_ack: 12,
  bind_nak: 13,
  alter_context: 14,
  alter_context_resp: 15,
  auth3: 16,
  shutdown: 17,
  co_cancel: 18,
  orphaned: 19,
} as const;

/** MS-RPCE 2.2.1.1.7: security providers. */
export const authTypes: Readonly<Record<number, string>> = {
  0: "none",
  9: "SPNEGO",
  10: "NTLM",
  14: "Schannel",
  16: "Kerberos",
  68: "Netlogon",
  255: "default",
};

/** MS-RPCE 2.2.1.1.8, without `RPC_C_AUTHN_LEVEL_`. */
export const authLevels: Readonly<Record<number, string>> = {
  0: "DEFAULT",
  1: "NONE",
  2: "CONNECT",
  3: "CALL",
  4: "PKT",
  5: "PKT_INTEGRITY",
  6: "PKT_PRIVACY",
};

/** C706 12.6.3.1: p_cont_def_result_t; 3 is MS-RPCE 2.2.2.4. */
export const contextResults: Readonly<Record<number, string>> = {
  0: "acceptance",
  1: "user_rejection",
  2: "provider_rejection",
  3: "negotiate_ack",
};

/** C706 12.6.3.1 and MS-RPCE 2.2.2.5: p_reject_reason_t. */
export const rejectReasons: Readonly<Record<number, string>> = {
  0: "REASON_NOT_SPECIFIED",
  1: "TEMPORARY_CONGESTION",
  2: "LOCAL_LIMIT_EXCEEDED",
  3: "CALLED_PADDR_UNKNOWN",
  4: "PROTOCOL_VERSION_NOT_SUPPORTED",
  5: "DEFAULT_CONTEXT_NOT_SUPPORTED",
  6: "USER_DATA_NOT_READABLE",
  7: "NO_PSAP_AVAILABLE",
  8: "AUTHENTICATION_TYPE_NOT_RECOGNIZED",
  9: "INVALID_CHECKSUM",
};

/** Status of a fault: C706 appendix E and the Win32 errors that MS-RPCE servers send. */
export const faultStatuses: Readonly<Record<number, string>> = {
  5: "ERROR_ACCESS_DENIED",
  1398: "ERROR_TIME_SKEW",
  1727: "RPC_S_CALL_FAILED_DNE",
  1764: "RPC_S_CANNOT_SUPPORT",
  1783: "RPC_X_BAD_STUB_DATA",
  1825: "RPC_S_SEC_PKG_ERROR",
  469762049: "nca_s_fault_int_div_by_zero",
  469762054: "nca_s_fault_invalid_tag",
  469827586: "nca_s_op_rng_error",
  469827587: "nca_s_unk_if",
  469827595: "nca_s_proto_error",
};

/** Interfaces of Windows by UUID, with the short name of their specification. */
export const interfaces: Readonly<Record<string, string>> = {
  "e1af8308-5d1f-11c9-91a4-08002b14a0fa": "epmapper",
  "12345678-1234-abcd-ef00-01234567cffb": "netlogon",
  "e3514235-4b06-11d1-ab04-00c04fc2dcd2": "drsuapi",
  "12345778-1234-abcd-ef00-0123456789ab": "lsarpc",
  "12345778-1234-abcd-ef00-0123456789ac": "samr",
  "99fcfec4-5260-101b-bbcb-00aa0021347a": "IObjectExporter",
  "000001a0-0000-0000-c000-000000000046": "ISystemActivator",
  "4b324fc8-1670-01d3-1278-5a47bf6ee188": "srvsvc",
  "6bffd098-a112-3610-9833-46c3f87e345a": "wkssvc",
  "367abb81-9844-35f1-ad32-98f038001003": "svcctl",
  "338cd001-2244-31f1-aaaa-900038001003": "winreg",
  "86d35949-83c9-4044-b424-db363231fd0c": "ITaskSchedulerService",
  "76f03f96-cdfd-44fc-a22c-64950a001209": "winspool",
  "12345678-1234-abcd-ef00-0123456789ab": "spoolss",
  "50abc2a4-574d-40b3-9d66-ee4fd5fba076": "DNSServer",
  "897e2e5f-93f3-4376-9c9c-fd2277495c27": "frstrans",
  "f5cc5a18-4264-101a-8c59-08002b2f8426": "nspi",
  "f5cc59b4-4264-101a-8c59-08002b2f8426": "frsrpc",
  "c681d488-d850-11d0-8c52-00c04fd90f7e": "efsrpc",
  "df1941c5-fe89-4e79-bf10-463657acf44d": "efsrpc",
  "91ae6020-9e3c-11cf-8d7c-00aa00c091be": "ICertPassage",
  "d99e6e70-fc88-11d0-b498-00a0c90312f3": "ICertRequestD",
  "5ca4a760-ebb1-11cf-8611-00a0245420ed": "winstation",
  "afa8bd80-7d8a-11c9-bef4-08002b102989": "mgmt",
};
