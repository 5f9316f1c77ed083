import { existsSync, readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { nodePlatform } from "../src/cli/platform.ts";
import { analyze } from "../src/index.ts";
import type { Reporter, Sequence, Tail, Text } from "../src/model/report.ts";
import { createReporter as jsonReporter } from "../src/report/json.ts";
import { stringOf } from "../src/report/page.ts";
import { unpainted } from "../src/report/paint.ts";
import { createReporter as textReporter } from "../src/report/text.ts";

/** The scenarios of samples/: finding them, and running the library over their captures. */

const home = new URL("../samples/", import.meta.url);
const CAPTURE = /^capture\.(pcap|pcapng)(\.gz)?$/;

/** samples/lab makes captures and is no scenario itself. */
export const scenarios = readdirSync(home, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== "lab")
  .map((entry) => entry.name)
  .sort();

/** Path of a file of a scenario, or of samples/ itself. */
export const pathOf = (...parts: readonly string[]): URL => new URL(parts.join("/"), home);
export const textOf = (...parts: readonly string[]): string => readFileSync(pathOf(...parts), "utf8");
export const has = (...parts: readonly string[]): boolean => existsSync(pathOf(...parts));

interface Capture {
  /** As a user in the root of the repository would type it. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Size as it lies in the repository. */
  readonly stored: number;
  readonly compression: "gzip" | null;
}

export function captureOf(scenario: string): Capture {
  const file = readdirSync(pathOf(scenario)).find((name) => CAPTURE.test(name)) ?? "capture.pcap";
  const stored = readFileSync(pathOf(scenario, file));
  const packed = file.endsWith(".gz");
  return {
    name: `samples/${scenario}/${file}`,
    bytes: new Uint8Array(packed ? gunzipSync(stored) : stored),
    stored: stored.length,
    compression: packed ? "gzip" : null,
  };
}

/** How a capture is handed to the library: in chunks of so many bytes, with this seed for its hash tables. */
interface Serving {
  readonly chunk?: number;
  readonly seed?: number;
}

/** The text that a reporter writes about a capture. */
export function written(reporter: Reporter<Text>, capture: Capture, serving: Serving = {}): string {
  const pieces: string[] = [];
  const analysis = analyze(reporter, (text) => pieces.push(stringOf(text)), {
    captures: [{ name: capture.name, compression: capture.compression, size: null }],
    hosts: [],
    platform: { ...nodePlatform, seed: () => serving.seed ?? 1 },
  });
  const chunk = serving.chunk ?? capture.bytes.length;
  for (let at = 0; at < capture.bytes.length; at += chunk) analysis.feed(capture.bytes.subarray(at, at + chunk));
  analysis.end();
  return pieces.join("");
}

export const asJson = (capture: Capture, serving?: Serving): string => written(jsonReporter(), capture, serving);
export const asText = (capture: Capture): string =>
  written(textReporter({ width: 100, paint: unpainted, quiet: false }), capture);

export interface Values {
  readonly sequences: readonly Sequence[];
  readonly tails: readonly Tail[];
}

/** The values a reporter is given, before they become text. */
export function valuesOf(capture: Capture): Values {
  const sequences: Sequence[] = [];
  const tails: Tail[] = [];
  const collector: Reporter = {
    begin: () => "",
    sequence(sequence) {
      sequences.push(sequence);
      return "";
    },
    end(tail) {
      tails.push(tail);
      return "";
    },
  };
  written(collector, capture);
  return { sequences, tails };
}
