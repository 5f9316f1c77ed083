import type { Dissector } from "../dissector.ts";
import { readBlock } from "./block.ts";
import { decodeHead } from "./decode.ts";
import { describeHttp } from "./describe.ts";
import type { HttpMessage } from "./message.ts";
import { readStartLine } from "./start-line.ts";

export { type Block, readBlock } from "./block.ts";
export { type Body, bodyOf, expectsContinue } from "./body.ts";
export { decodeHead } from "./decode.ts";
export { startOf } from "./start.ts";
export { readStartLine, type StartLine } from "./start-line.ts";

/** Header blocks of HTTP/1.x; where they and their bodies end is found in `src/dispatch/framing`. */
export const http: Dissector<HttpMessage> = {
  protocol: "http",
  title: "HTTP",
  specs: ["RFC 9110", "RFC 9112", "RFC 4559"],
  ports: { tcp: [80, 3128, 5985, 8080] },
  decode(bytes) {
    const block = readBlock(bytes);
    return [decodeHead(block, readStartLine(block))];
  },
  describe: describeHttp,
};
