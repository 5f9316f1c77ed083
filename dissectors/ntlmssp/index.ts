import { Malformed } from "../../src/bytes/malformed.ts";
import type { Dissector } from "../dissector.ts";
import type { NtlmMessage } from "./message.ts";

export const ntlmssp: Dissector<NtlmMessage> = {
  protocol: "ntlmssp",
  title: "NTLMSSP",
  specs: ["MS-NLMP"],
  ports: {},
  decode: () => {
    throw new Malformed("NTLMSSP message", 0);
  },
  describe: (message) => message.kind,
};
