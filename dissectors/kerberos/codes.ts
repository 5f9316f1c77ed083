type Names = Readonly<Record<number, string>>;

/**
 * RFC 4120 7.5.9 (0 to 76, with 43 as MIT, Heimdal and Wireshark call it), RFC 4556 3.1.3 (62 to 65, 70 to 81),
 * draft-ietf-kitten-iakerb 4 (85, 86), RFC 6113 6 (90 to 93), RFC 6560 (94, 95), RFC 8636 8 (100). Heimdal lacks 76
 * and sends 76 to 80 for what others number 77 to 81.
 */
export const errorNames: Names = Object.freeze({
  0: "KDC_ERR_NONE",
  1: "KDC_ERR_NAME_EXP",
  2: "KDC_ERR_SERVICE_EXP",
  3: "KDC_ERR_BAD_PVNO",
  4: "KDC_ERR_C_OLD_MAST_KVNO",
  5: "KDC_ERR_S_OLD_MAST_KVNO",
  6: "KDC_ERR_C_PRINCIPAL_UNKNOWN",
  7: "KDC_ERR_S_PRINCIPAL_UNKNOWN",
  8: "KDC_ERR_PRINCIPAL_NOT_UNIQUE",
  9: "KDC_ERR_NULL_KEY",
  10: "KDC_ERR_CANNOT_POSTDATE",
  11: "KDC_ERR_NEVER_VALID",
  12: "KDC_ERR_POLICY",
  13: "KDC_ERR_BADOPTION",
  14: "KDC_ERR_ETYPE_NOSUPP",
  15: "KDC_ERR_SUMTYPE_NOSUPP",
  16: "KDC_ERR_PADATA_TYPE_NOSUPP",
  17: "KDC_ERR_TRTYPE_NOSUPP",
  18: "KDC_ERR_CLIENT_REVOKED",
  19: "KDC_ERR_SERVICE_REVOKED",
  20: "KDC_ERR_TGT_REVOKED",
  21: "KDC_ERR_CLIENT_NOTYET",
  22: "KDC_ERR_SERVICE_NOTYET",
  23: "KDC_ERR_KEY_EXPIRED",
  24: "KDC_ERR_PREAUTH_FAILED",
  25: "KDC_ERR_PREAUTH_REQUIRED",
  26: "KDC_ERR_SERVER_NOMATCH",
  27: "KDC_ERR_MUST_USE_USER2USER",
  28: "KDC_ERR_PATH_NOT_ACCEPTED",
  29: "KDC_ERR_SVC_UNAVAILABLE",
  31: "KRB_AP_ERR_BAD_INTEGRITY",
  32: "KRB_AP_ERR_TKT_EXPIRED",
  33: "KRB_AP_ERR_TKT_NYV",
  34: "KRB_AP_ERR_REPEAT",
  35: "KRB_AP_ERR_NOT_US",
  36: "KRB_AP_ERR_BADMATCH",
  37: "KRB_AP_ERR_SKEW",
  38: "KRB_AP_ERR_BADADDR",
  39: "KRB_AP_ERR_BADVERSION",
  40: "KRB_AP_ERR_MSG_TYPE",
  41: "KRB_AP_ERR_MODIFIED",
  42: "KRB_AP_ERR_BADORDER",
  43: "KRB_AP_ERR_ILL_CR_TKT",
  44: "KRB_AP_ERR_BADKEYVER",
  45: "KRB_AP_ERR_NOKEY",
  46: "KRB_AP_ERR_MUT_FAIL",
  47: "KRB_AP_ERR_BADDIRECTION",
  48: "KRB_AP_ERR_METHOD",
  49: "KRB_AP_ERR_BADSEQ",
  50: "KRB_AP_ERR_INAPP_CKSUM",
  51: "KRB_AP_PATH_NOT_ACCEPTED",
  52: "KRB_ERR_RESPONSE_TOO_BIG",
  60: "KRB_ERR_GENERIC",
  61: "KRB_ERR_FIELD_TOOLONG",
  62: "KDC_ERR_CLIENT_NOT_TRUSTED",
  63: "KDC_ERR_KDC_NOT_TRUSTED",
  64: "KDC_ERR_INVALID_SIG",
  65: "KDC_ERR_DH_KEY_PARAMETERS_NOT_ACCEPTED",
  66: "KDC_ERR_CERTIFICATE_MISMATCH",
  67: "KRB_AP_ERR_NO_TGT",
  68: "KDC_ERR_WRONG_REALM",
  69: "KRB_AP_ERR_USER_TO_USER_REQUIRED",
  70: "KDC_ERR_CANT_VERIFY_CERTIFICATE",
  71: "KDC_ERR_INVALID_CERTIFICATE",
  72: "KDC_ERR_REVOKED_CERTIFICATE",
  73: "KDC_ERR_REVOCATION_STATUS_UNKNOWN",
  74: "KDC_ERR_REVOCATION_STATUS_UNAVAILABLE",
  75: "KDC_ERR_CLIENT_NAME_MISMATCH",
  76: "KDC_ERR_KDC_NAME_MISMATCH",
  77: "KDC_ERR_INCONSISTENT_KEY_PURPOSE",
  78: "KDC_ERR_DIGEST_IN_CERT_NOT_ACCEPTED",
  79: "KDC_ERR_PA_CHECKSUM_MUST_BE_INCLUDED",
  80: "KDC_ERR_DIGEST_IN_SIGNED_DATA_NOT_ACCEPTED",
  81: "KDC_ERR_PUBLIC_KEY_ENCRYPTION_NOT_SUPPORTED",
  85: "KRB_AP_ERR_IAKERB_KDC_NOT_FOUND",
  86: "KRB_AP_ERR_IAKERB_KDC_NO_RESPONSE",
  90: "KDC_ERR_PREAUTH_EXPIRED",
  91: "KDC_ERR_MORE_PREAUTH_DATA_REQUIRED",
  92: "KDC_ERR_PREAUTH_BAD_AUTHENTICATION_SET",
  93: "KDC_ERR_UNKNOWN_CRITICAL_FAST_OPTIONS",
  94: "KDC_ERR_INVALID_HASH_ALG",
  95: "KDC_ERR_INVALID_ITERATION_COUNT",
  100: "KDC_ERR_NO_ACCEPTABLE_KDF",
});

