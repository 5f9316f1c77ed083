import { describe, expect, test } from "vitest";
import type { Ticket } from "../../../dissectors/kerberos/message.ts";
import { limits } from "../../../src/bytes/limits.ts";
import { KeyBook } from "../../../src/correlate/tickets/keys.ts";
import { addressOf } from "../observations.ts";

const KDC = "10.0.0.1";
const count = (length: number) => Array.from({ length }, (_, n) => n);
const ticket = (sname: string, kvno: number, etype = 18): Ticket => {
  return { etype, kvno, length: 100, fingerprint: `${sname} ${kvno}`, realm: "CONTOSO.COM", sname };
};
const issue = (one: Ticket, frame = 1, to = "10.0.0.9") => {
  return { ticket: one, frame, to, by: KDC, asked: null, from: null, forUser: null };
};
const shown = (frame: number) => ({ frame, by: "10.0.0.9", at: "10.0.0.7", code: null });

describe("the keys of a service", () => {
  test("are told apart by etype and kvno, and its name is read without regard to case", () => {
    const book = new KeyBook();
    book.issued(issue(ticket("HTTP/a", 2), 5));
    book.issued(issue(ticket("http/A", 2), 9, "10.0.0.8"));
    book.issued(issue(ticket("HTTP/a", 3), 12));
    book.issued(issue(ticket("HTTP/a", 3, 23), 13));
    const [service, ...others] = book.list();
    expect(others).toEqual([]);
    expect(service?.keys.map(({ etype, kvno }) => [etype, kvno])).toEqual([
      [18, 2],
      [18, 3],
      [23, 3],
    ]);
    expect(service?.keys[0]).toMatchObject({ firstIssued: 5, lastIssued: 9, holders: ["10.0.0.9", "10.0.0.8"] });
  });
  test("are others where the server accepted tickets of one instead", () => {
    const book = new KeyBook();
    const instead = (kvno: number, server = "10.0.0.7") =>
      book.acceptedInstead(ticket("HTTP/a", kvno), server).map((key) => key.kvno);
    book.answered(ticket("HTTP/a", 2), "refused", shown(4));
    expect(instead(2)).toEqual([]);
    book.answered(ticket("HTTP/a", 3), "accepted", shown(8));
    expect(instead(2)).toEqual([3]);
    expect(instead(3)).toEqual([]);
    expect(instead(2, "10.0.0.8")).toEqual([]);
    book.answered(ticket("HTTP/a", 2), "accepted", shown(9));
    expect(instead(2)).toEqual([]);
    expect(instead(3)).toEqual([2]);
  });
});

describe("their number is bounded", () => {
  test("services beyond limits.servicesCompared are counted", () => {
    const book = new KeyBook();
    for (const n of count(limits.servicesCompared + 3)) book.issued(issue(ticket(`HTTP/${n}`, 2)));
    expect(book.list()).toHaveLength(limits.servicesCompared);
    expect(book.overflow).toBe(3);
  });
  test("keys of one are at most limits.keysPerService", () => {
    const book = new KeyBook();
    for (const kvno of count(limits.keysPerService * 2)) book.presented(ticket("HTTP/a", kvno), 1, KDC);
    expect(book.list()[0]?.keys).toHaveLength(limits.keysPerService);
  });
  test("hosts of one key are at most limits.hostsPerKey", () => {
    const book = new KeyBook();
    for (const n of count(limits.hostsPerKey * 2)) book.issued(issue(ticket("HTTP/a", 2), n, addressOf(n)));
    expect(book.list()[0]?.keys[0]?.holders).toHaveLength(limits.hostsPerKey);
  });
});
