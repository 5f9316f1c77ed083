import { expect, test } from "vitest";
import { tds } from "../../../dissectors/tds/index.ts";
import { limits } from "../../../src/bytes/limits.ts";
import { Malformed } from "../../../src/bytes/malformed.ts";
import { type Bytes, error, info, login, loginAck, packets, prelogin, response, sspiToken } from "./message.ts";

const decode = (bytes: Bytes) => tds.decode(Uint8Array.from(bytes), () => "");
const only = (bytes: Bytes) => decode(bytes)[0]?.message;
const apReq: Bytes = [0x60, ...new Array<number>(6000).fill(7)];

test("PRELOGIN and its answer", () => {
  expect(only(prelogin(1))).toEqual({ protocol: "tds", kind: "prelogin-request", encryption: 1 });
  expect(only(prelogin(0, 4))).toEqual({ protocol: "tds", kind: "prelogin-response", encryption: 0 });
});

test.each([
  ["in one packet", 32_000, false],
  ["in packets of 4096 bytes", 4096, false],
  ["with its long length", 4096, true],
])("LOGIN7 with integrated security %s", (_, size, long) => {
  const [decoded] = decode(login({ token: apReq, long }, size));
  expect(decoded?.message).toEqual({
    protocol: "tds",
    kind: "login",
    hostName: "CLIENT1",
    userName: "",
    appName: "sqlcmd",
    serverName: "sql.contoso.com,1433",
    database: "master",
    integrated: true,
  });
  expect(decoded?.inside).toEqual([Uint8Array.from(apReq)]);
});

test("a password is nowhere in what is kept of LOGIN7", () => {
  const decoded = decode(login({ userName: "sa", password: [...Buffer.from("Secret123", "utf16le")] }));
  expect(decoded).toEqual([
    {
      message: {
        protocol: "tds",
        kind: "login",
        hostName: "CLIENT1",
        userName: "sa",
        appName: "sqlcmd",
        serverName: "sql.contoso.com,1433",
        database: "master",
        integrated: false,
      },
    },
  ]);
});

test("a further token of either side", () => {
  expect(decode(packets(17, apReq))).toEqual([
    { message: { protocol: "tds", kind: "sspi" }, inside: [Uint8Array.from(apReq)] },
  ]);
  const [answer] = decode(response(sspiToken([0xa1, 1, 2])));
  expect(answer?.message).toEqual({ protocol: "tds", kind: "response", loggedIn: false, errors: [] });
  expect(answer?.inside).toEqual([Uint8Array.of(0xa1, 1, 2)]);
});

test("a log-on that succeeded, and one that did not", () => {
  expect(only(response(info(), loginAck()))).toMatchObject({ kind: "response", loggedIn: true, errors: [] });
  const text = "Login failed for user 'CONTOSO\\john'.";
  expect(only(response(error(18456, text)))).toMatchObject({
    loggedIn: false,
    errors: [{ number: 18456, state: 1, text }],
  });
});

test("TLS, results and other packets give nothing", () => {
  expect(decode([0x17, 3, 3, 0, 2, 1, 2])).toEqual([]);
  expect(decode(packets(18, [0x16, 3, 1, 0, 1]))).toEqual([]);
  expect(decode(packets(4, [0x81, 1, 0, 0, 0]))).toEqual([]);
  expect(decode(packets(1, [22, 0, 0, 0]))).toEqual([]);
});

test("limit tdsPackets, limit tdsBytes", () => {
  const many = (count: number) => packets(17, new Array<number>(8 * count).fill(0), 16);
  expect(decode(many(limits.tdsPackets))).toHaveLength(1);
  expect(() => decode(many(limits.tdsPackets + 1))).toThrow("without an end");
  const long = (bytes: number) => packets(17, new Array<number>(bytes).fill(0), 30_000);
  expect(decode(long(limits.tdsBytes - 40))).toHaveLength(1);
  expect(() => decode(long(limits.tdsBytes))).toThrow("TDS message of");
});

test("limit tdsNameCharacters, limit tdsErrors", () => {
  const serverName = "s".repeat(limits.tdsNameCharacters);
  expect(only(login({ serverName: `${serverName}s` }))).toMatchObject({ serverName });
  expect(only(response(error(1, `${serverName}s`)))).toMatchObject({ errors: [{ text: serverName }] });
  const errors = Array.from({ length: limits.tdsErrors + 3 }, () => error(18456, "no"));
  expect(only(response(...errors))).toMatchObject({ errors: { length: limits.tdsErrors } });
});

test.each([
  ["nothing", []],
  ["a packet of an unknown type", packets(99, [1])],
  ["a length below the header", prelogin(0).with(3, 7).with(2, 0)],
  ["a packet that is cut short", prelogin(0).slice(0, 20)],
  ["LOGIN7 that is cut short", packets(16, new Array<number>(60).fill(0))],
  [
    "LOGIN7 whose parts lie beyond it",
    login()
      .with(8 + 36, 0xff)
      .with(8 + 37, 0xff),
  ],
  ["an error that is cut short", response([0xaa, 2, 0, 1, 1])],
  ["a token that is cut short", response([0xaa, 200, 0, 1, 1])],
])("%s is refused", (_, bytes) => {
  expect(() => decode(bytes)).toThrow(Malformed);
});

test("one line for each", () => {
  const lines = [prelogin(0), prelogin(2, 4), login({ token: apReq }), login({ userName: "sa" })].map(
    (bytes) => decode(bytes).map(({ message }) => tds.describe(message))[0],
  );
  expect(lines).toEqual([
    "TDS: Prelogin, Encryption: ENCRYPT_OFF",
    "TDS: Prelogin Response, Encryption: ENCRYPT_NOT_SUP",
    "TDS: Login, Server: sql.contoso.com,1433, Host: CLIENT1, Database: master, integrated security",
    "TDS: Login, Server: sql.contoso.com,1433, Host: CLIENT1, Database: master, User: sa",
  ]);
  expect(decode(response(error(18452, "Untrusted"))).map(({ message }) => tds.describe(message))).toEqual([
    "TDS: Response, Error 18452, State 1: Untrusted",
  ]);
});