/** RFC 3961 8, RFC 3962 7, RFC 4757 5, RFC 6803 9, RFC 8009 7; the negative ones MS-KILE 3.1.5.2 and Windows headers. */
export const etypeNames: Names = Object.freeze({
  1: "des-cbc-crc",
  2: "des-cbc-md4",
  3: "des-cbc-md5",
  5: "des3-cbc-md5",
  7: "des3-cbc-sha1",
  9: "dsaWithSHA1-CmsOID",
  10: "md5WithRSAEncryption-CmsOID",
  11: "sha1WithRSAEncryption-CmsOID",
  12: "rc2CBC-EnvOID",
  13: "rsaEncryption-EnvOID",
  14: "rsaES-OAEP-ENV-OID",
  15: "des-ede3-cbc-Env-OID",
  16: "des3-cbc-sha1-kd",
  17: "aes128-cts-hmac-sha1-96",
  18: "aes256-cts-hmac-sha1-96",
  19: "aes128-cts-hmac-sha256-128",
  20: "aes256-cts-hmac-sha384-192",
  23: "rc4-hmac",
  24: "rc4-hmac-exp",
  25: "camellia128-cts-cmac",
  26: "camellia256-cts-cmac",
  65: "subkey-keymaterial",
  [-128]: "rc4-md4",
  [-133]: "rc4-hmac-old",
  [-135]: "rc4-hmac-old-exp",
});

/** RFC 4120 7.5.2, RFC 4556 3.1.3, RFC 6113 7.1, RFC 6560 7, RFC 6806 14, RFC 8070 6; MS-KILE 2.2.10, MS-SFU 2.2.1. */
export const padataNames: Names = Object.freeze({
  1: "PA-TGS-REQ",
  2: "PA-ENC-TIMESTAMP",
  3: "PA-PW-SALT",
  5: "PA-ENC-UNIX-TIME",
  6: "PA-SANDIA-SECUREID",
  7: "PA-SESAME",
  8: "PA-OSF-DCE",
  9: "PA-CYBERSAFE-SECUREID",
  10: "PA-AFS3-SALT",
  11: "PA-ETYPE-INFO",
  12: "PA-SAM-CHALLENGE",
  13: "PA-SAM-RESPONSE",
  14: "PA-PK-AS-REQ_OLD",
  15: "PA-PK-AS-REP_OLD",
  16: "PA-PK-AS-REQ",
  17: "PA-PK-AS-REP",
  18: "PA-PK-OCSP-RESPONSE",
  19: "PA-ETYPE-INFO2",
  20: "PA-SVR-REFERRAL-INFO",
  21: "PA-SAM-REDIRECT",
  22: "PA-GET-FROM-TYPED-DATA",
  23: "PA-SAM-ETYPE-INFO",
  24: "PA-ALT-PRINC",
  25: "PA-SERVER-REFERRAL",
  30: "PA-SAM-CHALLENGE2",
  31: "PA-SAM-RESPONSE2",
  41: "PA-EXTRA-TGT",
  101: "TD-PKINIT-CMS-CERTIFICATES",
  102: "TD-KRB-PRINCIPAL",
  103: "TD-KRB-REALM",
  104: "TD-TRUSTED-CERTIFIERS",
  105: "TD-CERTIFICATE-INDEX",
  106: "TD-APP-DEFINED-ERROR",
  107: "TD-REQ-NONCE",
  108: "TD-REQ-SEQ",
  109: "TD-DH-PARAMETERS",
  111: "TD-CMS-DIGEST-ALGORITHMS",
  112: "TD-CERT-DIGEST-ALGORITHMS",
  128: "PA-PAC-REQUEST",
  129: "PA-FOR-USER",
  130: "PA-S4U-X509-USER",
  132: "PA-AS-CHECKSUM",
  133: "PA-FX-COOKIE",
  134: "PA-AUTHENTICATION-SET",
  135: "PA-AUTH-SET-SELECTED",
  136: "PA-FX-FAST",
  137: "PA-FX-ERROR",
  138: "PA-ENCRYPTED-CHALLENGE",
  141: "PA-OTP-CHALLENGE",
  142: "PA-OTP-REQUEST",
  143: "PA-OTP-CONFIRM",
  144: "PA-OTP-PIN-CHANGE",
  145: "PA-EPAK-AS-REQ",
  146: "PA-EPAK-AS-REP",
  147: "PA-PKINIT-KX",
  148: "PA-PKU2U-NAME",
  149: "PA-REQ-ENC-PA-REP",
  150: "PA-AS-FRESHNESS",
  151: "PA-SPAKE",
  152: "PA-REDHAT-IDP-OAUTH2",
  153: "PA-REDHAT-PASSKEY",
  161: "KERB-KEY-LIST-REQ",
  162: "KERB-KEY-LIST-REP",
  165: "PA-SUPPORTED-ENCTYPES",
  166: "PA-EXTENDED-ERROR",
  167: "PA-PAC-OPTIONS",
  655: "PA-GSS",
});

