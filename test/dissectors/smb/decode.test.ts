import { describe, expect, test } from "vitest";
import { smb } from "../../../dissectors/smb/index.ts";
import { limits } from "../../../src/bytes/limits.ts";
import { Malformed } from "../../../src/bytes/malformed.ts";
import { tokens } from "../spnego/tokens.ts";
import * as build from "./messages.ts";

const read = (bytes: Uint8Array) => smb.decode(bytes, () => "f");
const decode = (bytes: Uint8Array) => read(bytes)[0]?.message;
const BASE = { protocol: "smb", messageId: 0xfeff_0001, sessionId: "0000" };

describe("messages", () => {
  test("NEGOTIATE that would take SMB2 too", () => {
    const dialects = ["NT LM 0.12", "SMB 2.002", "SMB 2.???"];
    expect(decode(build.negotiateRequest())).toEqual({ ...BASE, kind: "NEGOTIATE request", dialects });
  });

  test("its answer with extended security", () => {
    const bytes = build.negotiateResponse({ token: tokens.hints, systemTime: 134_394_423_157_061_660n });
    expect(decode(bytes)).toEqual({
      ...BASE,
      kind: "NEGOTIATE response",
      ntStatus: 0,
      dialectIndex: 0,
      hasExtendedSecurity: true,
      systemTime: "1794968715.7061660",
    });
    expect(read(bytes)[0]?.inside).toEqual([tokens.hints]);
  });

  test("its answer without, and with no dialect at all", () => {
    expect(decode(build.negotiateResponse({ token: null }))).toMatchObject({ hasExtendedSecurity: false });
    const none = build.smb(0x72, { isResponse: true }, Uint8Array.of(0xff, 0xff), new Uint8Array(0));
    expect(decode(none)).toMatchObject({ dialectIndex: null, hasExtendedSecurity: false, systemTime: null });
  });

  test("SESSION_SETUP with a token, and without one its names and nothing else", () => {
    const bytes = build.sessionSetupRequest(tokens.initNtlm);
    const setup = { ...BASE, kind: "SESSION_SETUP request" };
    expect(decode(bytes)).toEqual({ ...setup, tokenLength: tokens.initNtlm.length, user: null, domain: null });
    expect(read(bytes)[0]?.inside).toEqual([tokens.initNtlm]);
    const named = { ...setup, tokenLength: null, user: "John", domain: "CONTOSO" };
    expect(decode(build.plainSetupRequest("John", "CONTOSO"))).toEqual(named);
    expect(decode(build.plainSetupRequest("John", "CONTOSO", null, { isUnicode: false }))).toEqual(named);
  });

  test.each([true, false])("a TREE_CONNECT batched to it (Unicode: %s)", (isUnicode) => {
    const path = "\\\\FILES\\share";
    const messages = read(build.plainSetupRequest("John", "CONTOSO", path, { isUnicode })).map((one) => one.message);
    expect(messages).toMatchObject([
      { kind: "SESSION_SETUP request", user: "John" },
      { kind: "TREE_CONNECT request", path },
    ]);
  });

  test.each([
    ["success", { token: tokens.respKrb5, uid: 0x800 }, { ntStatus: 0, isGuest: false, sessionId: "0800" }],
    ["guest", { isGuest: true }, { isGuest: true }],
    ["more to come", { token: tokens.respChallenge, status: 0xc000_0016 }, { ntStatus: 0xc000_0016, tokenLength: 205 }],
    ["a refusal", { status: 0xc000_006d }, { ntStatus: 0xc000_006d, tokenLength: 0 }],
  ])("SESSION_SETUP answered: %s", (_, wish, expected) => {
    expect(decode(build.sessionSetupResponse(wish))).toMatchObject({ kind: "SESSION_SETUP response", ...expected });
  });

  test("TREE_CONNECT and its answer", () => {
    const path = "\\\\files.contoso.com\\share";
    expect(decode(build.treeConnectRequest(path))).toEqual({ ...BASE, kind: "TREE_CONNECT request", path });
    expect(decode(build.treeConnectResponse({ status: 0xc000_0022 }))).toMatchObject({ ntStatus: 0xc000_0022 });
  });

  test("another command only where it says that the session has ended", () => {
    const nothing = new Uint8Array(0);
    expect(read(build.smb(0x2e, {}, nothing, nothing))).toEqual([]);
    const expired = build.smb(0x2e, { isResponse: true, status: 0xc000_035c }, nothing, nothing);
    expect(decode(expired)).toMatchObject({ kind: "ERROR response", command: "command 46", ntStatus: 0xc000_035c });
  });
});

test("of more dialects than the limit the first are told", () => {
  const many = Array.from({ length: limits.smbDialects + 9 }, (_, n) => `D${n}`);
  expect(decode(build.negotiateRequest(many))).toMatchObject({ dialects: many.slice(0, limits.smbDialects) });
});

describe("refuses", () => {
  const setup = build.sessionSetupRequest(tokens.initNtlm);
  test.each([
    ["another protocol", setup.subarray(1)],
    ["half a header", setup.subarray(0, 20)],
    ["a token beyond the end", setup.subarray(0, 80)],
    ["a dialect without an end", build.negotiateRequest().subarray(0, -1)],
    ["a path without an end", build.treeConnectRequest("\\\\a\\b").subarray(0, 50)],
  ])("%s", (_, bytes) => {
    expect(() => decode(bytes)).toThrow(Malformed);
  });
});

test("describe", () => {
  const lines = [
    build.negotiateRequest(),
    build.negotiateResponse(),
    build.sessionSetupRequest(tokens.reject),
    build.plainSetupRequest("John", "CONTOSO"),
    build.sessionSetupResponse({ isGuest: true }),
    build.treeConnectRequest("\\\\files\\share"),
    build.treeConnectResponse(),
  ].flatMap((bytes) => read(bytes).map(({ message }) => smb.describe(message)));
  expect(lines).toEqual([
    "SMB: Negotiate, Dialects: NT LM 0.12, SMB 2.002, SMB 2.???",
    "SMB: Negotiate Response, STATUS_SUCCESS, Dialect 0",
    "SMB: Session Setup AndX (9 bytes)",
    "SMB: Session Setup AndX, User: CONTOSO\\John",
    "SMB: Session Setup AndX Response, STATUS_SUCCESS, guest",
    "SMB: Tree Connect AndX, Path: \\\\files\\share",
    "SMB: Tree Connect AndX Response, STATUS_SUCCESS",
  ]);
});
