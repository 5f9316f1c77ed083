import { printable } from "../asn1/text.ts";
import type { Dissector } from "../dissector.ts";
import { ntlmMessage, opensNtlm } from "./decode.ts";
import type { NtlmMessage } from "./message.ts";

export const ntlmssp: Dissector<NtlmMessage> = {
  protocol: "ntlmssp",
  title: "NTLMSSP",
  specs: ["MS-NLMP"],
  ports: {},
  looksRight: (bytes, start, end) => opensNtlm(bytes.subarray(start, end)),
  decode: (bytes) => [{ message: ntlmMessage(bytes) }],
  describe: (message) => printable(`NTLMSSP: ${words(message)}`),
};

function words(message: NtlmMessage): string {
  switch (message.kind) {
    case "NEGOTIATE":
      return "NTLM NEGOTIATE MESSAGE";
    case "CHALLENGE":
      return `NTLM CHALLENGE MESSAGE Target: ${message.targetName ?? ""}`;
    case "AUTHENTICATE":
      return `NTLM AUTHENTICATE MESSAGE Domain: ${message.domain}, User: ${message.user}, Workstation: ${message.workstation}`;
  }
}
