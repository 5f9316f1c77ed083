import { describe, expect, test } from "vitest";
import { limits } from "../../src/bytes/limits.ts";
import { Client } from "../../src/correlate/client.ts";
import { weightOf, weightOfEvidence } from "../../src/correlate/weight.ts";
import { addressOf, asReq, Bench, observation } from "./observations.ts";

/** Evidence is bounded by what its messages hold, not by how many there are. */

const long = (n: number) => `${n}`.padEnd(60_000, "x");

describe("what a message weighs", () => {
  test("grows with its texts and its lists", () => {
    const plain = weightOf(asReq("John"), []);
    expect(weightOf(asReq("John".padEnd(5_004, "x")), [])).toBe(plain + 5_000);
    expect(weightOf({ ...asReq("John"), etypes: new Array<number>(1_001).fill(18) }, [])).toBe(plain + 8_000);
    expect(weightOf(asReq("John"), [asReq("John".padEnd(5_004, "x"))])).toBeGreaterThan(plain + 5_000);
  });
  test("is the same in the evidence of a client, repetitions included", () => {
    const client = new Client("10.9.9.9");
    const place = { src: "10.9.9.9", dst: "10.0.0.1", sport: 50_000, dport: 88, frame: 1, frames: [1] } as const;
    const time = { seconds: 1_000, nanos: 0 };
    for (const nonce of [1, 1, 2]) client.kdcRequest(observation(asReq("John", nonce), { ...place, time }));
    expect(client.kdc).toHaveLength(2);
    expect(weightOfEvidence(client)).toBe(weightOf(asReq("John"), []) * 3);
  });
});

describe("evidenceBytes", () => {
  test("the idlest clients leave when the messages of all hold more, which is told once, and none is lost", () => {
    const bench = new Bench();
    const enough = Math.ceil(limits.evidenceBytes / 60_000);
    expect(enough).toBeLessThan(limits.openClients);
    for (let n = 0; n < enough - 9; n++) {
      bench.seconds += n % 8 === 0 ? 1 : 0;
      bench.asks(addressOf(n), long(n));
    }
    expect(bench.problems).toEqual([]);
    expect(bench.stories).toEqual([]);
    const many = enough + 1;
    for (let n = enough - 9; n < many; n++) {
      bench.seconds += n % 8 === 0 ? 1 : 0;
      bench.asks(addressOf(n), long(n));
    }
    expect(bench.problems).toHaveLength(1);
    expect(bench.problems[0]?.text).toContain(`${limits.evidenceBytes} bytes`);
    expect(bench.stories[0]?.client.address).toBe(addressOf(0));
    expect(bench.stories.length).toBeLessThan(10);
    bench.end();
    expect(bench.stories).toHaveLength(many);
  });
});

describe("clientBytes", () => {
  test("a client whose messages hold more is told as it stands, and begins anew", () => {
    const bench = new Bench();
    const enough = Math.ceil(limits.clientBytes / 60_000);
    expect(enough).toBeLessThan(limits.evidencePerClient);
    for (let n = 0; n < enough * 3; n++) bench.asks("10.9.9.9", long(n));
    expect(bench.problems).toHaveLength(1);
    expect(bench.problems[0]?.text).toContain(`${limits.clientBytes} bytes`);
    expect(bench.stories.length).toBeGreaterThan(enough);
    bench.end();
    expect(bench.stories).toHaveLength(enough * 3);
  });
});

test("each bound that is reached is told, and told once", () => {
  const bench = new Bench();
  for (let n = 0; n < 2 * Math.ceil(limits.clientBytes / 60_000) + 2; n++) bench.asks("10.9.9.9", long(n));
  for (let n = 0; n < limits.openClients * 2; n++) bench.asks(addressOf(n));
  const reached = [`${limits.clientBytes} bytes`, `${limits.openClients} clients`];
  expect(bench.problems.map(({ text }) => reached.findIndex((words) => text.includes(words)))).toEqual([0, 1]);
});
