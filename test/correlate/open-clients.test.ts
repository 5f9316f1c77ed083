import { describe, expect, test } from "vitest";
import { limits } from "../../src/bytes/limits.ts";
import { addressOf, Bench } from "./observations.ts";

const C_PRINCIPAL_UNKNOWN = 6;

/** Those that left are told with so many others. */
const together = limits.toldTogether;

/** A bench at which client 0 signed on, or was refused, and `others` did after it. */
function overtaken(others: number, code?: number): Bench {
  const bench = new Bench();
  for (let n = 0; n <= others; n++) {
    bench.asks(addressOf(n));
    bench.isAnswered(addressOf(n), code);
  }
  return bench;
}

const isTold = (bench: Bench, n: number) => bench.stories.some(({ client }) => client.address === addressOf(n));

describe("a client whose business is done", () => {
  test("stays until limits.settledClients others came", () => {
    expect(isTold(overtaken(limits.settledClients + together - 2), 0)).toBe(false);
    expect(isTold(overtaken(limits.settledClients + together), 0)).toBe(true);
  });

  test("leaves one for one that comes, so that no more stay", () => {
    const bench = overtaken(limits.settledClients * 3);
    expect(bench.stories.length).toBeGreaterThanOrEqual(limits.settledClients * 2 - together);
    expect(bench.problems).toEqual([]);
  });
});

describe("a client that was refused", () => {
  test("stays until limits.answeredClients others came", () => {
    expect(isTold(overtaken(limits.answeredClients + together - 2, C_PRINCIPAL_UNKNOWN), 0)).toBe(false);
    expect(isTold(overtaken(limits.answeredClients + together + 1, C_PRINCIPAL_UNKNOWN), 0)).toBe(true);
  });

  test("tries again in time: one story of both tries", () => {
    const bench = overtaken(limits.answeredClients - 2, C_PRINCIPAL_UNKNOWN);
    bench.asks(addressOf(0));
    bench.isAnswered(addressOf(0));
    bench.end();
    expect(bench.stories.filter(({ client }) => client.address === addressOf(0))).toHaveLength(1);
  });
});

test("clients that left are told together, in the order in which they left, and at the end those that still wait", () => {
  const bench = overtaken(limits.settledClients + together * 2 - 1);
  const told = () => bench.stories.map(({ client }) => client.address);
  const left = Array.from({ length: together * 2 }, (_, n) => addressOf(n));
  expect(told()).toEqual(left.slice(0, told().length));
  expect(told().length % together).toBe(0);
  bench.end();
  expect(told()).toHaveLength(limits.settledClients + together * 2);
  expect(told().slice(0, left.length)).toEqual(left);
});

test("a client that asks again after it left is another one, told after it", () => {
  const bench = overtaken(limits.settledClients + 1);
  bench.asks(addressOf(0), "Jane");
  bench.end();
  const own = bench.stories.filter(({ client }) => client.address === addressOf(0));
  expect(own.map(({ signOn }) => signOn?.cname)).toEqual(["John", "Jane"]);
});

test.runIf(together > 1)("what waits holds no more frames than one client may", () => {
  const bench = new Bench();
  for (let n = 0; n < limits.evidencePerClient - 2; n++) bench.asks(addressOf(0));
  bench.isAnswered(addressOf(0));
  bench.seconds += limits.quietSeconds;
  bench.asks(addressOf(1));
  expect(isTold(bench, 0)).toBe(false);
  bench.seconds += limits.quietSeconds;
  bench.asks(addressOf(2));
  expect(isTold(bench, 0)).toBe(true);
});

test("a client with open questions outstays all that are done", () => {
  const bench = new Bench();
  bench.asks(addressOf(0));
  for (let n = 1; n < limits.openClients; n++) {
    bench.asks(addressOf(n));
    bench.isAnswered(addressOf(n));
  }
  expect(isTold(bench, 0)).toBe(false);
  bench.isAnswered(addressOf(0));
  bench.end();
  expect(bench.stories.find(({ client }) => client.address === addressOf(0))?.verdict).toBe("ok");
});
