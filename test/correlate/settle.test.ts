import { expect, test } from "vitest";
import { limits } from "../../src/bytes/limits.ts";
import { type Around, rolesOf } from "../../src/correlate/around.ts";
import { Client } from "../../src/correlate/client.ts";
import { settle } from "../../src/correlate/settle.ts";
import { tellClient } from "../../src/correlate/stories.ts";
import { TicketBooks } from "../../src/correlate/tickets/books.ts";
import { asReq, observation } from "./observations.ts";

/** What a client with too much evidence tells, and what it keeps. */

const around: Around = {
  now: { seconds: 10_000, nanos: 0 },
  roles: rolesOf(0),
  isLoginUnread: false,
  areNamesUnread: false,
  mayHide: () => false,
  tickets: new TicketBooks(1),
  talkedOnlyTo: () => false,
  nameOf: () => undefined,
};

/** A full client: some signed on long ago, and one asks again every second ever since. */
function filled(again: number): Client {
  const client = new Client("10.9.9.9");
  const ask = (cname: string, n: number) => {
    const time = { seconds: 1_000 + n, nanos: 0 };
    const place = { src: "10.9.9.9", dst: "10.0.0.1", sport: 50_000, dport: 88, frame: n + 1, frames: [n + 1], time };
    client.kdcRequest(observation(asReq(cname, n), place));
  };
  const others = limits.evidencePerClient - again;
  for (let n = 0; n < others; n++) ask(`user${n}`, n);
  for (let n = others; n < limits.evidencePerClient; n++) ask("John", n);
  return client;
}

test("what is not over stays, with room for a quarter of the limit at least", () => {
  const client = filled(1_000);
  const { told } = tellClient(client, around, false);
  const over = settle(client, told);
  expect(over.map(({ signOn }) => signOn?.cname)).not.toContain("John");
  expect(over).toHaveLength(told.length - 1);
  expect(client.size).toBe(1_000);
});

test("one that would leave less room is told as it stands, or every piece that comes would have all told anew", () => {
  const client = filled(limits.evidencePerClient - 100);
  const { told } = tellClient(client, around, false);
  expect(settle(client, told)).toHaveLength(told.length);
  expect(client.size).toBe(0);
});
