import type { Dissector } from "../dissector.ts";
import { decodeDcerpc } from "./decode.ts";
import { describeDcerpc } from "./describe.ts";
import { startOfRpc } from "./header.ts";
import type { DcerpcMessage } from "./message.ts";

export { isRpcWanted, RPC_HEADER_BYTES, rpcFrameLength, startOfRpc } from "./header.ts";

export const dcerpc: Dissector<DcerpcMessage> = {
  protocol: "dcerpc",
  title: "DCE-RPC",
  specs: ["C706", "MS-RPCE"],
  ports: { tcp: [135] },
  looksRight: (bytes, start, end) => ["request", "reply"].includes(startOfRpc(bytes, start, end)),
  decode: decodeDcerpc,
  describe: describeDcerpc,
};
