declare module "pcap-parser" {
  import type { EventEmitter } from "node:events";
  import type { Readable } from "node:stream";

  /** Reads microsecond pcap; events `packet`, `error`, `end`. */
  export function parse(input: string | Readable): EventEmitter;
}
