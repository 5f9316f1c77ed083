import fc from "fast-check";
import { expect, test } from "vitest";
import { limits } from "../../src/bytes/limits.ts";
import { ClientMarks, MARK } from "../../src/correlate/client-marks.ts";
import { addressOf } from "./observations.ts";

const client = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.constantFrom("0.0.0.0", "255.255.255.255", "::", "0.0.0.1", "somewhere"),
);
const mark = fc.constantFrom(...Object.values(MARK));

test("a client has the marks that it was given, whatever its address, until there is no room for more", () => {
  const all = fc.array(fc.tuple(client, mark), { maxLength: 200 });
  fc.assert(
    fc.property(all, fc.integer({ min: 1, max: 60 }), fc.integer(), (given, limit, seed) => {
      const marks = new ClientMarks(limit, seed);
      const expected = new Map<string, number>();
      for (const [one, more] of given) {
        const known = expected.get(one) ?? 0;
        const hasRoom = known > 0 || expected.size < limit;
        if (hasRoom) expected.set(one, known | more);
        expect(marks.add(one, more)).toBe(hasRoom ? known | more : 0);
      }
      for (const [one] of given) expect(marks.of(one)).toBe(expected.get(one) ?? 0);
    }),
  );
});

test("a mark of what may be is every client's where there is no room for one more", () => {
  const marks = new ClientMarks(1, 3);
  marks.suspect("10.0.0.1", MARK.unreadLogin);
  expect([marks.of("10.0.0.1"), marks.of("10.0.0.2")]).toEqual([MARK.unreadLogin, 0]);
  marks.suspect("10.0.0.2", MARK.unreadNames);
  const both = MARK.unreadLogin | MARK.unreadNames;
  expect([marks.of("10.0.0.1"), marks.of("10.0.0.2")]).toEqual([both, MARK.unreadNames]);
});

test("hundreds of thousands of clients keep theirs while the table grows, limits.hosts of them", () => {
  const marks = new ClientMarks(limits.hosts, 11);
  for (let count = 0; count < limits.hosts; count++) marks.add(addressOf(count), count % 2 === 0 ? MARK.dns : MARK.kdc);
  expect(marks.add(addressOf(limits.hosts), MARK.dns)).toBe(0);
  let wrong = 0;
  for (let count = 0; count < limits.hosts; count++) {
    if (marks.of(addressOf(count)) !== (count % 2 === 0 ? MARK.dns : MARK.kdc)) wrong++;
  }
  expect(wrong).toBe(0);
});
