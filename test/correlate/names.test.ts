import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isSameName, sameHost, splitSpn } from "../../src/correlate/names.ts";

describe("names of Kerberos", () => {
  test.each([
    ["John", "john", true],
    ["user1", "user2", false],
    ["user1", "auser1", false],
    ["HTTP/Web.contoso.com", "http/web.CONTOSO.com", true],
    ["a[", "a{", false],
    ["Jörg", "JÖRG", true],
    ["İ", "i̇", true],
    ["", "", true],
    ["", "a", false],
  ])("%s and %s", (a, b, isSame) => expect(isSameName(a, b)).toBe(isSame));
  test("none is like none, and like no other", () => {
    expect(isSameName(null, null)).toBe(true);
    expect(isSameName(null, "")).toBe(false);
  });
  test("as their lower case compares", () => {
    const texts = fc.oneof(fc.string({ maxLength: 3 }), fc.string({ unit: "grapheme", maxLength: 3 }));
    fc.assert(
      fc.property(texts, texts, (a, b) => {
        expect(isSameName(a, b)).toBe(a.toLowerCase() === b.toLowerCase());
        expect(isSameName(a, a.toUpperCase())).toBe(a.toLowerCase() === a.toUpperCase().toLowerCase());
      }),
    );
  });
});

test("an SPN taken apart", () => {
  expect(splitSpn("HTTP/Web.contoso.com.:8080/x@REALM")).toEqual({
    service: "HTTP",
    serviceClass: "http",
    host: "web.contoso.com",
    port: 8080,
  });
  expect(splitSpn("cifs/Files@CONTOSO.COM").host).toBe("files");
  expect(splitSpn("john")).toEqual({ service: "john", serviceClass: "john", host: "", port: null });
});

test("a host by its first label, unless one of both is an address", () => {
  expect(sameHost("web", "web.contoso.com")).toBe(true);
  expect(sameHost("web.contoso.com", "web.fabrikam.com")).toBe(false);
  expect(sameHost("10", "10.0.0.1")).toBe(false);
});
