import { describe, expect, test } from "vitest";
import { limits } from "../../src/bytes/limits.ts";
import { ClockBook } from "../../src/correlate/clocks.ts";
import { clockFindings } from "../../src/diagnose/clock-findings.ts";
import type { HostClock, Tail } from "../../src/model/report.ts";
import { asJson, captureOf } from "../scenarios.ts";
import { addressOf, observation, refusal } from "./observations.ts";

const tailOf = (scenario: string): Tail => JSON.parse(asJson(captureOf(scenario)));
const rulesOf = (scenario: string) =>
  tailOf(scenario)
    .findings.map(({ rule }) => rule)
    .filter((rule) => /^clock/.test(rule));

describe("the clock of a host", () => {
  test("is known from HTTP Date to the second", () => {
    const [clock] = tailOf("clock-4-minutes-apart").clocks;
    expect(clock?.address).toBe("192.168.2.104");
    expect(Math.abs((clock?.offset ?? 0) - 240)).toBeLessThan(1);
    expect(clock?.uncertainty).toBeLessThan(1);
  });
  test("is known from a KRB-ERROR much better", () => {
    const [clock] = tailOf("as-skew").clocks;
    expect(Math.abs((clock?.offset ?? 0) - 1500)).toBeLessThan(1);
    expect(clock?.uncertainty).toBeLessThan(0.1);
    expect(clock?.sources).toEqual(["kerberos stime"]);
  });
});

test("the clock of a file server is known from its NEGOTIATE and its NTLM challenge", () => {
  const [clock] = tailOf("smb-spn-missing").clocks.filter(({ sources }) => sources.includes("smb negotiate"));
  expect(clock).toMatchObject({ address: "192.168.2.1" });
  expect(clock?.sources).toContain("ntlm challenge");
  expect(Math.abs(clock?.offset ?? 99)).toBeLessThan(0.1);
});

test("the clock of a time server is known where it is synchronised itself", () => {
  const time = { seconds: Date.parse("2026-11-20T09:41:38Z") / 1000, nanos: 250_000_000 };
  const place = { src: "10.0.0.1", dst: "10.9.9.9", sport: 123, dport: 5000, frame: 1, frames: [1], time };
  const told = (stratum: number, leap: number) => {
    const book = new ClockBook();
    const transmitted = "2026-11-20T09:41:45.250000Z";
    const message = { protocol: "ntp", kind: "response", version: 4, mode: 4, stratum, leap, transmitted } as const;
    book.observe(observation(message, place));
    return book.list().map(({ offset, sources }) => [Math.round(offset), ...sources]);
  };
  expect(told(2, 0)).toEqual([[7, "ntp"]]);
  expect(told(0, 0)).toEqual([]);
  expect(told(16, 0)).toEqual([]);
  expect(told(2, 3)).toEqual([]);
});

describe("clocks that are too far apart", () => {
  test.each(["as-skew", "ap-skew", "tgs-skew"])("are told: %s", (scenario) => {
    expect(rulesOf(scenario)).toEqual(["clock-apart"]);
  });
  test.each([
    "success",
    "clock-4-minutes-apart",
    "spn-missing",
  ])("are not seen where there are none: %s", (scenario) => {
    expect(rulesOf(scenario)).toEqual([]);
  });

  const clock = (address: string, offset: number, uncertainty = 0.5): HostClock => ({
    address,
    offset,
    uncertainty,
    samples: 2,
    sources: ["http Date"],
    frames: [7],
  });
  const usual = { isRefused: false, isZoneAssumed: false };
  const refused = { isRefused: true, isZoneAssumed: false };
  test("are those of the fewer", () => {
    const [one] = clockFindings([clock("10.0.0.1", 0.2), clock("10.0.0.2", 420)], usual);
    expect(one?.detail).toMatch(/^10\.0\.0\.2 is 7 minutes ahead of the others\./);
    const [capturing] = clockFindings([clock("10.0.0.1", 420), clock("10.0.0.2", 421)], usual);
    expect(capturing?.detail).toMatch(/^the capturing computer is 7 minutes behind the others\./);
  });
  test("are not blamed on anybody where the packets do not say on whom", () => {
    const [one] = clockFindings([clock("10.0.0.1", -400)], refused);
    expect(one?.detail).toMatch(/do not say which/);
  });
  test("are another matter where all differ by whole quarter hours and nothing was refused", () => {
    const zoned = [clock("10.0.0.1", -7200.2), clock("10.0.0.2", -7199.4)];
    expect(clockFindings(zoned, usual).map(({ rule }) => rule)).toEqual(["clock-zone"]);
    expect(clockFindings(zoned, refused).map(({ rule }) => rule)).toEqual(["clock-apart"]);
  });
  test("are told apart from a zone that the capture does not name", () => {
    const local = { isRefused: true, isZoneAssumed: true };
    expect(clockFindings([clock("10.0.0.1", -7200)], local).map(({ rule }) => rule)).toEqual(["clock-zone"]);
    const both = clockFindings([clock("10.0.0.1", 0.1), clock("10.0.0.2", 420)], local);
    expect(both.map(({ rule }) => rule)).toEqual(["clock-apart"]);
  });
  test("are not told from times that contradict one another", () => {
    expect(clockFindings([clock("10.0.0.1", 4000, 3000)], usual)).toEqual([]);
  });
});

test("hosts beyond the limit are left out, and frames of one are cited up to theirs", () => {
  const book = new ClockBook();
  const stated = { ...refusal(7), stime: "20261120094138Z", susec: 0 };
  const time = { seconds: Date.parse("2026-11-20T09:41:38Z") / 1000, nanos: 0 };
  const state = (src: string, frame: number) =>
    book.observe(observation(stated, { src, dst: "10.9.9.9", sport: 88, dport: 5000, frame, frames: [frame], time }));
  for (let host = 0; host < limits.clocks + 5; host++) state(addressOf(host), host + 1);
  for (let frame = 1; frame < limits.framesPerClock * 2; frame++) state(addressOf(0), 100_000 + frame);
  expect(book.list()).toHaveLength(limits.clocks);
  const first = book.list().find(({ address }) => address === addressOf(0));
  expect([first?.samples, first?.frames.length]).toEqual([limits.framesPerClock * 2, limits.framesPerClock]);
});
