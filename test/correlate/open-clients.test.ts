import { describe, expect, test } from "vitest";
import { limits } from "../../src/bytes/limits.ts";
import { addressOf, Bench } from "./observations.ts";

const C_PRINCIPAL_UNKNOWN = 6;

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
    expect(isTold(overtaken(limits.settledClients - 1), 0)).toBe(false);
    expect(isTold(overtaken(limits.settledClients + 1), 0)).toBe(true);
  });

  test("leaves one for one that comes, so that no more stay", () => {
    const bench = overtaken(limits.settledClients * 3);
    expect(bench.stories.length).toBeGreaterThanOrEqual(limits.settledClients * 2 - 1);
    expect(bench.problems).toEqual([]);
  });
});

describe("a client that was refused", () => {
  test("stays until limits.answeredClients others came", () => {
    expect(isTold(overtaken(limits.answeredClients - 1, C_PRINCIPAL_UNKNOWN), 0)).toBe(false);
    expect(isTold(overtaken(limits.answeredClients + 2, C_PRINCIPAL_UNKNOWN), 0)).toBe(true);
  });

  test("tries again in time: one story of both tries", () => {
    const bench = overtaken(limits.answeredClients - 2, C_PRINCIPAL_UNKNOWN);
    bench.asks(addressOf(0));
    bench.isAnswered(addressOf(0));
    bench.end();
    expect(bench.stories.filter(({ client }) => client.address === addressOf(0))).toHaveLength(1);
  });
});

test("clients are told in the order in which they left, and at the end those that stayed", () => {
  const bench = overtaken(limits.settledClients + 9);
  const told = () => bench.stories.map(({ client }) => client.address);
  const all = Array.from({ length: limits.settledClients + 10 }, (_, n) => addressOf(n));
  expect(told().length).toBeGreaterThan(1);
  expect(told()).toEqual(all.slice(0, told().length));
  bench.end();
  expect(told()).toEqual(all);
});

test("a client that asks again after it left is another one, told after it", () => {
  const bench = overtaken(limits.settledClients + 1);
  bench.asks(addressOf(0), "Jane");
  bench.end();
  const own = bench.stories.filter(({ client }) => client.address === addressOf(0));
  expect(own.map(({ signOn }) => signOn?.cname)).toEqual(["John", "Jane"]);
});
