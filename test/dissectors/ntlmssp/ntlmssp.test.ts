import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ntlmssp } from "../../../dissectors/ntlmssp/index.ts";
import { Malformed } from "../../../src/bytes/malformed.ts";
import { ntlm } from "./messages.ts";

const decode = (bytes: Uint8Array) => ntlmssp.decode(bytes, () => "f")[0]?.message;

/** A copy with a 32-bit little-endian number changed. */
function patched(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = bytes.slice();
  new DataView(copy.buffer).setUint32(at, value, true);
  return copy;
}

describe("messages of the lab", () => {
  test("NEGOTIATE", () => {
    const expected = { protocol: "ntlmssp", kind: "NEGOTIATE", domain: null, workstation: null, version: "6.2.0" };
    expect(decode(ntlm.negotiate)).toEqual(expected);
  });

  test("CHALLENGE", () => {
    expect(decode(ntlm.iisChallenge)).toEqual({
      protocol: "ntlmssp",
      kind: "CHALLENGE",
      targetName: "IISSERVER",
      dnsComputer: "iisserver",
      dnsDomain: null,
      timestamp: "1795168396.5106220",
      version: "6.2.0",
    });
    expect(decode(ntlm.challenge)).toMatchObject({ targetName: "CONTOSO" });
  });

  test("AUTHENTICATE tells names and nothing else", () => {
    expect(decode(ntlm.authenticate)).toEqual({
      protocol: "ntlmssp",
      kind: "AUTHENTICATE",
      domain: "CONTOSO",
      user: "John",
      workstation: "CLIENT1",
      targetSpn: "HTTP/iisserver.contoso.com",
      version: "6.2.0",
    });
  });

  test("describe", () => {
    const line = ntlmssp.decode(ntlm.authenticate, () => "f").map((d) => ntlmssp.describe(d.message))[0];
    expect(line).toBe("NTLMSSP: NTLM AUTHENTICATE MESSAGE Domain: CONTOSO, User: John, Workstation: CLIENT1");
  });
});

test("OEM names where the flags say so", () => {
  const bytes = new Uint8Array(48);
  bytes.set(ntlm.negotiate.subarray(0, 12));
  const view = new DataView(bytes.buffer);
  view.setUint32(12, 0x3000, true);
  view.setUint16(16, 3, true);
  view.setUint32(20, 40, true);
  view.setUint16(24, 2, true);
  view.setUint32(28, 43, true);
  bytes.set(new TextEncoder().encode("DOMWS"), 40);
  expect(decode(bytes)).toMatchObject({ domain: "DOM", workstation: "WS", version: null });
});

test("an old NEGOTIATE ends behind its flags", () => {
  expect(decode(patched(ntlm.negotiate, 12, 1).subarray(0, 16))).toMatchObject({ kind: "NEGOTIATE", version: null });
});

describe("refuses", () => {
  test.each([
    ["an offset beyond the end", patched(ntlm.authenticate, 40, 5000)],
    ["an offset of 2^32 - 1", patched(ntlm.authenticate, 40, 0xffff_ffff)],
    ["a fourth type", patched(ntlm.negotiate, 8, 4)],
    ["a cut AV pair", ntlm.iisChallenge.subarray(0, -6)],
    ["another signature", patched(ntlm.negotiate, 0, 0)],
  ])("%s", (_, bytes) => {
    expect(() => decode(bytes)).toThrow(Malformed);
  });

  test("an AV pair that promises too much", () => {
    const info = new DataView(ntlm.iisChallenge.slice().buffer);
    const copy = ntlm.iisChallenge.slice();
    copy[info.getUint32(44, true) + 3] = 0xff;
    expect(() => decode(copy)).toThrow(Malformed);
  });
});

test("truncations, flips and random bytes throw Malformed only", () => {
  const survives = (bytes: Uint8Array) => {
    try {
      const message = decode(bytes);
      if (message !== undefined) expect(ntlmssp.describe(message)).not.toMatch(/\p{Cc}/u);
    } catch (error) {
      expect(error).toBeInstanceOf(Malformed);
    }
  };
  for (const bytes of Object.values(ntlm)) {
    for (let end = 0; end < bytes.length; end++) survives(bytes.subarray(0, end));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 4 }), (flips) => {
        const copy = bytes.slice();
        for (const [at, value] of flips) copy[at] = value;
        survives(copy);
      }),
      { seed: 20261120, numRuns: 500 },
    );
  }
  fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), survives));
});

test("looksRight knows the signature", () => {
  expect(ntlmssp.looksRight?.(ntlm.negotiate, 0, 8)).toBe(true);
  expect(ntlmssp.looksRight?.(ntlm.negotiate, 1, 16)).toBe(false);
  expect(ntlmssp.looksRight?.(ntlm.negotiate, 0, 7)).toBe(false);
});
