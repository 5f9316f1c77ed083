import { Malformed } from "../../src/bytes/malformed.ts";
import type { Dissector } from "../dissector.ts";
import type { SpnegoMessage } from "./message.ts";

export { decodeToken, gss } from "./gss.ts";

export const spnego: Dissector<SpnegoMessage> = {
  protocol: "spnego",
  title: "SPNEGO",
  specs: ["RFC 4178", "MS-SPNG"],
  ports: {},
  decode: () => {
    throw new Malformed("SPNEGO token", 0);
  },
  describe: (message) => message.kind,
};
