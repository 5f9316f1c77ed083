import { describe, expect, test } from "vitest";
import { dcerpc } from "../../../dissectors/dcerpc/index.ts";
import { Malformed } from "../../../src/bytes/malformed.ts";
import { BIG, bind, bindAck, bindNak, fault, LITTLE, pdu } from "./message.ts";

const DRSUAPI = "e3514235-4b06-11d1-ab04-00c04fc2dcd2";
const NETLOGON = "12345678-1234-abcd-ef00-01234567cffb";
const UNKNOWN = "deadbeef-0001-0002-0304-05060708090a";
const decode = (bytes: readonly number[]) => dcerpc.decode(Uint8Array.from(bytes), () => "");
const token = [0x60, 3, 6, 1, 0];

describe.each([
  ["little-endian", LITTLE],
  ["big-endian", BIG],
])("%s", (_, drep) => {
  test("a bind with a verifier", () => {
    const auth = { type: 9, level: 6, token };
    const [decoded] = decode(bind(11, [[DRSUAPI, 4]], { drep, callId: 7, auth }));
    expect(decoded?.message).toEqual({
      protocol: "dcerpc",
      kind: "bind",
      callId: 7,
      interfaces: [{ uuid: DRSUAPI, name: "drsuapi", version: "4.0" }],
      auth: { type: 9, level: 6 },
    });
    expect(decoded?.inside).toEqual([Uint8Array.from(token)]);
  });

  test("its answer", () => {
    const auth = { type: 9, level: 6, token };
    const [decoded] = decode(bindAck(12, [0, 3], { drep, auth }));
    expect(decoded?.message).toMatchObject({ kind: "bind_ack", results: [0, 3], auth: { type: 9, level: 6 } });
    expect(decoded?.inside).toEqual([Uint8Array.from(token)]);
  });
});

test("a bind without security, of two interfaces of which one is unknown", () => {
  const [decoded] = decode(
    bind(11, [
      [UNKNOWN, 0x0002_0001],
      [NETLOGON, 1],
    ]),
  );
  expect(decoded?.message).toMatchObject({
    interfaces: [
      { uuid: UNKNOWN, name: null, version: "1.2" },
      { uuid: NETLOGON, name: "netlogon", version: "1.0" },
    ],
    auth: null,
  });
});

test("refusals", () => {
  expect(decode(bindNak(8))[0]?.message).toMatchObject({ kind: "bind_nak", rejectReason: 8 });
  expect(decode(fault(0x721))[0]?.message).toMatchObject({ kind: "fault", status: 0x721 });
});

test("the third leg, whose body is padding", () => {
  const [decoded] = decode(pdu(16, [0, 0, 0, 0], { auth: { type: 10, token: [...Buffer.from("NTLMSSP\0")] } }));
  expect(decoded?.message).toMatchObject({ kind: "auth3", auth: { type: 10, level: 6 } });
  expect(decoded?.inside).toHaveLength(1);
});

test.each([
  ["Netlogon's verifier", { auth: { type: 68, token } }],
  ["Schannel's verifier", { auth: { type: 14, token } }],
  ["a token of several fragments", { auth: { type: 9, token }, flags: 1 }],
])("%s is no token to be read", (_, wish) => {
  const [decoded] = decode(bind(11, [[NETLOGON, 1]], wish));
  expect(decoded?.message).toMatchObject({ kind: "bind", auth: { type: wish.auth.type } });
  expect(decoded?.inside).toEqual([]);
});

test("calls and their results are passed over", () => {
  expect(decode(pdu(0, new Array<number>(40).fill(1)))).toEqual([]);
  expect(decode(pdu(2, new Array<number>(40).fill(1)))).toEqual([]);
});

test.each([
  ["nothing", []],
  ["another version", [4, ...bindNak(1).slice(1)]],
  ["a length below the header", bindNak(1).with(8, 15)],
  ["a length beyond the bytes", bindNak(1).with(8, 99)],
  ["a verifier longer than the PDU", bindNak(1).with(10, 99)],
  ["contexts beyond the end", pdu(11, [0, 0, 0, 0, 0, 0, 0, 0, 200, 0, 0, 0])],
])("%s is refused", (_, bytes) => {
  expect(() => decode(bytes)).toThrow(Malformed);
});

test("one line for each", () => {
  const lines = [
    bind(11, [[DRSUAPI, 4]], { auth: { type: 9, token } }),
    bindAck(12, [0, 3]),
    bindNak(8),
    fault(5),
    fault(0xdeadbeef),
  ].map((bytes) => decode(bytes).map(({ message }) => dcerpc.describe(message))[0]);
  expect(lines).toEqual([
    "MSRPC: Bind, Call: 2, drsuapi V4.0, SPNEGO PKT_PRIVACY",
    "MSRPC: Bind Ack, Call: 2, acceptance",
    "MSRPC: Bind Nak, Call: 2, Reject Reason: AUTHENTICATION_TYPE_NOT_RECOGNIZED",
    "MSRPC: Fault, Call: 2, Status: ERROR_ACCESS_DENIED (0x00000005)",
    "MSRPC: Fault, Call: 2, Status: 0xdeadbeef",
  ]);
});
