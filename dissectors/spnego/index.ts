import { printable } from "../asn1/text.ts";
import type { Dissector } from "../dissector.ts";
import { spnegoToken } from "./decode.ts";
import type { SpnegoMessage } from "./message.ts";

export { decodeToken, gss } from "./gss.ts";

export const spnego: Dissector<SpnegoMessage> = {
  protocol: "spnego",
  title: "SPNEGO",
  specs: ["RFC 4178", "RFC 2743", "MS-SPNG"],
  ports: {},
  decode: (bytes) => [spnegoToken(bytes)],
  describe: (message) => printable(`SPNEGO: ${words(message)}`),
};

function words(message: SpnegoMessage): string {
  if (message.kind === "NegTokenInit") {
    const hints = message.hasHints ? " (server speaks first)" : "";
    return `NegTokenInit${hints} MechTypes: ${message.mechTypes.join(", ")}`;
  }
  const state = message.negState === null ? "" : ` ${message.negState}`;
  const mech = message.supportedMech === null ? "" : ` SupportedMech: ${message.supportedMech}`;
  return `NegTokenResp${state}${mech}`;
}
