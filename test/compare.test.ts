import { describe, expect, test } from "vitest";
import { compare, pairOf } from "../src/index.ts";
import type { Comparison } from "../src/model/comparison.ts";
import { comparisonText as asJson } from "../src/report/compare-json.ts";
import { comparisonText as asText } from "../src/report/compare-text.ts";
import { unpainted } from "../src/report/paint.ts";
import { captureOf, valuesOf } from "./scenarios.ts";

function compared(left: string, right: string): Comparison {
  const [one, other] = [left, right].map((scenario) => valuesOf(captureOf(scenario)).sequences);
  const pair = pairOf(one ?? [], other ?? []);
  if (pair === null) throw new Error("no pair");
  return compare({ capture: left, sequence: pair[0] }, { capture: right, sequence: pair[1] });
}

const explained = (left: string, right: string) =>
  compared(left, right).explains.map(({ step, what, left: a, right: b }) => [step, what, a, b]);

describe("of a login that works and one that does not", () => {
  test("a ticket of another key version is named", () => {
    expect(explained("success", "ap-kvno")).toEqual([[6, "ticket.kvno", "7", "5"]]);
    expect(compared("success", "ap-kvno").conclusion).toMatch(
      /^the right one diverged at step 8: .* differ in ticket\.kvno of step 6: 7 against 5$/,
    );
  });
  test("another name is named before anything else", () => {
    expect(explained("success", "dns-cname-spn")[0]).toEqual([1, "name", "iisserver.contoso.com", "www.contoso.com"]);
  });
  test("nothing is blamed where the packets show no difference", () => {
    const { explains, conclusion } = compared("success", "spn-missing");
    expect(explains).toEqual([]);
    expect(conclusion).toMatch(/the reason lies outside the packets/);
  });
  test("what one side lacks is said to be none", () => {
    const look = { width: 100, paint: unpainted, quiet: false };
    expect(asText(compared("success", "dns-nxdomain"), look)).toMatch(
      /^ +left {3}192\.168\.2\.104\n +right {2}\(none\)$/m,
    );
  });
  test("either may stand left", () => {
    const flipped = explained("ap-kvno", "success");
    expect(flipped).toEqual([[6, "ticket.kvno", "5", "7"]]);
    expect(compared("ap-kvno", "success").conclusion).toMatch(/^the left one diverged/);
  });
  test("a token that is too large for one server is a matter of size", () => {
    expect(compared("success", "ap-400-size").explains.some(({ what }) => /length/i.test(what))).toBe(true);
  });
});

test("a capture compared with itself differs in nothing", () => {
  for (const scenario of ["success", "spn-missing", "sign-on-only", "proxy-login"]) {
    const { steps, explains } = compared(scenario, scenario);
    expect(steps.flatMap(({ differences }) => differences)).toEqual([]);
    expect(explains).toEqual([]);
  }
});

test("sequences of another shape are no pair", () => {
  const of = (scenario: string) => valuesOf(captureOf(scenario)).sequences;
  expect(
    pairOf(
      of("sign-on-only"),
      of("success").filter(({ kind }) => kind === "http"),
    ),
  ).toBeNull();
  expect(pairOf([], [])).toBeNull();
});

test("of several sequences those of one service are compared, one that failed and one that did not", () => {
  const sequences = valuesOf(captureOf("two-sites-at-once")).sequences;
  const pair = pairOf(sequences, valuesOf(captureOf("success")).sequences);
  expect(pair?.map(({ kind }) => kind)).toEqual(["http", "http"]);
});

test("a comparison is written for people and for programs", () => {
  const comparison = compared("success", "ap-kvno");
  expect(JSON.parse(asJson(comparison))).toEqual(JSON.parse(JSON.stringify(comparison)));
  expect(asText(comparison, { width: 100, paint: unpainted, quiet: false })).toMatch(
    /What may explain it\n {4}step 6, ticket\.kvno\n {6}left {3}7\n {6}right {2}5\n/,
  );
});
