import { describe, expect, test } from "vitest";
import { smb } from "../../dissectors/smb/index.ts";
import { smb2 } from "../../dissectors/smb2/index.ts";
import { fieldsOf } from "../../src/report/message-fields.ts";
import * as old from "../dissectors/smb/messages.ts";
import * as build from "../dissectors/smb2/messages.ts";
import { tokens } from "../dissectors/spnego/tokens.ts";

/** What `kflow messages` tells of SMB: what the contract names, and nothing secret. */

const IN_SESSION = { messageId: 4, sessionId: 0x11n };
const SEEN = { messageId: 4, sessionId: "0000000000000011" };
const PATH = "\\\\files.contoso.com\\share";

describe("SMB2", () => {
  test.each([
    [
      "NEGOTIATE request",
      build.negotiateRequest({ dialects: [0x0210], messageId: 4 }),
      { messageId: 4, dialects: ["2.1"] },
    ],
    [
      "NEGOTIATE response",
      build.negotiateResponse({ systemTime: 134_394_423_157_061_660n, messageId: 4 }),
      { messageId: 4, ntStatus: 0, dialect: "3.1.1", systemTime: "1794968715.7061660", tokenLength: 0 },
    ],
    [
      "SESSION_SETUP request",
      build.sessionSetupRequest({ token: tokens.reject, ...IN_SESSION }),
      { ...SEEN, tokenLength: 9, isBinding: false },
    ],
    [
      "SESSION_SETUP response",
      build.sessionSetupResponse({ status: 0xc000_006d, ...IN_SESSION }),
      { ...SEEN, ntStatus: 0xc000_006d, tokenLength: 0, isGuest: false, isNull: false },
    ],
    ["TREE_CONNECT request", build.treeConnectRequest(PATH, IN_SESSION), { ...SEEN, path: PATH }],
    ["TREE_CONNECT response", build.treeConnectResponse(IN_SESSION), { ...SEEN, ntStatus: 0 }],
    [
      "ERROR response",
      build.other(build.READ, 0, { isResponse: true, status: 0xc000_035c, ...IN_SESSION }),
      { ...SEEN, ntStatus: 0xc000_035c, command: "READ" },
    ],
  ])("%s", (kind, bytes, fields) => {
    const [read] = smb2.decode(bytes, () => "f");
    expect(read?.message.kind).toBe(kind);
    expect(read && fieldsOf(read.message)).toEqual(fields);
  });
});

describe("SMB1", () => {
  const about = { messageId: 0xfeff_0001, sessionId: "0000" };
  test.each([
    ["NEGOTIATE request", old.negotiateRequest(["NT LM 0.12"]), { messageId: 0xfeff_0001, dialects: ["NT LM 0.12"] }],
    [
      "NEGOTIATE response",
      old.negotiateResponse({ token: null }),
      { messageId: 0xfeff_0001, ntStatus: 0, dialectIndex: 0, hasExtendedSecurity: false },
    ],
    ["SESSION_SETUP request", old.plainSetupRequest("John", "CONTOSO"), { ...about, user: "John", domain: "CONTOSO" }],
    ["SESSION_SETUP response", old.sessionSetupResponse(), { ...about, ntStatus: 0, tokenLength: 0, isGuest: false }],
    ["TREE_CONNECT request", old.treeConnectRequest(PATH), { ...about, path: PATH }],
    ["TREE_CONNECT response", old.treeConnectResponse(), { ...about, ntStatus: 0 }],
  ])("%s", (kind, bytes, fields) => {
    const [read] = smb.decode(bytes, () => "f");
    expect(read?.message.kind).toBe(kind);
    expect(read && fieldsOf(read.message)).toEqual(fields);
  });
});
