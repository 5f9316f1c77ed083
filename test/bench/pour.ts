import { writeSync } from "node:fs";
import * as traffic from "./traffic.ts";

/** `node pour.mjs bulk 1024`: a capture of this kind and size on standard output. */

const [, , kind = "bulk", size = "1"] = process.argv;
const generators = new Map(Object.entries(traffic));
generators.get(kind)?.((bytes) => writeWhole(bytes), Number(size));

function writeWhole(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at);
}
