import type { Dissector } from "../dissector.ts";
import { decodeSmb } from "./decode.ts";
import { describeSmb } from "./describe.ts";
import type { SmbMessage } from "./message.ts";

/** The commands of SMB 1 that a login is made of; its framing and ports are those of SMB2. */
export const smb: Dissector<SmbMessage> = {
  protocol: "smb",
  title: "SMB",
  specs: ["MS-CIFS", "MS-SMB"],
  ports: {},
  decode: (bytes) => decodeSmb(bytes),
  describe: describeSmb,
};
