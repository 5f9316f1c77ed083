import type { Dissector } from "../dissector.ts";
import { decodeNtp } from "./decode.ts";
import { describeNtp } from "./describe.ts";
import type { NtpMessage } from "./message.ts";

export const ntp: Dissector<NtpMessage> = {
  protocol: "ntp",
  title: "Network Time Protocol",
  specs: ["RFC 5905", "MS-SNTP"],
  ports: { udp: [123] },
  decode: (bytes) => decodeNtp(bytes).map((message) => ({ message })),
  describe: describeNtp,
};