/** RFC 4120 6.2, RFC 6111 3 (11), RFC 5179 (12); the negative ones are Microsoft's. */
export const nameTypes: Names = Object.freeze({
  0: "NT-UNKNOWN",
  1: "NT-PRINCIPAL",
  2: "NT-SRV-INST",
  3: "NT-SRV-HST",
  4: "NT-SRV-XHST",
  5: "NT-UID",
  6: "NT-X500-PRINCIPAL",
  7: "NT-SMTP-NAME",
  10: "NT-ENTERPRISE",
  11: "NT-WELLKNOWN",
  12: "NT-SRV-HST-DOMAIN",
  [-128]: "NT-MS-PRINCIPAL",
  [-129]: "NT-MS-PRINCIPAL-AND-ID",
  [-130]: "NT-ENT-PRINCIPAL-AND-ID",
  [-131]: "NT-PRINCIPAL-AND-ID",
  [-132]: "NT-SRV-INST-AND-ID",
});

/** Bit numbers, 0 the most significant. RFC 4120 5.4.1, RFC 6806 (15), RFC 8062 (16), MS-SFU 2.2.3 (14). */
export const kdcOptionNames: Names = Object.freeze({
  1: "forwardable",
  2: "forwarded",
  3: "proxiable",
  4: "proxy",
  5: "allow-postdate",
  6: "postdated",
  8: "renewable",
  14: "cname-in-addl-tkt",
  15: "canonicalize",
  16: "request-anonymous",
  26: "disable-transited-check",
  27: "renewable-ok",
  28: "enc-tkt-in-skey",
  30: "renew",
  31: "validate",
});

/** Bit numbers, 0 the most significant. RFC 4120 5.5.1. */
export const apOptionNames: Names = Object.freeze({ 1: "use-session-key", 2: "mutual-required" });

/** Bit numbers of PA-PAC-OPTIONS, 0 the most significant. MS-KILE 2.2.10, MS-SFU 2.2.5. */
export const pacOptionNames: Names = Object.freeze({
  0: "claims",
  1: "branch-aware",
  2: "forward-to-full-dc",
  3: "resource-based-constrained-delegation",
});

/** `KDC_ERR_S_PRINCIPAL_UNKNOWN`, or `unknown error 200 (0xc8)`. */
export function errorName(code: number): string {
  return errorNames[code] ?? `unknown error ${code} (0x${(code >>> 0).toString(16)})`;
}

/** `aes256-cts-hmac-sha1-96`, or `etype 99`. */
export function etypeName(etype: number): string {
  return etypeNames[etype] ?? `etype ${etype}`;
}

/** `PA-FX-FAST`, or `padata 999`. */
export function padataName(type: number): string {
  return padataNames[type] ?? `padata ${type}`;
}

/** `NT-SRV-INST`, or `name type 99`. */
export function nameTypeName(type: number): string {
  return nameTypes[type] ?? `name type ${type}`;
}

/** The names of the bits that are set in `flags`, in order; a bit that `names` lacks is `bit 7`. */
export function flagNames(flags: number, names: Names): readonly string[] {
  const set: string[] = [];
  for (let bit = 0; bit < 32; bit++) {
    if ((flags << bit) >>> 31 === 1) set.push(names[bit] ?? `bit ${bit}`);
  }
  return set;
}
