import { describe, expect, test } from "vitest";
import { clientHelloWants, startOf, tls } from "../../../dissectors/tls/index.ts";
import { Malformed } from "../../../src/bytes/malformed.ts";
import { clientHello } from "./hello.ts";

const HOST = "iisserver.contoso.com";
const decode = (bytes: Uint8Array) => tls.decode(bytes, () => "").map((each) => each.message);

test.each([16_384, 100, 7, 1])("names in records of at most %d bytes", (recordBytes) => {
  const bytes = clientHello(HOST, ["h2", "http/1.1"], recordBytes);
  const message = { protocol: "tls", kind: "client-hello", serverName: HOST, alpn: ["h2", "http/1.1"] };
  expect(decode(bytes)).toEqual([message]);
  expect(clientHelloWants(bytes)).toBe(bytes.length);
});

test("without names", () => {
  expect(decode(clientHello(null, []))).toMatchObject([{ serverName: null, alpn: [] }]);
});

test("what is there is read, however early the bytes end", () => {
  const bytes = clientHello(HOST, ["h2"]);
  for (let end = 6; end < bytes.length; end += 1) {
    const [message] = decode(bytes.subarray(0, end));
    expect([null, HOST]).toContain(message?.serverName);
    expect(clientHelloWants(bytes.subarray(0, end))).toBeGreaterThan(end);
  }
});

test("a description in one line", () => {
  const [message] = decode(clientHello(HOST, ["h2"]));
  expect(message === undefined ? "" : tls.describe(message)).toBe(`TLS: ClientHello, SNI: ${HOST}, ALPN: h2`);
});

describe("recognition", () => {
  test.each([
    ["a ClientHello", clientHello(HOST, []), "client-hello"],
    ["five bytes of one", clientHello(HOST, []).subarray(0, 5), "more"],
    ["a ServerHello", Uint8Array.from([22, 3, 3, 0, 90, 2]), "no"],
    ["an alert", Uint8Array.from([21, 3, 3, 0, 2, 1]), "no"],
    ["a record too long", Uint8Array.from([22, 3, 3, 0x50, 0, 1]), "no"],
  ])("%s", (_, bytes, expected) => {
    expect(startOf(bytes, 0, bytes.length)).toBe(expected);
  });

  test("anything else is refused", () => {
    expect(() => decode(Uint8Array.from([21, 3, 3, 0, 2, 1]))).toThrow(Malformed);
  });
});
