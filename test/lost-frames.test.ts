import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { captureOf, scenarios } from "./scenarios.ts";
import {
  elsewhere,
  type Frame,
  type Frames,
  framesOf,
  interleaved,
  isEthernet,
  mirrored,
  rebuiltOf,
  shuffled,
  without,
} from "./whole/lossy.ts";
import { Random } from "./whole/random.ts";
import { gistOf, type Told, told } from "./whole/told.ts";
import { unfounded } from "./whole/unfounded.ts";

/**
 * A capture that lost frames never makes kflow say what it would not say of the whole: no login that works fails, none
 * that fails works, no failure gets another step or cause. No more does one whose neighbours changed places; one that
 * holds every frame twice, as on both sides of a router, tells the very same.
 */

const long = process.env["KFLOW_LONG"] === "1";
/** Of each capture every so many-th frame is taken away by itself, other ones in other captures. */
const STRIDE = long ? 1 : 10;
const SEEDS = long ? 20 : 1;
const LOSSES = [1, 5];

const lab = new URL("../../shared/captures/lab/", import.meta.url);
const inLab = existsSync(lab) ? readdirSync(lab).filter((name) => name.endsWith(".pcap")) : [];
const isPcap = (name: string) => /\.pcap(\.gz)?$/.test(name);
const samples = scenarios.filter((scenario) => isPcap(captureOf(scenario).name));

/** What is said without reason all the same, when one certain frame is not there. */
const KNOWN: Readonly<Record<string, string>> = {
  // The login at the front is lost, which alone says why the front comes to the back with NTLM.
  "del-anon-backend": "http backend.contoso.com diverged 5 neg-ntlm-no-tgs",
  "del-no-fwd-tgt": "http backend.contoso.com diverged 5 neg-ntlm-no-tgs",
  // The PTR answer is lost, which alone binds the name that was asked for to the address.
  "dns-ptr-spn": "http iisserver.contoso.com diverged 5 tgs-no-request",
  // The SRV answer is lost, which alone makes the host a domain controller.
  "loc-srv-stale": "http dc9.contoso.com diverged 2 dns-nxdomain",
};
/** Captures that end while somebody waits: where another goes on, he has waited in vain. */
const UNFINISHED: readonly string[] = ["dns-timeout", "lab: capture-stops-early.pcap"];

interface Subject {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Where it stands among the others. */
  readonly at: number;
}

const subjects: readonly Subject[] = [
  ...samples.map((name, at) => ({ name, bytes: captureOf(name).bytes, at })),
  ...inLab.map((name, at) => ({ name: `lab: ${name}`, bytes: new Uint8Array(readFileSync(new URL(name, lab))), at })),
];

interface Damage {
  readonly what: string;
  readonly frames: readonly Frame[];
}

function* oneByOne(frames: readonly Frame[], at: number): Generator<Damage> {
  for (const { number } of frames) {
    if ((number + at) % STRIDE !== 0) continue;
    yield { what: `without ${number}`, frames: without(frames, (frame) => frame.number === number) };
  }
}

function* atRandom(frames: readonly Frame[], at: number): Generator<Damage> {
  for (let seed = at; seed < at + SEEDS; seed++) {
    yield { what: `shuffled, seed ${seed}`, frames: shuffled(frames, new Random(seed)) };
    for (const percent of LOSSES) {
      const random = new Random(seed);
      yield { what: `${percent} % lost, seed ${seed}`, frames: without(frames, () => random.below(100) < percent) };
    }
  }
}

/** What is said of the damaged capture, and not of the whole one. */
function wrongly({ header, frames }: Frames, at: number, whole: Told): string[] {
  return [...oneByOne(frames, at), ...atRandom(frames, at)].flatMap((damage) =>
    unfounded(told(rebuiltOf(header, damage.frames), false), whole).map((said) => `${damage.what}: ${said}`),
  );
}

describe("a capture tells nothing but what it tells whole", () => {
  it.each(subjects.map((subject) => [subject.name, subject] as const))("%s", (name, { bytes, at }) => {
    const whole = told(bytes, false);
    const parts = framesOf(bytes);
    const said = wrongly(parts, at, whole).filter((text) => KNOWN[name] === undefined || !text.endsWith(KNOWN[name]));
    expect(said).toEqual([]);
    if (!isEthernet(parts)) return;
    const twice = told(rebuiltOf(parts.header, mirrored(parts.frames)), false);
    expect(gistOf(twice)).toEqual(gistOf(whole));
  });
});

describe("what happens in another network at the same time changes nothing", () => {
  const pairs = subjects.slice(1).map((second, at) => [subjects[at] ?? second, second] as const);
  const some = pairs.filter(([first], at) => !UNFINISHED.includes(first.name) && (long || at % STRIDE === 0));
  it.each(some.map(([first, second]) => [first.name, second.name, first, second] as const))("%s, %s", (...[
    ,
    ,
    one,
    two,
  ]) => {
    const [first, second] = [framesOf(one.bytes), framesOf(two.bytes)];
    if (!isEthernet(first) || !isEthernet(second)) return;
    const moved = elsewhere(second.frames);
    const alone = [first.frames, moved].flatMap((frames) => verdictsOf(told(rebuiltOf(first.header, frames), false)));
    const both = told(rebuiltOf(first.header, interleaved(first.frames, moved)), false);
    expect(verdictsOf(both).sort()).toEqual(alone.sort());
  });
});

function verdictsOf({ sequences }: Told): string[] {
  return sequences.map(({ kind, client, verdict, divergedAt, outcome, findings }) =>
    [kind, client.address, verdict, divergedAt, outcome, verdict === "diverged" ? findings[0]?.rule : ""].join(" "),
  );
}
