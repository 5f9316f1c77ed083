import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { limits } from "../../src/bytes/limits.ts";
import { FROM_CLIENT, FROM_SERVER } from "../../src/model/connection.ts";
import {
  type Bytes,
  bind,
  bindResult,
  element,
  extended,
  message,
  narrow,
  result,
  rootEntry,
  sasl,
  search,
  simple,
  text,
  wide,
} from "../dissectors/ldap/message.ts";
import { clientHello } from "../dissectors/tls/hello.ts";
import { Stage } from "./stage.ts";

const bytes = (...parts: readonly Bytes[]) => Uint8Array.from(parts.flat());
const kinds = (stage: Stage) => stage.messages.map(({ kind }) => kind);
const present = element(narrow, 0x87, [...Buffer.from("objectClass")]);
const rootSearch = search(wide, 1, present, ["supportedSASLMechanisms"]);
const root = rootEntry(wide, 1, { supportedSASLMechanisms: ["GSSAPI"] });
const done = result(wide, 0x65, 1, 0);
const krb5 = bind(wide, 2, "", sasl(wide, "GSS-SPNEGO"));
const bound = bindResult(wide, 2, 0);
const modify = message(wide, 5, element(wide, 0x66, text(wide, "cn=a"), text(wide, "x".repeat(3000))));
const otherEntry = message(wide, 5, element(wide, 0x64, text(wide, "cn=a"), text(wide, "x".repeat(3000))));
const sealed = bytes([0, 0, 0, 60, 5, 4, 6, 0xff], new Array<number>(56).fill(0x30));
const START_TLS = "1.3.6.1.4.1.1466.20037";

test.each([1, 2, 3, 7, 13, 100, 100_000])("a log-on among other operations, in pieces of %d bytes", (pieceBytes) => {
  const stage = new Stage();
  const talk = stage.open("ldap", 389);
  talk.client(bytes(rootSearch, modify), pieceBytes).server(bytes(root, otherEntry, done), pieceBytes);
  talk.client(bytes(krb5, modify), pieceBytes).server(bytes(bound, otherEntry), pieceBytes);
  expect(kinds(stage)).toEqual(["search-request", "root-entry", "search-done", "bind-request", "bind-response"]);
  expect(stage.problems).toEqual([]);
  const offset = rootSearch.length + modify.length + krb5.length;
  expect(stage.observations[3]).toMatchObject({ endOffset: offset, direction: FROM_CLIENT });
});

test("after a log-on searches are nobody's, another bind is", () => {
  const stage = new Stage();
  stage
    .open("ldap", 389)
    .client(bytes(bind(narrow, 1, "cn=a", simple(narrow, "x"))))
    .server(bytes(bindResult(narrow, 1, 0)))
    .client(bytes(rootSearch))
    .server(bytes(root, done))
    .client(bytes(krb5));
  expect(kinds(stage)).toEqual(["bind-request", "bind-response", "bind-request"]);
});

test("an anonymous bind is no log-on", () => {
  const stage = new Stage();
  const talk = stage.open("ldap", 389).client(bytes(bind(narrow, 1, "", simple(narrow, ""))));
  talk.server(bytes(bindResult(narrow, 1, 0))).client(bytes(rootSearch));
  expect(kinds(stage)).toEqual(["bind-request", "bind-response", "search-request"]);
});

describe("the security layer of a SASL mechanism", () => {
  test("is nobody's", () => {
    const stage = new Stage();
    const talk = stage.open("ldap", 389).client(bytes(krb5)).server(bytes(bound)).client(sealed);
    expect(talk.goesOn).toBe(false);
    expect(kinds(stage)).toEqual(["bind-request", "bind-response"]);
    expect(stage.problems).toEqual([]);
  });

  test("also where the answer to the bind is lost", () => {
    const stage = new Stage();
    const talk = stage.open("ldap", 389).client(bytes(krb5)).gap(FROM_SERVER, 300).client(sealed);
    expect(talk.goesOn).toBe(false);
    expect(stage.problems).toEqual([]);
  });

  test("may be missing: signing was not agreed on", () => {
    const stage = new Stage();
    const talk = stage.open("ldap", 389).client(bytes(krb5)).server(bytes(bound)).client(bytes(rootSearch));
    expect(talk.goesOn).toBe(true);
    expect(kinds(stage)).toEqual(["bind-request", "bind-response"]);
  });
});

