import type { Words } from "../topic.ts";

interface Event extends Words {
  readonly number: number;
  readonly name: string;
  /** How a code that stands beside it is to be read: as a KRB-ERROR, or as an NTSTATUS. */
  readonly code: "kerberos" | "ntstatus" | null;
}

const event = (number: number, name: string, meaning: string, code: Event["code"], ...see: Words["see"]): Event => ({
  number,
  name,
  meaning,
  code,
  see,
});

/** Events of Windows that speak of logons; `name`: log or source, and what it records. */
export const events: readonly Event[] = [
  event(
    3,
    "Security-Kerberos 3",
    "A KRB-ERROR came to this computer (with logging switched on); its code stands in the text.",
    "kerberos",
  ),
  event(
    4,
    "Security-Kerberos 4",
    "This server's ticket could not be decrypted: KRB_AP_ERR_MODIFIED.",
    "kerberos",
    "kerberos/41",
  ),
  event(
    7,
    "Security-Kerberos 7",
    "The PAC of a ticket could not be verified: the domain controller was not reached.",
    null,
    "rule/ap-no-response",
  ),
  event(11, "KDC 11", "An SPN is registered on more than one account.", null, "kerberos/8", "kerberos/7"),
  event(
    14,
    "KDC 14",
    "A sign-on: the account has no key of an encryption type that was asked for.",
    "kerberos",
    "kerberos/14",
  ),
  event(
    16,
    "KDC 16",
    "A ticket: the service's account has no key of an encryption type that was asked for.",
    "kerberos",
    "kerberos/14",
  ),
  event(26, "KDC 26", "A sign-on: none of the encryption types asked for is allowed.", "kerberos", "kerberos/14"),
  event(27, "KDC 27", "A ticket: none of the encryption types asked for is allowed.", "kerberos", "kerberos/14"),
  event(31, "KDC 31", "A ticket grew larger than the warning threshold.", null, "rule/ap-size-warn"),
  event(39, "KDC 39", "A certificate is not mapped to its account strongly enough.", "kerberos", "kerberos/66"),
  event(40, "KDC 40", "A certificate is older than the account it is mapped to.", "kerberos", "kerberos/66"),
  event(41, "KDC 41", "The SID in a certificate is not that of the account.", "kerberos", "kerberos/66"),
  event(
    4624,
    "Security 4624",
    "A logon succeeded: look at logon type 3, the package (Kerberos or NTLM), source address and port.",
    null,
  ),
  event(4625, "Security 4625", "A logon failed: Status and Sub Status say why.", "ntstatus", "ntstatus/LOGON_FAILURE"),
  event(
    4768,
    "Security 4768",
    "A TGT was asked for; the result code is the KRB-ERROR's number in hex (0x0: issued).",
    "kerberos",
  ),
  event(
    4769,
    "Security 4769",
    "A service ticket was asked for; the failure code is the KRB-ERROR's number in hex (0x0: issued), beside it the ticket's encryption type.",
    "kerberos",
  ),
  event(4770, "Security 4770", "A ticket was renewed.", "kerberos"),
  event(
    4771,
    "Security 4771",
    "Kerberos pre-authentication failed; the failure code is the KRB-ERROR's number in hex.",
    "kerberos",
    "kerberos/24",
  ),
  event(4773, "Security 4773", "A request for a service ticket failed.", "kerberos"),
  event(
    4776,
    "Security 4776",
    "A domain controller checked NTLM credentials; the error code is an NTSTATUS.",
    "ntstatus",
  ),
  event(
    4820,
    "Security 4820",
    "A TGT was denied: an authentication policy forbids the device.",
    "kerberos",
    "kerberos/12",
  ),
  event(
    4821,
    "Security 4821",
    "A service ticket was denied: an authentication policy forbids user, device or both.",
    "kerberos",
    "kerberos/12",
  ),
  event(
    5719,
    "NETLOGON 5719",
    "The computer could not set up a session with a domain controller: none was found or reached.",
    null,
    "win32/1355",
    "win32/1311",
  ),
  event(
    5722,
    "NETLOGON 5722",
    "A domain controller refused a computer's session: its account or password does not fit.",
    null,
    "win32/1789",
  ),
  event(
    5723,
    "NETLOGON 5723",
    "A computer asked for a session, and the domain has no account for it.",
    null,
    "rule/loc-user-unknown",
  ),
  event(
    5774,
    "NETLOGON 5774",
    "A domain controller could not register its DNS records.",
    null,
    "rule/loc-srv-nxdomain",
  ),
  event(5783, "NETLOGON 5783", "The session to the domain controller does not answer.", null, "win32/1311"),
  event(
    8004,
    "NTLM 8004",
    "A domain controller let NTLM through that policy wants to block.",
    null,
    "ntstatus/NTLM_BLOCKED",
  ),
  event(
    18452,
    "SQL Server 18452",
    "The login comes from an untrusted domain: NTLM, or a name that the server cannot check.",
    null,
    "sspi/LOGON_DENIED",
  ),
  event(
    18456,
    "SQL Server 18456",
    "Login failed; for ANONYMOUS LOGON it is the double hop without delegation.",
    null,
    "rule/neg-anon",
  ),
];
