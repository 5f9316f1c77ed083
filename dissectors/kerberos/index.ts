import { Malformed } from "../../src/bytes/malformed.ts";
import type { Dissector } from "../dissector.ts";
import type { KerberosMessage, Kpasswd } from "./message.ts";

export const kerberos: Dissector<KerberosMessage> = {
  protocol: "kerberos",
  title: "Kerberos V5",
  specs: ["RFC 4120"],
  ports: { udp: [88], tcp: [88] },
  decode: () => {
    throw new Malformed("Kerberos message", 0);
  },
  describe: (message) => message.kind,
};

export const kpasswd: Dissector<Kpasswd | KerberosMessage> = {
  protocol: "kpasswd",
  title: "Kerberos password change",
  specs: ["RFC 3244"],
  ports: { udp: [464], tcp: [464] },
  decode: () => {
    throw new Malformed("kpasswd message", 0);
  },
  describe: (message) => message.kind,
};

export function kerberosFrameLength(_bytes: Uint8Array, at: number, _end: number): number | null {
  throw new Malformed("Kerberos message", at);
}
