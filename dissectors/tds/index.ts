import type { Dissector } from "../dissector.ts";
import { decodeTds } from "./decode.ts";
import { describeTds } from "./describe.ts";
import type { TdsMessage } from "./message.ts";
import { startOfTds } from "./packets.ts";

export { startOfTds, TDS_HEADER_BYTES, tdsFrameLength, tdsReach } from "./packets.ts";

export const tds: Dissector<TdsMessage> = {
  protocol: "tds",
  title: "SQL Server (TDS)",
  specs: ["MS-TDS"],
  ports: { tcp: [1433] },
  looksRight: (bytes, start, end) => ["request", "response"].includes(startOfTds(bytes, start, end)),
  decode: decodeTds,
  describe: describeTds,
};
