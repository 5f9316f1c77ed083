import type { Words } from "../topic.ts";

/** Error codes of MIT's library are this number plus the protocol's (0 to 127) or the library's own (from 128). */
export const MIT_BASE = -1_765_328_384;

interface LibraryError extends Words {
  readonly name: string;
  readonly number: number;
}

const own = (number: number, name: string, meaning: string, ...see: Words["see"]): LibraryError => ({
  number: MIT_BASE + number,
  name,
  meaning,
  see,
});

/** The library's own errors that users meet; what libkrb5's error table numbers from 128 on. */
export const mitErrors: readonly LibraryError[] = [
  own(130, "KRB5_LIBOS_CANTREADPWD", "No password could be read.", "rule/as-no-credential"),
  own(132, "KRB5_LIBOS_PWDINTR", "The question for the password was broken off.", "rule/as-no-credential"),
  own(134, "KRB5_PARSE_MALFORMED", "The principal's name is badly written."),
  own(135, "KRB5_CONFIG_CANTOPEN", "krb5.conf cannot be opened."),
  own(136, "KRB5_CONFIG_BADFORMAT", "krb5.conf is badly written."),
  own(139, "KRB5_CC_BADNAME", "The name of the credential cache is badly written."),
  own(140, "KRB5_CC_UNKNOWN_TYPE", "The credential cache is of an unknown type."),
  own(141, "KRB5_CC_NOTFOUND", "The credential cache has no ticket of this kind.", "rule/tgs-no-request"),
  own(142, "KRB5_CC_END", "The end of the credential cache was reached."),
  own(143, "KRB5_NO_TKT_SUPPLIED", "The request came without a ticket.", "rule/tgs-no-request"),
  own(
    144,
    "KRB5KRB_AP_WRONG_PRINC",
    "The service accepts one principal only, and the ticket is for another.",
    "kerberos/35",
  ),
  own(
    145,
    "KRB5KRB_AP_ERR_TKT_INVALID",
    "The ticket is marked as invalid: post-dated and not yet validated.",
    "kerberos/33",
  ),
  own(146, "KRB5_PRINC_NOMATCH", "The ticket is for another principal than asked for.", "kerberos/26"),
  own(
    147,
    "KRB5_KDCREP_MODIFIED",
    "The KDC's answer does not fit the question: another name came back, or somebody altered it.",
  ),
  own(148, "KRB5_KDCREP_SKEW", "The time in the KDC's answer is too far from the client's.", "kerberos/37"),
  own(
    149,
    "KRB5_IN_TKT_REALM_MISMATCH",
    "Client and server are of different realms in a request for a TGT.",
    "kerberos/68",
  ),
  own(150, "KRB5_PROG_ETYPE_NOSUPP", "The program does not support the encryption type.", "kerberos/14"),
  own(152, "KRB5_WRONG_ETYPE", "The message is not encrypted with the type that was asked for.", "kerberos/14"),
  own(
    154,
    "KRB5_REALM_UNKNOWN",
    "No KDC is known for the realm: neither krb5.conf nor DNS names one.",
    "rule/loc-kdc-realm",
  ),
  own(155, "KRB5_SERVICE_UNKNOWN", "The service's port is not known."),
  own(
    156,
    "KRB5_KDC_UNREACH",
    "KDCs are known for the realm, and none of them answers.",
    "rule/kdc-port-blocked",
    "rule/kdc-rst",
    "rule/as-no-reply",
    "rule/tgs-no-reply",
  ),
  own(157, "KRB5_NO_LOCALNAME", "No local user is known for the principal: authorization, not authentication."),
  own(158, "KRB5_MUTUAL_FAILED", "The server could not prove who it is.", "kerberos/46"),
  own(163, "KRB5_RC_REPLAY", "The same authenticator came twice.", "kerberos/34"),
  own(164, "KRB5_RC_IO", "The replay cache cannot be written."),
  own(170, "KRB5_RC_IO_PERM", "The service may not write its replay cache."),
  own(
    181,
    "KRB5_KT_NOTFOUND",
    "The keytab has no such entry: principal, key version or encryption type.",
    "kerberos/45",
    "kerberos/35",
    "kerberos/44",
  ),
  own(182, "KRB5_KT_END", "The end of the keytab was reached."),
  own(184, "KRB5_KT_IOERR", "The keytab cannot be read or written.", "kerberos/45"),
  own(185, "KRB5_NO_TKT_IN_RLM", "There is no TGT for the realm that is wanted.", "rule/tgs-referral-deadend"),
  own(188, "KRB5_BAD_ENCTYPE", "The encryption type is not known.", "kerberos/14"),
  own(189, "KRB5_BAD_KEYSIZE", "The key has the wrong size."),
  own(190, "KRB5_BAD_MSIZE", "The encrypted part has an impossible size."),
  own(193, "KRB5_CC_IO", "The credential cache cannot be read or written."),
  own(194, "KRB5_FCC_PERM", "The credential cache's file has the wrong permissions."),
  own(
    195,
    "KRB5_FCC_NOFILE",
    "There is no credential cache: nobody signed on here.",
    "rule/tgs-no-request",
    "rule/as-no-credential",
  ),
  own(199, "KRB5_CC_FORMAT", "The credential cache is damaged."),
  own(201, "KRB5_INVALID_FLAGS", "The options of the request contradict each other."),
  own(203, "KRB5_NOCREDS_SUPPLIED", "No credentials were handed to the library.", "rule/tgs-no-request"),
  own(207, "KRB5_SENDAUTH_REJECTED", "The server rejected the authentication.", "rule/ap-reject-negstate"),
  own(
    208,
    "KRB5_PREAUTH_BAD_TYPE",
    "The KDC wants a pre-authentication that the client does not support.",
    "kerberos/16",
  ),
  own(
    209,
    "KRB5_PREAUTH_NO_KEY",
    "There is no key for the pre-authentication: no password, no keytab.",
    "rule/as-no-credential",
  ),
  own(210, "KRB5_PREAUTH_FAILED", "The pre-authentication failed before anything was sent.", "kerberos/24"),
  own(216, "KRB5_ERR_BAD_HOSTNAME", "The host's name cannot be made canonical: DNS.", "rule/dns-nxdomain"),
  own(
    217,
    "KRB5_ERR_HOST_REALM_UNKNOWN",
    "The realm of the host is not known: [domain_realm].",
    "rule/tgs-wrong-realm",
  ),
  own(218, "KRB5_SNAME_UNSUPP_NAMETYPE", "No SPN can be made of this kind of name."),
  own(
    220,
    "KRB5_REALM_CANT_RESOLVE",
    "A KDC is named for the realm, and its name has no address.",
    "rule/loc-srv-stale",
  ),
  own(221, "KRB5_TKT_NOT_FORWARDABLE", "The TGT may not be forwarded.", "rule/del-not-forwardable"),
  own(222, "KRB5_FWD_BAD_PRINCIPAL", "Credentials cannot be forwarded to this name."),
  own(
    223,
    "KRB5_GET_IN_TKT_LOOP",
    "The sign-on turns in a circle: the same answers came again and again.",
    "kerberos/25",
  ),
  own(224, "KRB5_CONFIG_NODEFREALM", "krb5.conf has no default_realm."),
  own(230, "KRB5_KT_KVNONOTFOUND", "The keytab has the principal, but not with this key version.", "kerberos/44"),
  own(234, "KRB5_CHPW_FAIL", "The password could not be changed.", "rule/kpasswd-blocked"),
  own(236, "KRB5_NOPERM_ETYPE", "The encryption type is not among those permitted.", "kerberos/14"),
  own(237, "KRB5_CONFIG_ETYPE_NOSUPP", "krb5.conf permits no encryption type that is supported.", "kerberos/14"),
  own(
    245,
    "KRB5_ERR_NO_SERVICE",
    "DNS says that the realm has no such service: an SRV record with the target “.”.",
    "rule/loc-kdc-realm",
  ),
  own(
    252,
    "KRB5_ERR_FAST_REQUIRED",
    "Armoring (FAST) is wanted, and the KDC does not offer it.",
    "rule/as-fast-option",
  ),
];
