import type { Dissector } from "../dissector.ts";
import { kerberosMessage } from "./decode.ts";
import { describe } from "./describe.ts";
import { looksLikeKerberos } from "./framing.ts";
import { kpasswdMessages } from "./kpasswd.ts";
import type { KerberosMessage, Kpasswd } from "./message.ts";

export { kerberosFrameLength, kpasswdFrameLength } from "./framing.ts";

export const kerberos: Dissector<KerberosMessage> = {
  protocol: "kerberos",
  title: "Kerberos V5",
  specs: ["RFC 4120", "RFC 6113", "MS-KILE", "MS-SFU"],
  ports: { udp: [88], tcp: [88] },
  looksRight: looksLikeKerberos,
  decode: (bytes, fingerprint) => [{ message: kerberosMessage(bytes, fingerprint) }],
  describe,
};

/** The Kerberos messages inside a kpasswd frame follow it as messages of their own. */
export const kpasswd: Dissector<Kpasswd | KerberosMessage> = {
  protocol: "kpasswd",
  title: "Kerberos password change",
  specs: ["RFC 3244"],
  ports: { udp: [464], tcp: [464] },
  decode: kpasswdMessages,
  describe,
};
