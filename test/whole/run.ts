import { createHash } from "node:crypto";
import { describe as describeMessage } from "../../dissectors/registry.ts";
import { analyze, listMessages } from "../../src/index.ts";
import type { Reporter, Text } from "../../src/model/report.ts";
import { createReporter as jsonReporter } from "../../src/report/json.ts";
import type { Lister } from "../../src/report/lister.ts";
import { createLister as ndjsonLister } from "../../src/report/messages-ndjson.ts";
import { createLister as textLister } from "../../src/report/messages-text.ts";
import { stringOf } from "../../src/report/page.ts";
import { createReporter as textReporter } from "../../src/report/text.ts";

export interface Way {
  /** Hands the capture over; the whole in one piece unless told otherwise. */
  readonly pieces?: Iterable<Uint8Array>;
  readonly seed?: number;
  readonly hosts?: readonly string[];
}

/** The JSON report on a capture, through the public door. */
export function jsonOf(capture: Uint8Array, way: Way = {}): string {
  return reported(capture, way, jsonReporter());
}

/** The report for people, without colours. */
export function textOf(capture: Uint8Array, way: Way & { readonly width?: number } = {}): string {
  return reported(capture, way, textReporter({ width: way.width ?? 100, quiet: false, paint: (_ink, text) => text }));
}

function reported(capture: Uint8Array, way: Way, reporter: Reporter<Text>): string {
  let text = "";
  const write = (piece: Text) => {
    text += stringOf(piece);
  };
  const options = { hosts: way.hosts ?? [] };
  const analysis = analyze(reporter, write, { ...options, platform: platformOf(way) });
  for (const piece of way.pieces ?? [capture]) analysis.feed(piece);
  analysis.end();
  return text;
}

/** What `kflow messages --format ndjson` prints. */
export function messagesOf(capture: Uint8Array, way: Way = {}): string {
  return listed(capture, way, ndjsonLister(describeMessage));
}

/** What `kflow messages` prints. */
export function messageTextOf(capture: Uint8Array): string {
  return listed(capture, {}, textLister(describeMessage));
}

function listed(capture: Uint8Array, way: Way, lister: Lister): string {
  let text = lister.begin();
  const listing = listMessages({
    platform: platformOf(way),
    observation: (observation) => {
      text += lister.observation(observation);
    },
    problem: () => {},
  });
  for (const piece of way.pieces ?? [capture]) listing.feed(piece);
  listing.end();
  return text;
}

export function platformOf(way: Way) {
  return {
    seed: () => way.seed ?? 1,
    fingerprint: (cipher: Uint8Array) => createHash("sha256").update(cipher).digest("hex").slice(0, 16),
  };
}

/** Pieces of one size. Each is a copy of its own that is wiped once it was taken, as a reused buffer would be. */
export function evenly(capture: Uint8Array, size: number): Iterable<Uint8Array> {
  return piecewise(capture, () => size);
}

export function* piecewise(capture: Uint8Array, nextSize: () => number): Generator<Uint8Array> {
  for (let at = 0; at < capture.length; ) {
    const piece = capture.slice(at, at + nextSize());
    at += piece.length;
    yield piece;
    piece.fill(0xee);
  }
}
