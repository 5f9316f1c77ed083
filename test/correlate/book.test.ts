import { describe, expect, test } from "vitest";
import { Book } from "../../src/correlate/book.ts";

/** A book of so many pairs: each key has two values, and each value two keys. */
function bookOf(pairs: number): Book {
  const book = new Book();
  for (let n = 0; n < pairs; n++) book.add(`key${n >> 1}`, `value${(n + 1) >> 1}`);
  return book;
}

describe.each([2, 8, 9, 100])("a book of %i pairs", (pairs) => {
  const book = bookOf(pairs);

  test("says which keys it has", () => {
    expect(book.has("key0")).toBe(true);
    expect(book.has(`key${(pairs - 1) >> 1}`)).toBe(true);
    expect(book.has(`key${pairs}`)).toBe(false);
    expect(book.has("value0")).toBe(false);
  });

  test("gives the values of a key and the keys of a value, in their order, each once", () => {
    book.add("key0", "value0");
    book.add("key9999", "value0");
    expect([...book.valuesOf("key0")]).toEqual(["value0", "value1"]);
    expect([...book.keysOf("value0")]).toEqual(["key0", "key9999"]);
    expect(book.firstKeyOf("value0")).toBe("key0");
    expect(book.firstKeyOf("key0")).toBeUndefined();
  });
});

test("one that learns after it was asked knows what it learnt", () => {
  const book = bookOf(2);
  expect(book.valuesOf("new").size).toBe(0);
  book.add("new", "value");
  expect([...book.valuesOf("new")]).toEqual(["value"]);
  expect([...book.keysOf("value")]).toEqual(["new"]);
});

test("an empty one has nothing", () => {
  const book = new Book();
  expect(book.has("key")).toBe(false);
  expect(book.firstKeyOf("value")).toBeUndefined();
  expect(book.valuesOf("key").size + book.keysOf("value").size).toBe(0);
});
