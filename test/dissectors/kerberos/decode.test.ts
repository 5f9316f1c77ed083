import { describe, expect, test } from "vitest";
import { kerberosMessage } from "../../../dissectors/kerberos/decode.ts";
import { kerberos } from "../../../dissectors/kerberos/index.ts";
import { limits } from "../../../src/bytes/limits.ts";
import { Malformed } from "../../../src/bytes/malformed.ts";
import { der, field, flags, int, join, name, octets, seq, str } from "../asn1/build.ts";
import { message, messages } from "./messages.ts";
import { fingerprint, referee } from "./referee.ts";

const decode = (bytes: Uint8Array) => kerberosMessage(bytes, fingerprint);
const sealed = (etype: number) => seq(field(0, int(etype)), field(1, int(-1)), field(2, octets(Uint8Array.of(1, 2))));
const ticket = der(
  0x61,
  seq(field(0, int(5)), field(1, str("A.B")), field(2, name(2, "HTTP", "x")), field(3, sealed(-135))),
);
const opening = (type: number) => join(field(0, int(5)), field(1, int(type)));

describe("messages of the lab", () => {
  test.each(messages)("%s reads as asn1js reads it", (_, bytes) => {
    expect(decode(bytes)).toMatchObject(referee(bytes));
    expect(kerberos.looksRight?.(bytes, 0, bytes.length)).toBe(true);
  });

  test("e-data: ETYPE-INFO2 and an extended error in a METHOD-DATA", () => {
    expect(decode(message("preauthRequired"))).toMatchObject({
      errorCode: 25,
      errorName: "KDC_ERR_PREAUTH_REQUIRED",
      padata: [16, 15, 147, 2, 136, 655, 19],
      etypes: [18],
      ntStatus: null,
    });
    expect(decode(message("revoked"))).toMatchObject({ ntStatus: 0xc000_0072, padata: [19, 3], etypes: [18] });
  });

  test("delegation shows whom it is for", () => {
    expect(decode(message("s4u2self"))).toMatchObject({ forUser: "John@CONTOSO.COM" });
    expect(decode(message("s4u2proxy"))).toMatchObject({ pacOptions: 0x1000_0000, kdcOptions: 0x4003_0000 });
    expect(decode(message("asReqArmored"))).toMatchObject({ ticket: { sname: "krbtgt/CONTOSO.COM" } });
  });

  test("describe", () => {
    expect(kerberos.describe(kerberosMessage(message("unknownService"), fingerprint))).toMatch(
      /^KerberosV5: KRB_ERROR - KDC_ERR_S_PRINCIPAL_UNKNOWN \(7\) Realm: CONTOSO\.COM Sname: HTTP\/iisserver\.contoso\.com$/,
    );
    expect(kerberos.describe(kerberosMessage(message("tgsReq"), fingerprint))).toMatch(
      /^KerberosV5: TGS Request Realm: CONTOSO\.COM Sname: HTTP\/\S+$/,
    );
  });
});

describe("messages the lab has not", () => {
  test("KRB-SAFE, KRB-PRIV, KRB-CRED", () => {
    expect(decode(der(0x74, seq(opening(20), field(2, seq()), field(3, seq()))))).toMatchObject({ kind: "KRB-SAFE" });
    expect(decode(der(0x75, seq(opening(21), field(3, sealed(18)))))).toMatchObject({
      kind: "KRB-PRIV",
      encPart: { etype: 18, kvno: 0xffff_ffff, length: 2 },
    });
    const cred = decode(der(0x76, seq(opening(22), field(2, seq(ticket, ticket)), field(3, sealed(18)))));
    expect(cred).toMatchObject({ kind: "KRB-CRED", tickets: [{ etype: -135, realm: "A.B", sname: "HTTP/x" }, {}] });
  });

  test("a request without anything optional, control characters and all", () => {
    const body = seq(
      field(0, flags(0x4081_0010)),
      field(2, str("A\x1bB")),
      field(7, int(-1)),
      field(8, seq(int(-133))),
    );
    const bytes = der(0x6a, seq(field(1, int(5)), field(2, int(10)), field(4, body)));
    const request = kerberosMessage(bytes, fingerprint);
    expect(request).toMatchObject({ realm: "A\x1bB", sname: null, nonce: 0xffff_ffff, etypes: [-133] });
    expect(kerberos.describe(request)).toBe("KerberosV5: AS Request Realm: A\ufffdB");
  });

  test("padata that is not what its type says costs only what it would have told", () => {
    const body = seq(field(0, flags(0)), field(2, str("R")), field(7, int(1)), field(8, seq()));
    const items = [1, 129, 130, 136, 167].map((type) =>
      seq(field(1, int(type)), field(2, octets(Uint8Array.of(0x30, 9)))),
    );
    const bytes = der(0x6c, seq(field(1, int(5)), field(2, int(12)), field(3, seq(...items)), field(4, body)));
    expect(decode(bytes)).toMatchObject({
      padata: [1, 129, 130, 136, 167],
      ticket: null,
      forUser: null,
      pacOptions: null,
    });
  });

  test.each([
    ["another version", der(0x6f, seq(field(0, int(4)), field(1, int(15)), field(2, sealed(18))))],
    ["a msg-type that is not the tag's", der(0x6f, seq(opening(14), field(2, sealed(18))))],
    ["a ticket", ticket],
    ["nothing", new Uint8Array(0)],
  ])("%s is refused", (_, bytes) => {
    expect(() => decode(bytes)).toThrow(Malformed);
  });

  test("more tickets than derElements allows", () => {
    const cred = (sname: string) => {
      const parts = [field(0, int(5)), field(1, str("A.B")), field(2, name(2, sname)), field(3, sealed(18))];
      const tickets = new Array<Uint8Array>(limits.derElements / 16).fill(der(0x61, seq(...parts)));
      return der(0x76, seq(opening(22), field(2, seq(...tickets))));
    };
    const complaint = (bytes: Uint8Array) => {
      try {
        return decode(bytes);
      } catch (error) {
        return error instanceof Malformed ? error.message : error;
      }
    };
    const first = complaint(cred("new"));
    expect(first).toMatch(/too many elements/);
    // Names that were read before count all the same, though nobody reads them again.
    expect(complaint(cred("new"))).toBe(first);
    expect(complaint(cred("old"))).toBe(first);
  });

  test("limit sharedPrincipals: more names than that are as right as before", () => {
    const hosts = Array.from({ length: limits.sharedPrincipals * 2 }, (_, at) => `host${at}`);
    for (let round = 0; round < 2; round++) {
      for (const host of hosts) {
        const error = seq(opening(30), field(6, int(7)), field(10, name(2, "HTTP", host)));
        expect(decode(der(0x7e, error))).toMatchObject({ sname: `HTTP/${host}` });
      }
    }
  });
});
