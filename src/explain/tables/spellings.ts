import type { TopicId } from "../topic.ts";

/** A name in circulation that no specification has, what it stands for, and what to know about it. */
export interface Spelling {
  readonly said: string;
  readonly is: TopicId;
  readonly remark: string;
}

const INFORMAL = "An informal name; this is what the protocol calls it.";
const MISSPELT = "A misspelling that circulates.";

/** Informal names, misspellings of published guides, and statements that need a translation. */
export const spellings: readonly Spelling[] = [
  { said: "KRB5KDC_ERR_SKEWED", is: "kerberos/37", remark: `${INFORMAL} Both the KDC and a service can send it.` },
  { said: "KRB5KDC_ERR_TKT_EXPIRED", is: "kerberos/32", remark: INFORMAL },
  { said: "KERB_AP_ERR_MODIFIED", is: "kerberos/41", remark: MISSPELT },
  { said: "ERB_AP_ERR_SKEW", is: "kerberos/37", remark: MISSPELT },
  { said: "KERB_AP_ERR_SKEW", is: "kerberos/37", remark: MISSPELT },
  { said: "KRB_S_PRINCIPAL_UNKNOWN", is: "kerberos/7", remark: "A shorthand of blogs." },
  { said: "KRB_C_PRINCIPAL_UNKNOWN", is: "kerberos/6", remark: "A shorthand of blogs." },
  { said: "NEEDED_PREAUTH", is: "kerberos/25", remark: "So MIT's KDC logs it, and Zeek after it." },
  {
    said: "C_PRINCIPAL_UNKNOWN = not found or disabled",
    is: "kerberos/6",
    remark: "Half right: not found is 6, disabled is 18 (KDC_ERR_CLIENT_REVOKED).",
  },
  {
    said: "PREAUTH_FAILED = wrong password or clock skew",
    is: "kerberos/24",
    remark: "Half right: a clock that is off is 37 (KRB_AP_ERR_SKEW), and then the password was right.",
  },
  {
    said: "MODIFIED = client could not decrypt the service ticket",
    is: "kerberos/41",
    remark: "The other way round: the service could not decrypt it.",
  },
  { said: "HTTP\\server", is: "term/spn", remark: "The separator is a slash, not a backslash." },
  { said: "setspn -a", is: "term/setspn -S", remark: "Works, and registers duplicates without a word." },
  {
    said: "Get-ADComputer -PrincipalsAllowedToDelegateToAccount",
    is: "term/PrincipalsAllowedToDelegateToAccount",
    remark: "The published command lacks -Properties.",
  },
  {
    said: "IIServer",
    is: "term/spn",
    remark: "The vendor's trace spells its server in five ways; one of them is right.",
  },
  { said: "ERROR_NO_SUCH_DOMAIN", is: "win32/1355", remark: "" },
  { said: "Error 1355", is: "win32/1355", remark: "" },
  {
    said: "Cannot generate SSPI context",
    is: "kerberos/7",
    remark: "SQL Server's client says so for 7, and for 41 on MSSQLSvc.",
  },
  {
    said: "The target principal name is incorrect",
    is: "sspi/WRONG_PRINCIPAL",
    remark: "",
  },
  { said: "KRB_ERR_SKEW", is: "kerberos/37", remark: INFORMAL },
  { said: "LOGON_DENIED", is: "sspi/LOGON_DENIED", remark: "" },
];

