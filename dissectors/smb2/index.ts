import type { Dissector } from "../dissector.ts";
import { decodeSmb2 } from "./decode.ts";
import { describeSmb2 } from "./describe.ts";
import type { Smb2Message } from "./message.ts";

export {
  FRAME_BYTES,
  isSealedPdu,
  isSessionMessage,
  isSmb1,
  isWantedPdu,
  PDU_BYTES,
  pduLength,
  sessionLength,
  startOf,
} from "./framing.ts";

/** The commands of SMB 2 and 3 that a login is made of; where messages end is found in `src/dispatch/framing`. */
export const smb2: Dissector<Smb2Message> = {
  protocol: "smb2",
  title: "SMB2",
  specs: ["MS-SMB2", "RFC 1002"],
  ports: { tcp: [445, 139] },
  decode: (bytes, _, cut = false) => decodeSmb2(bytes, cut),
  describe: describeSmb2,
};
