import { describe, expect, test } from "vitest";
import { ldap } from "../../../dissectors/ldap/index.ts";
import { limits } from "../../../src/bytes/limits.ts";
import { Malformed } from "../../../src/bytes/malformed.ts";
import { tokens } from "../spnego/tokens.ts";
import {
  type Bytes,
  bind,
  bindResult,
  element,
  entry,
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
} from "./message.ts";

const decode = (bytes: Bytes) => ldap.decode(Uint8Array.from(bytes), () => "");
const only = (bytes: Bytes) => decode(bytes)[0]?.message;
const [anyToken = new Uint8Array(0)] = Object.values(tokens);
const NTLM: Bytes = [...Buffer.from("NTLMSSP\0"), 2, 0, 0, 0];

describe.each([
  ["minimal lengths", narrow],
  ["lengths of four bytes", wide],
])("with %s", (_, style) => {
  test("a SASL bind and the token in it", () => {
    const [decoded] = decode(bind(style, 3, "", sasl(style, "GSS-SPNEGO", [...anyToken])));
    expect(decoded?.message).toEqual({
      protocol: "ldap",
      kind: "bind-request",
      messageId: 3,
      version: 3,
      name: "",
      mechanism: "GSS-SPNEGO",
      anonymous: false,
    });
    expect(decoded?.inside).toEqual([anyToken]);
  });

  test("a bind response with the server's token", () => {
    const [decoded] = decode(bindResult(style, 3, 14, "", [...anyToken]));
    expect(decoded?.message).toMatchObject({ kind: "bind-response", resultCode: 14, diagnostic: "", data: null });
    expect(decoded?.inside).toEqual([anyToken]);
  });

  test("what Active Directory writes when it refuses", () => {
    const words = "80090308: LdapErr: DSID-0C090446, comment: AcceptSecurityContext error, data 52e, v3839";
    expect(only(bindResult(style, 3, 49, `${words}\0`))).toMatchObject({
      resultCode: 49,
      diagnostic: words,
      errorCode: 0x80090308,
      data: 0x52e,
    });
  });

  test("a search in the root DSE, what it says of the server, and the end", () => {
    const request = search(style, 1, element(style, 0x87, [...Buffer.from("objectClass")]), ["currentTime"]);
    expect(only(request)).toEqual({ protocol: "ldap", kind: "search-request", messageId: 1, base: "" });
    const attributes = {
      supportedSASLMechanisms: ["GSSAPI", "GSS-SPNEGO", "EXTERNAL", "DIGEST-MD5"],
      dnsHostName: ["dca.contoso.com"],
      currentTime: ["20261118110640.0Z"],
      highestCommittedUSN: ["12345"],
    };
    expect(only(rootEntry(style, 1, attributes))).toEqual({
      protocol: "ldap",
      kind: "root-entry",
      messageId: 1,
      saslMechanisms: ["GSSAPI", "GSS-SPNEGO", "EXTERNAL", "DIGEST-MD5"],
      dnsHostName: "dca.contoso.com",
      currentTime: "20261118110640.0Z",
    });
    const refused = "000004DC: LdapErr: DSID-0C090A5C, comment: In order to perform this operation a successful bind";
    expect(only(result(style, 0x65, 1, 1, { diagnostic: refused }))).toMatchObject({
      kind: "search-done",
      resultCode: 1,
      errorCode: 0x4dc,
    });
  });

  test("StartTLS and its answer", () => {
    expect(only(extended(style, 1, "1.3.6.1.4.1.1466.20037"))).toMatchObject({
      kind: "extended-request",
      name: "1.3.6.1.4.1.1466.20037",
    });
    const more = element(style, 0x8a, [...Buffer.from("1.3.6.1.4.1.1466.20037")]);
    expect(only(result(style, 0x78, 1, 0, { more }))).toMatchObject({
      kind: "extended-response",
      resultCode: 0,
      name: "1.3.6.1.4.1.1466.20037",
    });
  });
});

test("a password is nowhere in what is kept of a simple bind", () => {
  const decoded = decode(bind(narrow, 1, "CONTOSO\\john", simple(narrow, "Secret123")));
  expect(decoded).toEqual([
    {
      message: {
        protocol: "ldap",
        kind: "bind-request",
        messageId: 1,
        version: 3,
        name: "CONTOSO\\john",
        mechanism: "simple",
        anonymous: false,
      },
    },
  ]);
});

