import type { Topic, Words } from "../topic.ts";

const words = (meaning: string, ...see: Words["see"]): Words => ({ meaning, see });

/** LDAP result codes that a bind meets; the others of RFC 4511 4.1.9 speak for themselves. */
export const ldapWords: Readonly<Record<number, Words>> = {
  7: words("The server does not know this way to authenticate."),
  8: words("The server requires signing, or a stronger bind.", "rule/ldap-signing"),
  13: words("The server wants TLS for this bind.", "rule/ldap-signing"),
  14: words("The bind goes on with another message: no error."),
  48: words("This way to authenticate is not allowed for this name."),
  49: words("Name or credentials are wrong; the `data` in the text says more.", "rule/ldap-bad-cred", "rule/ldap-cbt"),
  51: words("The server is busy."),
  52: words("The server is not available."),
};

/** Answers of a domain controller to an LDAP-UDP ping, MS-ADTS 6.3.1.3. */
export const netlogonWords: Readonly<Record<number, Words>> = {
  19: words("A good answer, in the older form."),
  20: words("Netlogon is paused on this domain controller (older form).", "rule/loc-paused"),
  21: words("The domain controller does not know the account that asks (older form).", "rule/loc-user-unknown"),
  23: words("A good answer: here is a domain controller."),
  24: words("Netlogon is paused on this domain controller.", "rule/loc-paused"),
  25: words("The domain controller does not know the account that asks.", "rule/loc-user-unknown"),
};

export const dnsWords: Readonly<Record<number, Words>> = {
  0: words("No error. Without an address among the answers the name exists and has none.", "rule/dns-nodata"),
  2: words("The DNS server failed to find out.", "rule/dns-servfail"),
  3: words("The name does not exist.", "rule/dns-nxdomain", "rule/loc-srv-nxdomain"),
  5: words("The DNS server refuses to answer.", "rule/dns-refused"),
};

interface Status extends Words {
  readonly name: string;
}

const status = (name: string, meaning: string, ...see: Words["see"]): Status => ({ name, meaning, see });

/** HTTP statuses as a login meets them, RFC 9110 section 15, RFC 6585. */
export const httpStatuses: Readonly<Record<number, Status>> = {
  400: status("400 Bad Request", "To a request with a token: the header is too large, or damaged.", "rule/ap-400-size"),
  401: status(
    "401 Unauthorized",
    "The server asks who the client is. The first one is the challenge of step 4 and no fault; one that answers a token is.",
    "rule/http-no-negotiate",
    "rule/ap-401-bare",
    "kerberos/41",
  ),
  403: status("403 Forbidden", "The client is known, and may not.", "rule/ap-403"),
  407: status("407 Proxy Authentication Required", "The proxy asks who the client is.", "kerberos/7"),
  413: status("413 Content Too Large", "To a request with a token: a limit of the server.", "rule/ap-400-size"),
  431: status(
    "431 Request Header Fields Too Large",
    "The token does not fit into the server's header limit.",
    "rule/ap-400-size",
  ),
  500: status("500 Internal Server Error", "The application failed: says nothing of authentication.", "rule/ap-500"),
  502: status("502 Bad Gateway", "A gateway cannot reach what is behind it.", "rule/http-gateway-error"),
  503: status(
    "503 Service Unavailable",
    "The service, or its application pool, is stopped.",
    "rule/http-gateway-error",
  ),
  504: status("504 Gateway Timeout", "A gateway waited in vain for what is behind it.", "rule/http-gateway-error"),
};

/** Encryption types as tickets, keytabs and event logs name them, RFC 3961 section 8. */
export const etypeWords: Readonly<Record<number, Words>> = {
  1: words("DES: broken, and off everywhere.", "kerberos/14"),
  3: words("DES: broken, and off everywhere.", "kerberos/14"),
  16: words("Triple DES: old, and off in newer systems.", "kerberos/14"),
  17: words("AES with 128 bits: good."),
  18: words("AES with 256 bits: good, and what a ticket has as a rule (0x12 in event logs)."),
  19: words("AES with 128 bits and SHA-2: good, newer systems only."),
  20: words("AES with 256 bits and SHA-2: good, newer systems only."),
  23: words("RC4: weak, and going out of use (0x17 in event logs).", "rule/tgs-rc4-ticket", "kerberos/14"),
  24: words("RC4 for export: broken.", "kerberos/14"),
};

/** Words and commands that are no codes and are asked for all the same. */
export const terms: readonly Topic[] = [
  {
    id: "term/spn",
    origin: "term",
    name: "service principal name (SPN)",
    number: null,
    spellings: ["SPN", "service principal name", "servicePrincipalName"],
    meaning:
      "The name under which a service has a ticket: class/host[:port], as HTTP/web.contoso.com. One account has it, and only one.",
    see: ["kerberos/7", "kerberos/8", "kerberos/41"],
  },
  {
    id: "term/setspn -S",
    origin: "term",
    name: "setspn -S",
    number: null,
    spellings: ["setspn"],
    meaning: "Registers an SPN, and refuses one that another account has; -A registers it without looking.",
    see: ["kerberos/8"],
  },
  {
    id: "term/PrincipalsAllowedToDelegateToAccount",
    origin: "term",
    name: "PrincipalsAllowedToDelegateToAccount",
    number: null,
    spellings: ["msDS-AllowedToActOnBehalfOfOtherIdentity", "RBCD", "resource-based constrained delegation"],
    meaning:
      "Who may delegate to this service (resource-based). Shown by: Get-ADComputer <service> -Properties PrincipalsAllowedToDelegateToAccount",
    see: ["rule/del-rbcd-denied"],
  },
  {
    id: "term/double hop",
    origin: "term",
    name: "double hop",
    number: null,
    spellings: ["NT AUTHORITY\\ANONYMOUS LOGON"],
    meaning:
      "A server that goes on to another server in the user's name: it needs delegation, else it arrives as nobody.",
    see: ["rule/neg-anon", "kerberos/13"],
  },
];
