import { writeSync } from "node:fs";
import { bulk } from "./traffic.ts";

/** `node pour.mjs 1024`: so many MiB of bulk traffic on standard output. */

bulk(writeWhole, Number(process.argv[2]));

function writeWhole(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at);
}
