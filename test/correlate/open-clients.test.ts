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

const hasLeft = (bench: Bench, n: number) => bench.stories.some(({ client }) => client.address === addressOf(n));

describe("a client whose business is done", () => {
  test("stays until limits.settledClients others came", () => {
    expect(hasLeft(overtaken(limits.settledClients - 1), 0)).toBe(false);
    expect(hasLeft(overtaken(limits.settledClients + 1), 0)).toBe(true);
  });

  test("leaves one for one that comes, so that no more stay", () => {
    const bench = overtaken(limits.settledClients * 3);
    expect(bench.stories.length).toBeGreaterThanOrEqual(limits.settledClients * 2 - 1);
    expect(bench.problems).toEqual([]);
  });
});

describe("a client that was refused", () => {
  test("stays until limits.answeredClients others came", () => {
    expect(hasLeft(overtaken(limits.answeredClients - 1, C_PRINCIPAL_UNKNOWN), 0)).toBe(false);
    expect(hasLeft(overtaken(limits.answeredClients + 2, C_PRINCIPAL_UNKNOWN), 0)).toBe(true);
  });

  test("tries again in time: one story of both tries", () => {
    const bench = overtaken(limits.answeredClients - 2, C_PRINCIPAL_UNKNOWN);
    bench.asks(addressOf(0));
    bench.isAnswered(addressOf(0));
    bench.end();
    expect(bench.stories.filter(({ client }) => client.address === addressOf(0))).toHaveLength(1);
  });
});

test("a client with open questions outstays all that are done", () => {
  const bench = new Bench();
  bench.asks(addressOf(0));
  for (let n = 1; n < limits.openClients; n++) {
    bench.asks(addressOf(n));
    bench.isAnswered(addressOf(n));
  }
  expect(hasLeft(bench, 0)).toBe(false);
  bench.isAnswered(addressOf(0));
  bench.end();
  expect(bench.stories.find(({ client }) => client.address === addressOf(0))?.verdict).toBe("ok");
});
