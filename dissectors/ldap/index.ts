import type { Dissector } from "../dissector.ts";
import { decodeCldap } from "./decode.ts";
import { describeCldap } from "./describe.ts";
import type { CldapMessage } from "./message.ts";

export const cldap: Dissector<CldapMessage> = {
  protocol: "cldap",
  title: "LDAP-UDP",
  specs: ["MS-ADTS 6.3.3", "RFC 4511", "RFC 1798"],
  ports: { udp: [389] },
  decode: (bytes) => decodeCldap(bytes).map((message) => ({ message })),
  describe: describeCldap,
};