/** Sentences of programs, and what they mean; matched anywhere in what was pasted. */
export const texts: readonly Spelling[] = [
  {
    said: "GSSHeader did not find the right tag",
    is: "rule/ap-defective-token",
    remark: "Java's words: an NTLM token came to a server that knows Kerberos only, or the token was cut.",
  },
  { said: "Defective token detected", is: "rule/ap-defective-token", remark: "Java's words." },
  { said: "Defective token", is: "rule/ap-defective-token", remark: "The words of GSS-API." },
  { said: "Cannot find KDC for realm", is: "mit/KRB5_REALM_UNKNOWN", remark: "" },
  { said: "Cannot find KDC for requested realm", is: "mit/KRB5_REALM_UNKNOWN", remark: "" },
  { said: "Cannot locate KDC", is: "mit/KRB5_REALM_UNKNOWN", remark: "Java's and Heimdal's words." },
  { said: "Cannot contact any KDC for realm", is: "mit/KRB5_KDC_UNREACH", remark: "" },
  { said: "Cannot contact any KDC for requested realm", is: "mit/KRB5_KDC_UNREACH", remark: "" },
  { said: "unable to reach any KDC in realm", is: "mit/KRB5_KDC_UNREACH", remark: "Heimdal's words." },
  { said: "Cannot resolve network address for KDC in requested realm", is: "mit/KRB5_REALM_CANT_RESOLVE", remark: "" },
  { said: "Cannot resolve KDC for requested realm", is: "mit/KRB5_REALM_CANT_RESOLVE", remark: "" },
  { said: "No Kerberos credentials available", is: "mit/KRB5_FCC_NOFILE", remark: "" },
  { said: "No credentials cache found", is: "mit/KRB5_FCC_NOFILE", remark: "" },
  { said: "No credentials cache file found", is: "mit/KRB5_FCC_NOFILE", remark: "" },
  {
    said: "No valid credentials provided",
    is: "rule/tgs-no-request",
    remark: "Java's words: look at the reason in brackets behind them.",
  },
  {
    said: "Failed to find any Kerberos tgt",
    is: "rule/tgs-no-request",
    remark: "Java's words: there is no TGT in its cache.",
  },
  { said: "Key table entry not found", is: "mit/KRB5_KT_NOTFOUND", remark: "" },
  { said: "not found in keytab", is: "mit/KRB5_KT_KVNONOTFOUND", remark: "" },
  { said: "Key version number for principal in key table is incorrect", is: "mit/KRB5_KT_KVNONOTFOUND", remark: "" },
  { said: "Cannot determine realm for host", is: "mit/KRB5_ERR_HOST_REALM_UNKNOWN", remark: "" },
  { said: "does not specify default realm", is: "mit/KRB5_CONFIG_NODEFREALM", remark: "" },
  { said: "can't get forwardable tickets", is: "mit/KRB5_TKT_NOT_FORWARDABLE", remark: "" },
  { said: "Matching credential not found", is: "mit/KRB5_CC_NOTFOUND", remark: "" },
  { said: "Wrong principal in request", is: "mit/KRB5KRB_AP_WRONG_PRINC", remark: "" },
  { said: "KDC reply did not match expectations", is: "mit/KRB5_KDCREP_MODIFIED", remark: "" },
  { said: "Clock skew too great in KDC reply", is: "mit/KRB5_KDCREP_SKEW", remark: "" },
  {
    said: "The specified domain either does not exist or could not be contacted",
    is: "win32/1355",
    remark: "",
  },
  {
    said: "There are currently no logon servers available",
    is: "win32/1311",
    remark: "",
  },
  {
    said: "The trust relationship between this workstation and the primary domain failed",
    is: "win32/1789",
    remark: "",
  },
  { said: "The target account name is incorrect", is: "win32/1396", remark: "" },
  { said: "There is a time and/or date difference between the client and server", is: "win32/1398", remark: "" },
  { said: "The user name or password is incorrect", is: "win32/1326", remark: "" },
  { said: "An untrusted domain", is: "sspi/LOGON_DENIED", remark: "SQL Server's 18452." },
  {
    said: "Login failed for user 'NT AUTHORITY\\ANONYMOUS LOGON'",
    is: "rule/neg-anon",
    remark: "SQL Server's 18456: the double hop.",
  },
  { said: "Request Header Or Cookie Too Large", is: "rule/ap-400-size", remark: "nginx's words." },
  { said: "Size of a request header field exceeds server limit", is: "rule/ap-400-size", remark: "Apache's words." },
  { said: "Bad Request - Request Too Long", is: "rule/ap-400-size", remark: "The words of http.sys." },
];
