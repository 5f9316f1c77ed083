import { describe, expect, test } from "vitest";
import { smb2 } from "../../../dissectors/smb2/index.ts";
import { Malformed } from "../../../src/bytes/malformed.ts";
import { tokens } from "../spnego/tokens.ts";
import * as build from "./messages.ts";

const read = (bytes: Uint8Array, cut = false) => smb2.decode(bytes, () => "f", cut);
const decode = (bytes: Uint8Array, cut = false) => read(bytes, cut)[0]?.message;
const SESSION = { sessionId: 0x1122334455667788n };
const BASE = { protocol: "smb2", messageId: 1 };
const IN_SESSION = { ...BASE, sessionId: "1122334455667788" };
const NO_SESSION = { ...BASE, sessionId: "0000000000000000" };

describe("messages", () => {
  test("NEGOTIATE with the name of the server", () => {
    expect(decode(build.negotiateRequest({ serverName: "files.contoso.com" }))).toEqual({
      ...NO_SESSION,
      kind: "NEGOTIATE request",
      dialects: ["2.0.2", "2.1", "3.0", "3.0.2", "3.1.1"],
      serverName: "files.contoso.com",
    });
  });

  test("NEGOTIATE of an old client, and a dialect nobody knows", () => {
    const message = decode(build.negotiateRequest({ dialects: [0x0210, 0x0222] }));
    expect(message).toMatchObject({ dialects: ["2.1", "0x0222"], serverName: null });
  });

  test("its answer: dialect, clock and list of mechanisms", () => {
    const bytes = build.negotiateResponse({ token: tokens.hints, systemTime: 134_394_423_157_061_660n });
    expect(decode(bytes)).toEqual({
      ...NO_SESSION,
      kind: "NEGOTIATE response",
      ntStatus: 0,
      dialect: "3.1.1",
      systemTime: "1794968715.7061660",
      tokenLength: tokens.hints.length,
    });
    expect(read(bytes)[0]?.inside).toEqual([tokens.hints]);
  });

  test("a clock of 0 is none, and a refusal has neither", () => {
    expect(decode(build.negotiateResponse({ dialect: 0x02ff }))).toMatchObject({ dialect: "2.???", systemTime: null });
    const refused = { ntStatus: 0xc000_00bb, dialect: null, systemTime: null, tokenLength: 0 };
    expect(decode(build.negotiateResponse({ status: 0xc000_00bb }))).toMatchObject(refused);
  });

  test("SESSION_SETUP with a token", () => {
    const bytes = build.sessionSetupRequest({ token: tokens.initNtlm, flags: 1, previous: 0xabn, ...SESSION });
    expect(decode(bytes)).toEqual({
      ...IN_SESSION,
      kind: "SESSION_SETUP request",
      isBinding: true,
      previousSessionId: "00000000000000ab",
      tokenLength: tokens.initNtlm.length,
    });
    expect(read(bytes)[0]?.inside).toEqual([tokens.initNtlm]);
  });

  test.each([
    ["success", { token: tokens.respKrb5 }, { ntStatus: 0, isGuest: false, isNull: false, tokenLength: 186 }],
    ["guest", { flags: 1 }, { isGuest: true, isNull: false }],
    ["a null session", { flags: 2 }, { isGuest: false, isNull: true }],
    ["more to come", { token: tokens.respChallenge, status: build.MORE }, { ntStatus: build.MORE, tokenLength: 205 }],
    ["a refusal", { status: 0xc000_006d }, { ntStatus: 0xc000_006d, tokenLength: 0 }],
  ])("SESSION_SETUP answered: %s", (_, wish, expected) => {
    const bytes = build.sessionSetupResponse({ ...wish, ...SESSION });
    expect(decode(bytes)).toMatchObject({ ...IN_SESSION, kind: "SESSION_SETUP response", ...expected });
  });

  test("TREE_CONNECT and its answer", () => {
    const path = "\\\\files.contoso.com\\share";
    expect(decode(build.treeConnectRequest(path, SESSION))).toEqual({
      ...IN_SESSION,
      kind: "TREE_CONNECT request",
      path,
    });
    const denied = { ...IN_SESSION, kind: "TREE_CONNECT response", ntStatus: 0xc000_0022 };
    expect(decode(build.treeConnectResponse({ ...SESSION, status: 0xc000_0022 }))).toEqual(denied);
  });

  test("another command only where it says that the session has ended", () => {
    expect(read(build.other(build.READ, 100))).toEqual([]);
    expect(read(build.other(build.READ, 0, { isResponse: true, status: 0xc000_0011 }))).toEqual([]);
    const expired = build.other(build.READ, 0, { isResponse: true, status: 0xc000_035c, ...SESSION });
    expect(decode(expired)).toEqual({ ...IN_SESSION, kind: "ERROR response", command: "READ", ntStatus: 0xc000_035c });
  });

  test("an interim answer says nothing", () => {
    expect(read(build.sessionSetupResponse({ status: 0x103 }))).toEqual([]);
  });
});