test.each(["PLAIN", "DIGEST-MD5", "SCRAM-SHA-1", "EXTERNAL", "CRAM-MD5"])("nor are the credentials of %s", (name) => {
  const [decoded] = decode(bind(narrow, 1, "", sasl(narrow, name, [...Buffer.from("\0john\0Secret123")])));
  expect(decoded?.message).toMatchObject({ mechanism: name });
  expect(decoded?.inside).toBeUndefined();
});

test("nor what a server answers to them", () => {
  const [decoded] = decode(bindResult(narrow, 1, 14, "", [...Buffer.from('realm="contoso.com",nonce="x"')]));
  expect(decoded?.inside).toBeUndefined();
});

test("a bind without a password is anonymous, with a name or without", () => {
  expect(only(bind(narrow, 1, "", simple(narrow, "")))).toMatchObject({ mechanism: "simple", anonymous: true });
  expect(only(bind(narrow, 1, "cn=a", simple(narrow, "")))).toMatchObject({ name: "cn=a", anonymous: true });
});

test("Sicily: the challenge stands where others have a DN", () => {
  expect(only(bind(narrow, 1, "", element(narrow, 0x89)))).toMatchObject({ mechanism: "sicily-discovery" });
  const [negotiate] = decode(bind(narrow, 2, "NTLM", element(narrow, 0x8a, NTLM)));
  expect(negotiate?.message).toMatchObject({ mechanism: "sicily-negotiate", name: "NTLM" });
  expect(negotiate?.inside).toEqual([Uint8Array.from(NTLM)]);
  const [challenge] = decode(result(narrow, 0x61, 2, 0, { matched: NTLM }));
  expect(challenge?.inside).toEqual([Uint8Array.from(NTLM)]);
  expect(only(bind(narrow, 3, "", element(narrow, 0x8b, NTLM)))).toMatchObject({ mechanism: "sicily-response" });
});

test("an unbind, and operations that are no part of a log-on", () => {
  expect(only(message(narrow, 9, [0x42, 0]))).toEqual({ protocol: "ldap", kind: "unbind-request", messageId: 9 });
  expect(decode(message(narrow, 9, element(narrow, 0x66, text(narrow, "cn=a"))))).toEqual([]);
  expect(decode(entry(narrow, 9, "cn", [65])).length).toBe(1);
  const other = element(narrow, 0x64, text(narrow, "cn=a"), element(narrow, 0x30));
  expect(decode(message(narrow, 9, other))).toEqual([]);
});

test("limit ldapTextBytes", () => {
  const name = "n".repeat(limits.ldapTextBytes);
  expect(only(bind(narrow, 1, name, simple(narrow, "x")))).toMatchObject({ name });
  expect(only(bind(narrow, 1, `${name}n`, simple(narrow, "x")))).toMatchObject({ name });
});

test.each([
  ["nothing", []],
  ["a bind without a choice", message(narrow, 1, element(narrow, 0x60, [2, 1, 3], [4, 0]))],
  ["a bind of an unknown choice", bind(narrow, 1, "", element(narrow, 0x85, [1]))],
  ["a bind whose mechanism is cut", bind(narrow, 1, "", [0xa3, 3, 4, 9, 65])],
  ["a result without a code", message(narrow, 1, element(narrow, 0x61, [4, 0]))],
])("%s is refused", (_, bytes) => {
  expect(() => decode(bytes)).toThrow(Malformed);
});

test("one line for each", () => {
  const lines = [
    bind(narrow, 1, "", sasl(narrow, "GSSAPI")),
    bind(narrow, 1, "", simple(narrow, "")),
    bindResult(narrow, 1, 8, "00002028: LdapErr"),
    extended(narrow, 1, "1.3.6.1.4.1.1466.20037"),
    rootEntry(narrow, 1, { supportedSASLMechanisms: ["GSSAPI", "EXTERNAL"] }),
  ].map((bytes) => decode(bytes).map(({ message }) => ldap.describe(message))[0]);
  expect(lines).toEqual([
    "LDAP: Bind Request, MessageID: 1, Version: 3, GSSAPI",
    "LDAP: Bind Request, MessageID: 1, Version: 3, anonymous",
    "LDAP: Bind Response, MessageID: 1, Status: strongerAuthRequired, 00002028: LdapErr",
    "LDAP: Extended Request, MessageID: 1, StartTLS",
    "LDAP: Search Result Entry, MessageID: 1, root DSE, SASL: GSSAPI EXTERNAL",
  ]);
});
