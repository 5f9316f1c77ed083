import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeToken } from "../../../dissectors/spnego/index.ts";
import { limits } from "../../../src/bytes/limits.ts";
import { der, field, join, octets, seq } from "../asn1/build.ts";
import { message } from "../kerberos/messages.ts";
import { ntlm } from "../ntlmssp/messages.ts";
import { tokens } from "./tokens.ts";

const read = (bytes: Uint8Array) => {
  const { messages, damaged } = decodeToken(bytes, () => "f");
  return { kinds: messages.map((m) => m.kind), damaged };
};
const oid = (...octets: readonly number[]) => der(0x06, Uint8Array.from(octets));
const KRB5 = oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02, 0x02);
const IAKERB = oid(0x2b, 6, 1, 5, 2, 5);
const NTLM = oid(0x2b, 6, 1, 4, 1, 0x82, 0x37, 2, 2, 0x0a);
const NEGOEX = oid(0x2b, 6, 1, 4, 1, 0x82, 0x37, 2, 2, 0x1e);
const gss = (mech: Uint8Array, ...parts: readonly Uint8Array[]) => der(0x60, mech, ...parts);
const id = (high: number, low: number) => Uint8Array.of(high, low);
const resp = (token: Uint8Array) => field(1, seq(field(2, octets(token))));

describe("tokens, outermost first", () => {
  test.each<[string, Uint8Array, string[]]>([
    ["SPNEGO with AP-REQ", tokens.initKrb5, ["NegTokenInit", "AP-REQ"]],
    ["SPNEGO with AP-REP", tokens.respKrb5, ["NegTokenResp", "AP-REP"]],
    ["SPNEGO with KRB-ERROR", tokens.respError, ["NegTokenResp", "KRB-ERROR"]],
    ["SPNEGO with NTLM", tokens.initNtlm, ["NegTokenInit", "NEGOTIATE"]],
    ["SPNEGO with challenge", tokens.respChallenge, ["NegTokenResp", "CHALLENGE"]],
    ["SPNEGO with response", tokens.respAuthenticate, ["NegTokenResp", "AUTHENTICATE"]],
    ["SPNEGO alone", tokens.reject, ["NegTokenResp"]],
    ["SPNEGO with an empty token", resp(new Uint8Array(0)), ["NegTokenResp"]],
    ["Kerberos with GSS header", tokens.rawKrb5, ["AP-REQ"]],
    ["its answer", tokens.rawKrb5Rep, ["AP-REP"]],
    ["Kerberos bare", message("apReq"), ["AP-REQ"]],
    ["NTLM bare", ntlm.authenticate, ["AUTHENTICATE"]],
    ["NTLM with GSS header", gss(NTLM, ntlm.negotiate), ["NEGOTIATE"]],
    ["IAKERB", gss(IAKERB, id(5, 1), seq(field(1, octets())), message("asReqBare")), ["AS-REQ"]],
    ["IAKERB without message", gss(IAKERB, id(5, 1), seq(field(1, octets()))), []],
    ["a MIC with GSS header", gss(KRB5, id(4, 4), octets()), []],
    ["a bare Wrap token", tokens.wrap, []],
    ["NegoEx", gss(NEGOEX, new TextEncoder().encode("NEGOEXTS")), []],
    ["NegoEx bare", resp(new TextEncoder().encode("NEGOEXTS....")), ["NegTokenResp"]],
  ])("%s", (_, bytes, kinds) => {
    expect(read(bytes)).toEqual({ kinds, damaged: null });
  });
});

describe("damage", () => {
  test("inside leaves the outer message", () => {
    const inner = gss(KRB5, id(1, 0), message("apReq").subarray(0, 100));
    expect(read(resp(inner))).toEqual({ kinds: ["NegTokenResp"], damaged: expect.stringContaining("cut short") });
    expect(read(resp(gss(KRB5, id(1, 0).subarray(0, 1)))).damaged).toContain("TOK_ID");
  });

  test("tokenDepth", () => {
    const nested = (depth: number): Uint8Array => (depth === 0 ? message("apRep") : resp(nested(depth - 1)));
    expect(read(nested(limits.tokenDepth - 1)).damaged).toBe(null);
    const deep = read(nested(limits.tokenDepth));
    expect(deep.kinds).toHaveLength(limits.tokenDepth);
    expect(deep.damaged).toContain("too deep");
  });

  test("whatever comes, nothing is thrown", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 100 }),
        fc.constantFrom(0x60, 0xa0, 0xa1, 0x6e, 0x4e, 0),
        (bytes, first) => {
          decodeToken(join(Uint8Array.of(first), bytes), () => "f");
        },
      ),
    );
    for (const bytes of Object.values(tokens)) {
      for (let end = 0; end < bytes.length; end++) decodeToken(bytes.subarray(0, end), () => "f");
    }
    expect(read(new Uint8Array(0)).damaged).not.toBe(null);
  });
});
