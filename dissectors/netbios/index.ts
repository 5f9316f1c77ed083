import type { Dissector } from "../dissector.ts";
import { describeNbdgm, describeNbns } from "./describe.ts";
import type { NbdgmMessage, NbnsMessage } from "./message.ts";
import { decodeNbdgm } from "./nbdgm.ts";
import { decodeNbns } from "./nbns.ts";

export const nbns: Dissector<NbnsMessage> = {
  protocol: "nbns",
  title: "NetBIOS Name Service",
  specs: ["RFC 1001", "RFC 1002 4.2"],
  ports: { udp: [137] },
  decode: (bytes) => [{ message: decodeNbns(bytes) }],
  describe: describeNbns,
};

export const nbdgm: Dissector<NbdgmMessage> = {
  protocol: "nbdgm",
  title: "NetBIOS Datagram Service",
  specs: ["RFC 1002 4.4", "MS-MAIL", "MS-ADTS 6.3.5"],
  ports: { udp: [138] },
  decode: (bytes) => decodeNbdgm(bytes).map((message) => ({ message })),
  describe: describeNbdgm,
};
