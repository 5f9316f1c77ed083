import { dcerpc } from "./dcerpc/index.ts";
import type { Dissector } from "./dissector.ts";
import { dns } from "./dns/index.ts";
import { http } from "./http/index.ts";
import { kerberos, kpasswd } from "./kerberos/index.ts";
import { cldap, ldap } from "./ldap/index.ts";
import { nbdgm, nbns } from "./netbios/index.ts";
import { ntlmssp } from "./ntlmssp/index.ts";
import { ntp } from "./ntp/index.ts";
import { smb } from "./smb/index.ts";
import { smb2 } from "./smb2/index.ts";
import { spnego } from "./spnego/index.ts";
import { tds } from "./tds/index.ts";
import { tls } from "./tls/index.ts";

/** Every protocol, one line each. */
export const dissectors = {
  dns,
  nbns,
  nbdgm,
  cldap,
  ldap,
  dcerpc,
  tds,
  kerberos,
  kpasswd,
  http,
  smb2,
  smb,
  spnego,
  ntlmssp,
  ntp,
  tls,
} as const;

type MessageOf<D> = D extends Dissector<infer M> ? M : never;

export type Message = MessageOf<(typeof dissectors)[keyof typeof dissectors]>;

/** One line about any message, by its own dissector. */
export function describe(message: Message): string {
  switch (message.protocol) {
    case "dns":
      return dns.describe(message);
    case "nbns":
      return nbns.describe(message);
    case "nbdgm":
      return nbdgm.describe(message);
    case "cldap":
      return cldap.describe(message);
    case "ldap":
      return ldap.describe(message);
    case "dcerpc":
      return dcerpc.describe(message);
    case "tds":
      return tds.describe(message);
    case "kerberos":
      return kerberos.describe(message);
    case "kpasswd":
      return kpasswd.describe(message);
    case "http":
      return http.describe(message);
    case "smb2":
      return smb2.describe(message);
    case "smb":
      return smb.describe(message);
    case "spnego":
      return spnego.describe(message);
    case "ntlmssp":
      return ntlmssp.describe(message);
    case "ntp":
      return ntp.describe(message);
    case "tls":
      return tls.describe(message);
    default:
      return message satisfies never;
  }
}
