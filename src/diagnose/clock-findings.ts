import { limits } from "../bytes/limits.ts";
import type { Finding, FrameRef, HostClock } from "../model/report.ts";
import { shellWord } from "./words.ts";

/** RFC 4120 section 1.6, and the default of every KDC: clocks may be five minutes apart. */
const TOLERANCE_SECONDS = 300;
/** Clocks within a minute of one another agree. */
const AGREEMENT_SECONDS = 60;
const QUARTER_HOUR = 900;

/** The clock of the computer that captured, beside those that the packets tell of. */
const CAPTURING = "the capturing computer";

interface Voter {
  readonly name: string;
  readonly offset: number;
  readonly frames: readonly FrameRef[];
}

/** What else decides how clocks are read. */
export interface ClockContext {
  /** Some message was refused for its time, so that not only the capture's times are wrong. */
  readonly isRefused: boolean;
  /** The capture holds local times of a zone that it does not name. */
  readonly isZoneAssumed: boolean;
}

/** What is to be said of the clocks, before and after a login fails because of them. */
export function clockFindings(clocks: readonly HostClock[], { isRefused, isZoneAssumed }: ClockContext): Finding[] {
  const known = clocks.filter(({ uncertainty }) => uncertainty < AGREEMENT_SECONDS);
  const voters: Voter[] = known.map(({ address, offset, frames }) => ({ name: address, offset, frames }));
  const shift = isZoneAssumed || (voters.length > 1 && !isRefused) ? zoneOf(voters) : 0;
  if (shift === 0) return comparison(voters);
  const local = voters.map((voter) => ({ ...voter, offset: voter.offset - shift }));
  return [zone(voters, shift), ...comparison(local)];
}

/** Who is too far from whom. */
function comparison(voters: readonly Voter[]): Finding[] {
  const all = [...voters, { name: CAPTURING, offset: 0, frames: [] }];
  const right = majority(all);
  const wrong = all.filter((one) => right === null || Math.abs(one.offset - right.offset) > TOLERANCE_SECONDS);
  const offsets = all.map(({ offset }) => offset);
  const apart = Math.max(...offsets) - Math.min(...offsets);
  return apart > TOLERANCE_SECONDS && wrong.length > 0 ? [tooFarApart(wrong, right, all, apart)] : [];
}

/** The whole number of quarter hours, in seconds, by which all hosts are off; 0 where they are not. */
function zoneOf(voters: readonly Voter[]): number {
  const [first] = voters;
  if (first === undefined) return 0;
  const shift = Math.round(first.offset / QUARTER_HOUR) * QUARTER_HOUR;
  return voters.every(({ offset }) => Math.abs(offset - shift) < AGREEMENT_SECONDS) ? shift : 0;
}

function zone(voters: readonly Voter[], offset: number): Finding {
  const frames = framesOf(voters);
  return {
    rule: "clock-zone",
    severity: "info",
    step: null,
    title: "The capture's times are in another time zone",
    detail: `${voters.length === 1 ? "The one host that states its time is" : `All ${voters.length} hosts that state their time are`} ${amount(offset)} the capture's, a whole number of quarter hours: the file holds local times; no clock is wrong.`,
    frames,
    filter: filterOf(frames),
    causes: ["the capture was written in local time (Network Monitor), or converted with a wrong zone"],
    confirm: [],
    fix: [`editcap -t ${Math.round(offset)} FILE corrected.pcapng`],
  };
}

/** The clock on which more than half agree; null where there is none. */
function majority(all: readonly Voter[]): Voter | null {
  const votes = (one: Voter) => all.filter(({ offset }) => Math.abs(offset - one.offset) < AGREEMENT_SECONDS).length;
  return all.find((one) => votes(one) * 2 > all.length) ?? null;
}

function tooFarApart(wrong: readonly Voter[], right: Voter | null, all: readonly Voter[], apart: number): Finding {
  const frames = framesOf(all);
  const told = wrong
    .filter(({ name }) => right !== null || name !== CAPTURING)
    .map(
      ({ name, offset }) =>
        `${name} is ${amount(offset - (right?.offset ?? 0))} ${right === null ? CAPTURING : "the others"}`,
    );
  const named = wrong.map(({ name }) => name).filter((name) => name !== CAPTURING);
  return {
    rule: "clock-apart",
    severity: "warning",
    step: null,
    title: "Clocks are more than five minutes apart",
    detail: `${told.join("; ")}. ${right === null ? "The packets do not say which of them is right. " : ""}Kerberos refuses what is more than five minutes off (KRB_AP_ERR_SKEW, 37), as soon as those two meet.`,
    frames,
    filter: filterOf(frames),
    causes: [
      "a clock that is not synchronised",
      "a virtual machine that was paused or restored",
      "a time server that is wrong itself",
      ...(apart < QUARTER_HOUR ? [] : ["a capture whose times are in another time zone"]),
    ],
    confirm: [
      ...named.map((name) => `w32tm /stripchart /computer:${shellWord(name)} /samples:5 /dataonly`),
      "w32tm /query /status",
    ],
    fix: ["w32tm /resync /rediscover", "chronyc makestep"],
  };
}

function framesOf(voters: readonly Voter[]): number[] {
  const all = voters.flatMap(({ frames }) => frames).filter((frame) => typeof frame === "number");
  return [...new Set(all)].sort((a, b) => a - b).slice(0, limits.framesPerStep);
}

function filterOf(frames: readonly number[]): string {
  return frames.map((frame) => `frame.number == ${frame}`).join(" || ");
}

/** `7 minutes ahead of`, `2.0 hours behind`. */
function amount(seconds: number): string {
  return `${duration(Math.abs(seconds))} ${seconds > 0 ? "ahead of" : "behind"}`;
}

function duration(seconds: number): string {
  if (seconds < AGREEMENT_SECONDS) return `${Math.round(seconds)} seconds`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} minutes` : `${(seconds / 3600).toFixed(1)} hours`;
}
