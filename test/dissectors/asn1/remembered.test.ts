import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Der, OCTET_STRING, SEQUENCE } from "../../../dissectors/asn1/der.ts";
import { Remembered } from "../../../dissectors/asn1/remembered.ts";
import { limits } from "../../../src/bytes/limits.ts";
import { OPENING_BYTES } from "../../../src/bytes/openings.ts";
import { join, octets, seq } from "./build.ts";

/** Reads lists of OCTET STRINGs as text, and notes what it read. */
function reader(places: number) {
  const read: string[] = [];
  const lists = new Remembered(places, 0, (der: Der) => {
    let text = "";
    while (der.more()) text += `${der.octets(OCTET_STRING, "item").join(" ")};`;
    read.push(text);
    return text;
  });
  return { lists, read };
}

function of(lists: Remembered<string>, bytes: Uint8Array, before = 0): string {
  const framed = join(new Uint8Array(before), seq(bytes), Uint8Array.of(4, 0));
  const der = new Der(framed, before);
  const outer = der.enter(SEQUENCE, "list");
  const text = lists.read(der);
  der.leave(outer);
  der.skip("what follows");
  expect(der.more()).toBe(false);
  return text;
}

describe("what is remembered", () => {
  test("is what the same bytes say, wherever they lie", () => {
    const items = fc.array(fc.uint8Array({ maxLength: 4, max: 2 }), { maxLength: 12 });
    fc.assert(
      fc.property(fc.array(items, { maxLength: 20 }), fc.nat(9), (all, before) => {
        const { lists } = reader(16);
        for (const each of [...all, ...all]) {
          const text = each.map((item) => `${item.join(" ")};`).join("");
          expect(of(lists, join(...each.map((item) => octets(item))), before)).toBe(text);
        }
      }),
    );
  });

  test("is read once, and gives way to what is newer", () => {
    const { lists, read } = reader(2);
    const keys = [1, 2, 3].map((octet) => octets(Uint8Array.of(octet)));
    const all = (order: readonly number[]) => order.map((at) => of(lists, keys[at] ?? octets()));
    expect(all([0, 1, 0, 1])).toEqual(["1;", "2;", "1;", "2;"]);
    expect(read).toEqual(["1;", "2;"]);
    expect(all([2, 1, 0])).toEqual(["3;", "2;", "1;"]);
    expect(read).toEqual(["1;", "2;", "3;", "1;"]);
  });

  test("is short", () => {
    const { lists, read } = reader(16);
    const longest = octets(new Uint8Array(OPENING_BYTES - 2));
    const longer = octets(new Uint8Array(OPENING_BYTES - 1));
    for (const key of [longest, longest, longer, longer]) of(lists, key);
    expect(read).toHaveLength(3);
  });

  test("counts for derElements all the same", () => {
    const { lists } = reader(16);
    const key = join(octets(), octets());
    const many = (count: number) => {
      const der = new Der(seq(...new Array<Uint8Array>(count).fill(seq(key))));
      const outer = der.enter(SEQUENCE, "lists");
      while (der.more()) {
        const list = der.enter(SEQUENCE, "list");
        lists.read(der);
        der.leave(list);
      }
      der.leave(outer);
    };
    const most = Math.floor((limits.derElements - 1) / 3);
    expect(() => many(most)).not.toThrow();
    expect(() => many(most + 1)).toThrow(/too many elements/);
  });
});
