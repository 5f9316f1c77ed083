import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { headAt, type Part, survey } from "../../../dissectors/asn1/survey.ts";
import { tree } from "../../../dissectors/asn1/tree.ts";
import { limits } from "../../../src/bytes/limits.ts";
import { der, field, int, join, octets, seq, str } from "./build.ts";

const ticket = der(0x61, seq(field(0, int(5)), field(1, str("CONTOSO.COM")), field(3, octets(new Uint8Array(200)))));
const whole = (bytes: Uint8Array) => survey(bytes, 0, bytes.length);

function partOf(bytes: Uint8Array, bound = bytes.length): Part {
  const part = survey(bytes, 0, bound);
  if ("text" in part) throw new Error(part.text);
  return part;
}

test("a sound element is the tree of asn1js, at any offset", () => {
  expect(whole(ticket)).toEqual(tree(ticket));
  expect(survey(join(Uint8Array.of(1, 2, 3), ticket), 3, ticket.length + 3)).toEqual(tree(ticket, 3));
});

test("of a cut one every element that begins is there", () => {
  const cut = partOf(ticket.subarray(0, 30), ticket.length);
  expect(cut).toMatchObject({ cut: true, length: ticket.length - 3, tagClass: "application", number: 1 });
  expect(cut.fault).toBeUndefined();
  expect(cut.children[0]?.children.map(({ number }) => number)).toEqual([0, 1, 3]);
});

describe("what is wrong is told where it is", () => {
  test.each([
    ["a child longer than its parent", [0x30, 4, 0x02, 9, 1, 1], 3, /says 9 bytes, but what it lies in has 2 left/],
    ["a needlessly long length", [0x30, 0x81, 3, 0x02, 1, 1], 1, /longer than it need be/],
    ["a string in pieces", [0x24, 3, 0x04, 1, 0], 0, /should not be constructed/],
    ["an indefinite length", [0x30, 2, 0x30, 0x80], 2, /indefinite/],
    ["a long tag", [0x30, 2, 0x1f, 0], 2, /long tag/],
    ["an absurd length", [0x30, 2, 0x30, 0x8f], 2, /announces 15 more/],
  ])("%s", (_, bytes, at, text) => {
    const part = partOf(Uint8Array.from(bytes));
    const fault = part.fault ?? part.children[0]?.fault;
    expect(fault).toEqual({ at, text: expect.stringMatching(text) });
  });
});

test("a head that cannot be one is a sentence", () => {
  expect(headAt(Uint8Array.of(0x30), 0)).toMatch(/ends where an element/);
  expect(headAt(Uint8Array.of(0x30, 0x82, 1), 0)).toMatch(/ends inside a length/);
});

describe("damage does not lift the limits", () => {
  const damaged = (bytes: Uint8Array) => JSON.stringify(survey(bytes, 0, bytes.length + 1));
  test("derDepth", () => {
    let nested: Uint8Array = Uint8Array.of(0x02, 9, 1, 1);
    for (let depth = 0; depth < limits.derDepth + 2; depth++) nested = seq(nested);
    expect(damaged(nested)).toContain(`more than ${limits.derDepth} elements inside`);
  });
  test("derElements", () => {
    const wide = seq(...Array.from({ length: limits.derElements + 1 }, () => octets()));
    expect(damaged(wide.subarray(0, wide.length - 1))).toContain(`more than ${limits.derElements} elements`);
  });
});

test("never throws", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(200), (bytes, bound) => void survey(bytes, 0, bound)),
  );
});