describe("a message cut by a snap length tells what is there", () => {
  const setup = build.sessionSetupRequest({ token: tokens.initKrb5 });
  test.each([
    ["of a token the length", setup.subarray(0, 200), { tokenLength: tokens.initKrb5.length, cut: true }],
    ["of a body nothing", setup.subarray(0, 70), { tokenLength: 0, cut: true }],
    ["of dialects those there", build.negotiateRequest().subarray(0, 104), { dialects: ["2.0.2", "2.1"], cut: true }],
    ["of no dialects none", build.negotiateRequest().subarray(0, 65), { dialects: [], cut: true }],
    ["of an offer nothing", build.negotiateResponse().subarray(0, 100), { ntStatus: 0, dialect: null, cut: true }],
    ["of an answer its status", build.sessionSetupResponse().subarray(0, 66), { ntStatus: 0, cut: true }],
    ["of a path nothing", build.treeConnectRequest("\\\\a\\b").subarray(0, 74), { path: null, cut: true }],
  ])("%s", (_, bytes, expected) => {
    expect(decode(bytes, true)).toMatchObject(expected);
    expect(read(bytes, true)[0]?.inside).toBeUndefined();
  });
});

describe("refuses", () => {
  const shifted = (bytes: Uint8Array, at: number) => {
    const copy = bytes.slice();
    copy[at] = 0xff;
    copy[at + 1] = 0xff;
    return copy;
  };
  test.each([
    ["another protocol", shifted(build.negotiateRequest(), 0)],
    ["half a header", build.negotiateRequest().subarray(0, 40)],
    ["more dialects than there are", shifted(build.negotiateRequest(), 66)],
    ["contexts beyond the end", shifted(build.negotiateRequest({ serverName: "a" }), 92)],
    ["a token beyond the end", shifted(build.sessionSetupRequest({ token: tokens.initNtlm }), 78)],
    ["a path beyond the end", shifted(build.treeConnectRequest("\\\\a\\b"), 70)],
  ])("%s", (_, bytes) => {
    expect(() => decode(bytes)).toThrow(Malformed);
  });
});

test("describe", () => {
  const lines = [
    build.negotiateRequest({ serverName: "files" }),
    build.negotiateResponse({ status: 0xc000_00bb }),
    build.sessionSetupRequest({ flags: 1 }),
    build.sessionSetupResponse({ flags: 1 }),
    build.treeConnectRequest("\\\\files\\\u0007share"),
    build.treeConnectResponse({ status: 0xc000_0022 }),
    build.other(build.READ, 0, { isResponse: true, status: 0xc000_035c }),
  ].flatMap((bytes) => read(bytes).map(({ message }) => smb2.describe(message)));
  expect(lines).toEqual([
    "SMB2: NEGOTIATE, Dialects: 2.0.2, 2.1, 3.0, 3.0.2, 3.1.1, Server: files",
    "SMB2: NEGOTIATE Response, STATUS_NOT_SUPPORTED",
    "SMB2: SESSION_SETUP (0 bytes), another channel of a session",
    "SMB2: SESSION_SETUP Response, STATUS_SUCCESS, guest",
    "SMB2: TREE_CONNECT, Path: \\\\files\\?share",
    "SMB2: TREE_CONNECT Response, STATUS_ACCESS_DENIED",
    "SMB2: READ Response, STATUS_NETWORK_SESSION_EXPIRED",
  ]);
});
