import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export interface Sample {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const ENOUGH = 20;

/** The captures that the tests of the whole program damage, the smallest first: the project's, or the lab's. */
export function allSamples(): readonly Sample[] {
  const own = capturesIn(new URL("../../samples/", import.meta.url));
  const all = own.length >= ENOUGH ? own : capturesIn(new URL("../../../shared/captures/lab/", import.meta.url));
  return [...all].sort((a, b) => a.bytes.length - b.bytes.length);
}

function capturesIn(url: URL): readonly Sample[] {
  const folder = fileURLToPath(url);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.(pcap|pcapng)$/.test(path) && !path.includes("node_modules"))
    .sort()
    .map((path) => ({ name: path.replaceAll("\\", "/"), bytes: Uint8Array.from(readFileSync(join(folder, path))) }));
}
