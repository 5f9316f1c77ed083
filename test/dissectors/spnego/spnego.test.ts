import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { spnego } from "../../../dissectors/spnego/index.ts";
import { Malformed } from "../../../src/bytes/malformed.ts";
import { der, field, join, octets, seq } from "../asn1/build.ts";
import { tokens } from "./tokens.ts";

const decode = (bytes: Uint8Array) => spnego.decode(bytes, () => "f")[0];
const oid = (...octets: readonly number[]) => der(0x06, Uint8Array.from(octets));
const mechs = (...oids: readonly Uint8Array[]) => field(0, seq(...oids));
const mic = octets(Uint8Array.of(1, 2, 3));
const hints = seq(field(0, der(0x1b, Uint8Array.of(0x78))));

describe("NegTokenInit", () => {
  test("of a client", () => {
    expect(decode(tokens.initKrb5)?.message).toEqual({
      protocol: "spnego",
      kind: "NegTokenInit",
      mechTypes: ["KRB5"],
      hasToken: true,
      hasMic: false,
      hasHints: false,
    });
    expect(decode(tokens.initKrb5)?.inside?.[0]?.[0]).toBe(0x60);
  });

  test("of a server that speaks first", () => {
    const first = decode(tokens.hints);
    expect(first?.message).toMatchObject({
      mechTypes: ["MS-KRB5", "KRB5", "NTLMSSP"],
      hasHints: true,
      hasToken: false,
    });
    expect(first?.inside).toBe(undefined);
  });

  test("the MIC is [3], or [4] behind hints", () => {
    const init = (...fields: readonly Uint8Array[]) => decode(field(0, seq(mechs(), ...fields)))?.message;
    expect(init(field(3, mic))).toMatchObject({ hasMic: true, hasHints: false });
    expect(init(field(3, hints), field(4, mic))).toMatchObject({ hasMic: true, hasHints: true });
    expect(init(field(3, hints))).toMatchObject({ hasMic: false, hasHints: true });
  });

  test("names of mechanisms", () => {
    const list = mechs(
      oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02, 0x02, 0x03),
      oid(0x2b, 6, 1, 5, 2, 5),
      oid(0x2b, 6, 1, 4, 1, 0x82, 0x37, 2, 2, 0x1e),
      oid(0x88, 0x37, 3),
    );
    const message = decode(field(0, seq(list)))?.message;
    expect(message).toMatchObject({ mechTypes: ["KRB5-U2U", "IAKERB", "NEGOEX", "2.999.3"] });
  });
});

describe("NegTokenResp", () => {
  test("accepting, rejecting, continuing", () => {
    expect(decode(tokens.respKrb5)?.message).toMatchObject({
      kind: "NegTokenResp",
      negState: "accept-completed",
      supportedMech: "KRB5",
      hasToken: true,
    });
    expect(decode(tokens.reject)?.message).toMatchObject({ negState: "reject", supportedMech: null, hasToken: false });
    expect(decode(tokens.respAuthenticate)?.message).toMatchObject({ negState: null, hasToken: true, hasMic: true });
  });

  test("a fifth state is refused", () => {
    expect(() => decode(field(1, seq(field(0, der(0x0a, Uint8Array.of(4))))))).toThrow(Malformed);
  });
});

test("describe", () => {
  const line = (bytes: Uint8Array) => spnego.decode(bytes, () => "f").map((d) => spnego.describe(d.message))[0];
  expect(line(tokens.hints)).toBe("SPNEGO: NegTokenInit (server speaks first) MechTypes: MS-KRB5, KRB5, NTLMSSP");
  expect(line(tokens.reject)).toBe("SPNEGO: NegTokenResp reject");
});

test("truncations and random bytes are Malformed", () => {
  for (const bytes of [tokens.initKrb5, tokens.hints, tokens.respKrb5]) {
    for (let end = 0; end < bytes.length; end++) expect(() => decode(bytes.subarray(0, end))).toThrow(Malformed);
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), fc.constantFrom(0x60, 0xa0, 0xa1), (bytes, tag) => {
      try {
        decode(join(Uint8Array.of(tag), bytes));
      } catch (error) {
        expect(error).toBeInstanceOf(Malformed);
      }
    }),
  );
});
