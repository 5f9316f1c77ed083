import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { captureOf, scenarios } from "./scenarios.ts";
import { misleading, snapped } from "./whole/snapped.ts";
import { type Told, toldTogether } from "./whole/told.ts";

/**
 * A snap length never makes kflow say what it would not say of the whole frames: no login that works fails, none that
 * fails works, no failure gets another cause, and nothing is missed that the cut may hide.
 */

/** From headers alone up to the first kilobyte of a frame. */
const LENGTHS = [54, 70, 96, 128, 160, 300, 600, 1000];
/** Some, for hosts that the user names. */
const FEW = [96, 160, 600];

/** ICMP errors that quote too little to say what they are about: an answer is missed that the file holds. */
const UNQUOTED = new Map([["tcp-icmp-prohibited", 54]]);

const lab = new URL("../../shared/captures/lab/", import.meta.url);
const inLab = existsSync(lab) ? readdirSync(lab).filter((name) => name.endsWith(".pcap")) : [];

const tell = (bytes: Uint8Array, ...hosts: string[]): Told => toldTogether([{ bytes, isRanged: false }], hosts);

/** What is said wrongly of all clients, or of the hosts that the user names. */
function wrongly(capture: Uint8Array, lengths: readonly number[], ...hosts: string[]): string[] {
  const whole = tell(capture, ...hosts);
  return lengths.flatMap((length) => {
    const wrong = misleading(tell(snapped(capture, length), ...hosts), whole);
    return wrong.map((what) => `${length} bytes: ${what}`);
  });
}

/** The host of the first sequence. */
function hostOf(capture: Uint8Array): string {
  const { sequences } = tell(capture);
  return sequences[0]?.service.host ?? "iisserver.contoso.com";
}

const isPcap = (name: string) => /\.pcap(\.gz)?$/.test(name);

describe("frames that a snap length cut tell nothing but what whole ones tell", () => {
  const samples = scenarios.filter((scenario) => isPcap(captureOf(scenario).name));
  it.each(samples)("%s", (scenario) => {
    const lengths = LENGTHS.filter((length) => length > (UNQUOTED.get(scenario) ?? 0));
    expect(wrongly(captureOf(scenario).bytes, lengths)).toEqual([]);
  });
  it.each(samples)("%s, of a named host", (scenario) => {
    const { bytes } = captureOf(scenario);
    expect(wrongly(bytes, FEW, hostOf(bytes))).toEqual([]);
  });
  it.each(inLab)("lab: %s", (name) => {
    const bytes = new Uint8Array(readFileSync(new URL(name, lab)));
    expect(wrongly(bytes, LENGTHS)).toEqual([]);
  });
});
