import type { Dissector } from "../dissector.ts";
import { decodeCldap } from "./decode.ts";
import { decodeLdap } from "./decode-stream.ts";
import { describeCldap } from "./describe.ts";
import { describeLdap } from "./describe-stream.ts";
import { startOfLdap } from "./framing.ts";
import type { CldapMessage, LdapMessage } from "./message.ts";

export { START_TLS } from "./codes.ts";
export { LDAP_HEADER_BYTES, ldapFrameLength, ldapOperation, startOfLdap } from "./framing.ts";
export { isRequest, operations } from "./operations.ts";

export const cldap: Dissector<CldapMessage> = {
  protocol: "cldap",
  title: "LDAP-UDP",
  specs: ["MS-ADTS 6.3.3", "RFC 4511", "RFC 1798"],
  ports: { udp: [389] },
  decode: (bytes) => decodeCldap(bytes).map((message) => ({ message })),
  describe: describeCldap,
};

export const ldap: Dissector<LdapMessage> = {
  protocol: "ldap",
  title: "LDAP",
  specs: ["RFC 4511", "RFC 4513", "MS-ADTS 5.1.1"],
  ports: { tcp: [389, 3268] },
  looksRight: (bytes, start, end) => startOfLdap(bytes, start, end) === "message",
  decode: decodeLdap,
  describe: describeLdap,
};
