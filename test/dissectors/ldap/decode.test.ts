import { describe, expect, test } from "vitest";
import { cldap } from "../../../dissectors/ldap/index.ts";
import { limits } from "../../../src/bytes/limits.ts";
import { Malformed } from "../../../src/bytes/malformed.ts";
import { nameBytes } from "../dns/message.ts";
import { type Bytes, done, element, entry, equality, message, narrow, search, text, wide } from "./message.ts";

const decode = (bytes: Bytes) => cldap.decode(Uint8Array.from(bytes), () => "").map((each) => each.message);

const GUID: Bytes = new Array<number>(16).fill(7);
const wideText = (value: string): Bytes => [...Buffer.from(`${value}\0`, "utf16le")];

/** Names as a domain controller packs them: pointers count from the start of the value. */
const EXTENDED: Bytes = [
  ...[23, 0, 0, 0, 0xfd, 0x31, 0, 0x80],
  ...GUID,
  ...nameBytes("contoso.com"),
  ...[0xc0, 24],
  ...[3, 0x64, 0x63, 0x61, 0xc0, 24],
  ...nameBytes("CONTOSO"),
  ...nameBytes("DCA"),
  ...nameBytes("."),
  ...nameBytes("Default-First-Site-Name"),
  ...nameBytes("."),
  ...[5, 0, 0, 0, 0xff, 0xff, 0xff, 0xff],
];

const ping = (style: typeof narrow) =>
  search(
    style,
    1,
    element(
      style,
      0xa0,
      equality(style, "dnsdomain", "contoso.com"),
      equality(style, "HOST", "CLIENT1"),
      element(style, 0xa1, element(style, 0xa2, equality(style, "User", "CLIENT1$"))),
      equality(style, "NtVer", [0x16, 0, 0, 0x20]),
    ),
    ["Netlogon"],
  );

describe.each([
  ["minimal lengths", narrow],
  ["lengths of four bytes", wide],
])("with %s", (_, style) => {
  test("a netlogon ping", () => {
    expect(decode(ping(style))).toEqual([
      {
        protocol: "cldap",
        kind: "search",
        messageId: 1,
        dnsDomain: "contoso.com",
        host: "CLIENT1",
        user: "CLIENT1$",
        ntVer: 0x20000016,
        attributes: ["Netlogon"],
      },
    ]);
  });

  test("the answer and its end in one datagram", () => {
    const messages = decode([...entry(style, 1, "Netlogon", EXTENDED), ...done(style, 1, 0)]);
    expect(messages).toEqual([
      {
        protocol: "cldap",
        kind: "entry",
        messageId: 1,
        opcode: 23,
        flags: 0x800031fd,
        forest: "contoso.com",
        domain: "contoso.com",
        dc: "dca.contoso.com",
        netbiosDomain: "CONTOSO",
        netbiosDc: "DCA",
        user: "",
        dcSite: "Default-First-Site-Name",
        clientSite: "",
      },
      { protocol: "cldap", kind: "done", messageId: 1, resultCode: 0 },
    ]);
    expect(messages.map((each) => cldap.describe(each))).toEqual([
      expect.stringContaining("LOGON_SAM_LOGON_RESPONSE_EX, DC: dca.contoso.com"),
      "LDAP: Search Result Done, MessageID: 1, Status: success",
    ]);
  });
});

const NT40: Bytes = [19, 0, ...wideText("\\\\DCA"), ...wideText("john"), ...wideText("CONTOSO")];

test("the answer of NT 4.0", () => {
  const [first] = decode(entry(narrow, 1, "netlogon", [...NT40, 1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]));
  expect(first).toMatchObject({ opcode: 19, netbiosDc: "DCA", user: "john", netbiosDomain: "CONTOSO", flags: null });
});

test("the answer of version 5", () => {
  const names = [...nameBytes("contoso.com"), ...nameBytes("contoso.com"), ...nameBytes("dca.contoso.com")];
  const tail = [192, 168, 2, 1, 0xfd, 3, 0, 0, 3, 0, 0, 0, 0xff, 0xff, 0xff, 0xff];
  const [first] = decode(entry(narrow, 1, "netlogon", [...NT40, ...GUID, ...GUID, ...names, ...tail]));
  expect(first).toMatchObject({
    opcode: 19,
    netbiosDc: "DCA",
    domain: "contoso.com",
    dc: "dca.contoso.com",
    flags: 0x3fd,
  });
});

test("a search for something else has null fields", () => {
  const rootDse = search(narrow, 7, element(narrow, 0x87, [...Buffer.from("objectClass")]), ["defaultNamingContext"]);
  expect(decode(rootDse)).toMatchObject([{ kind: "search", dnsDomain: null, ntVer: null }]);
  const answer = entry(narrow, 7, "defaultNamingContext", [...Buffer.from("DC=a")]);
  expect(decode(answer)).toMatchObject([{ kind: "entry", opcode: null, domain: null }]);
});

test("the user of RFC 1798 is passed over, other operations are left out", () => {
  const withUser = element(narrow, 0x30, [2, 1, 9], text(narrow, "cn=a"), element(narrow, 0x65, [10, 1, 1]));
  expect(decode(withUser)).toMatchObject([{ kind: "done", messageId: 9, resultCode: 1 }]);
  expect(decode(message(narrow, 1, [0x42, 0]))).toEqual([]);
});

test.each([
  ["nothing", []],
  ["text", [...Buffer.from("hello, world")]],
  ["a length beyond the end", [0x30, 0x50, 2, 1, 1]],
  ["an indefinite length", [0x30, 0x80, 2, 1, 1, 0, 0]],
  ["no operation", element(narrow, 0x30, [2, 1, 1])],
  ["an operation that is none", element(narrow, 0x30, [2, 1, 1], [0x30, 0])],
  ["a netlogon value of one byte", entry(narrow, 1, "netlogon", [23])],
  ["a netlogon value whose names loop", entry(narrow, 1, "netlogon", [23, 0, 0, 0, 0, 0, 0, 0, ...GUID, 0xc0, 24])],
  ["a netlogon value that ends early", entry(narrow, 1, "netlogon", EXTENDED.slice(0, 30))],
  ["a wide string without an end", entry(narrow, 1, "netlogon", [19, 0, 65, 0])],
])("%s is refused", (_, bytes) => {
  expect(() => decode(bytes)).toThrow(Malformed);
});

test("limit derDepth", () => {
  const nested = (depth: number) => {
    let filter = equality(narrow, "Host", "a");
    for (let level = 0; level < depth; level += 1) filter = element(narrow, 0xa2, filter);
    return search(narrow, 1, filter, []);
  };
  expect(decode(nested(limits.derDepth - 5))).toMatchObject([{ host: "a" }]);
  expect(() => decode(nested(limits.derDepth))).toThrow("nested too deep");
});

test("limit derElements", () => {
  const many = (count: number) =>
    search(narrow, 1, element(narrow, 0x87, [65]), new Array<string>(count).fill("attribute"));
  expect(decode(many(limits.derElements - 20))).toHaveLength(1);
  expect(() => decode(many(limits.derElements))).toThrow("too many elements");
});