describe("StartTLS", () => {
  test("leaves the ClientHello to be read", () => {
    const stage = new Stage();
    const talk = stage.open("ldap", 389).client(bytes(extended(narrow, 1, START_TLS)));
    talk.server(bytes(result(narrow, 0x78, 1, 0))).client(clientHello("dca.contoso.com", []));
    expect(kinds(stage)).toEqual(["extended-request", "extended-response", "client-hello"]);
    expect(talk.goesOn).toBe(false);
  });

  test("that is refused leaves LDAP as it was", () => {
    const stage = new Stage();
    const talk = stage.open("ldap", 389).client(bytes(extended(narrow, 1, START_TLS)));
    talk.server(bytes(result(narrow, 0x78, 1, 52, { diagnostic: "no certificate" }))).client(bytes(krb5));
    expect(kinds(stage)).toEqual(["extended-request", "extended-response", "bind-request"]);
  });

  test("whose answer is lost is nobody's from then on", () => {
    const stage = new Stage();
    const talk = stage
      .open("ldap", 389)
      .client(bytes(extended(narrow, 1, START_TLS)))
      .gap(FROM_SERVER, 40);
    talk.client(clientHello("dca.contoso.com", []));
    expect(talk.goesOn).toBe(false);
    expect(stage.problems).toEqual([]);
  });
});

test("a gap inside a message that nobody reads costs nothing", () => {
  const stage = new Stage();
  const talk = stage.open("ldap", 389).client(bytes(modify).subarray(0, 100)).gap(FROM_CLIENT, 1000);
  talk.client(bytes(modify).subarray(1100)).client(bytes(krb5));
  expect(kinds(stage)).toEqual(["bind-request"]);
  expect(stage.problems).toEqual([]);
});

test("after a gap the next message at the start of a segment is found", () => {
  const stage = new Stage();
  const talk = stage.open("ldap", 389).server(bytes(root).subarray(0, 30)).gap(FROM_SERVER, 500);
  talk.server(bytes(root).subarray(3)).server(bytes(bound));
  expect(kinds(stage)).toEqual(["bind-response"]);
});

test("limit ldapBytes: a log-on that is longer is a problem, an entry that is longer is passed over", () => {
  const stage = new Stage();
  const token = new Array<number>(limits.ldapBytes).fill(0);
  const large = message(wide, 1, element(wide, 0x66, token));
  const talk = stage.open("ldap", 389).client(bytes(large), 1460).client(bytes(krb5));
  expect(kinds(stage)).toEqual(["bind-request"]);
  expect(stage.problems).toEqual([]);
  talk.client(bytes(bind(wide, 1, "", sasl(wide, "GSS-SPNEGO", token))), 1460);
  expect(stage.problems).toMatchObject([{ text: expect.stringMatching(/^ldap: LDAPMessage of 65\d\d\d bytes/) }]);
});

test("limit ldapMessageBytes", () => {
  const stage = new Stage();
  const header = (length: number) => [0x30, 0x84, length >>> 24, (length >>> 16) & 255, 0, 0, 2, 1, 5, 0x66, 0x84];
  const within = stage.open("ldap", 389).client(bytes(header(limits.ldapMessageBytes - 65_536)));
  expect(within.goesOn).toBe(true);
  const beyond = stage.open("ldap", 389).client(bytes(header(limits.ldapMessageBytes)));
  expect(beyond.goesOn).toBe(false);
  expect(stage.problems).toHaveLength(1);
});

test("limit ldapSearches", () => {
  const stage = new Stage();
  const talk = stage.open("ldap", 389);
  for (let count = 0; count < limits.ldapSearches + 9; count += 1) talk.client(bytes(rootSearch));
  talk.client(bytes(krb5));
  expect(kinds(stage)).toHaveLength(limits.ldapSearches + 1);
});

test("what is no LDAP is given up, with a problem on its own ports only", () => {
  for (const [port, problems] of [
    [389, 1],
    [3268, 1],
    [10_389, 0],
  ] as const) {
    const stage = new Stage();
    expect(stage.open("ldap", port).client("hello, world").goesOn).toBe(false);
    expect(stage.problems).toHaveLength(problems);
  }
});

test("damage of any kind ends in messages or problems, never in an exception", () => {
  const all = bytes(rootSearch, krb5, modify, extended(narrow, 1, START_TLS), root, bound, done);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(all.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 10 }),
      fc.integer({ min: 1, max: 700 }),
      (changes, pieceBytes) => {
        const damaged = Uint8Array.from(all);
        for (const [at, value] of changes) damaged[at] = value;
        const stage = new Stage();
        stage.open("ldap", 389).client(damaged, pieceBytes).finish();
        expect(stage.observations.length).toBeLessThan(20);
      },
    ),
  );
});
