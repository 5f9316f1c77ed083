import type { DnsMessage } from "./dns/message.ts";
import type { HttpMessage } from "./http/message.ts";
import type { KerberosMessage, Kpasswd } from "./kerberos/message.ts";
import type { CldapMessage } from "./ldap/message.ts";
import type { NtlmMessage } from "./ntlmssp/message.ts";
import type { SpnegoMessage } from "./spnego/message.ts";
import type { ClientHello } from "./tls/message.ts";

export type Message =
  | DnsMessage
  | CldapMessage
  | KerberosMessage
  | Kpasswd
  | HttpMessage
  | SpnegoMessage
  | NtlmMessage
  | ClientHello;
