import { describe, expect, test } from "vitest";
import { der, field, int, join, name, octets, seq, str } from "../dissectors/asn1/build.ts";
import { message } from "../dissectors/kerberos/messages.ts";
import { all, decoded, inside, value } from "./trees.ts";

/** Forms that the sample captures do not hold. */

const secret = Uint8Array.from({ length: 40 }, (_, at) => at ^ 0x5a);
const sealed = seq(field(0, int(18)), field(1, int(2)), field(2, octets(secret)));
const opening = (type: number) => [field(0, int(5)), field(1, int(type))];
const priv = der(0x75, seq(...opening(21), field(3, sealed)));
const ticket = der(0x61, seq(field(0, int(5)), field(1, str("R")), field(2, name(2, "HTTP", "h")), field(3, sealed)));
const cred = der(0x76, seq(...opening(22), field(2, seq(ticket)), field(3, sealed)));
const oid = (...arcs: readonly number[]) => der(0x06, Uint8Array.from(arcs));
const KRB5 = oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 1, 2, 2);
const SPNEGO = oid(0x2b, 6, 1, 5, 5, 2);
const IAKERB = oid(0x2b, 6, 1, 5, 2, 5);

/** Names of the elements, outermost first; nothing may be wrong with them. */
function names(bytes: Uint8Array): string[] {
  const { elements, problems } = decoded(bytes);
  expect(problems).toEqual([]);
  return all(elements).map((element) => element.name);
}

test("KRB-PRIV, KRB-CRED and a ticket on its own", () => {
  expect(names(priv)).toEqual(["KRB-PRIV", "pvno", "msg-type", "enc-part", "etype", "kvno", "cipher"]);
  expect(names(cred)).toContain("tickets");
  expect(decoded(cred).elements[0]?.children?.[2]?.children?.[0]).toMatchObject({
    name: "Ticket",
    tag: "[APPLICATION 1]",
  });
  expect(value(decoded(ticket).elements[0], "sname")).toBe("HTTP/h");
});

test("KRB-SAFE, whose data is not shown", () => {
  const address = seq(field(0, int(20)), field(1, octets(new TextEncoder().encode("CLIENT1         "))));
  const body = seq(field(0, octets(secret)), field(4, address));
  const checksum = seq(field(0, int(16)), field(1, octets(secret)));
  const [safe] = decoded(der(0x74, seq(...opening(20), field(2, body), field(3, checksum)))).elements;
  expect(inside(safe, "safe-body", "user-data")?.note).toBe("40 bytes (not shown)");
  expect(value(safe, "safe-body", "s-address", "address")).toBe("CLIENT1         ");
  expect(inside(safe, "cksum", "cksumtype")?.note).toBe("hmac-sha1-96-aes256");
});

test("a message behind its length, as TCP has it", () => {
  const bytes = message("tgsReq");
  const mark = Uint8Array.of(0, 0, bytes.length >> 8, bytes.length);
  expect(names(join(mark, bytes)).slice(0, 2)).toEqual(["record mark", "TGS-REQ"]);
});

test("a password change", () => {
  const ap = message("apReq");
  const length = 6 + ap.length + priv.length;
  const header = Uint8Array.of(length >> 8, length, 0xff, 0x80, ap.length >> 8, ap.length);
  const { elements, problems } = decoded(join(header, ap, priv));
  expect(problems).toEqual([]);
  expect(elements.map((element) => element.name)).toEqual([
    "message length",
    "protocol version",
    "AP-REQ length",
    "AP-REQ",
    "KRB-PRIV",
  ]);
});

describe("GSS-API", () => {
  test("without its header", () => {
    expect(names(join(Uint8Array.of(1, 0), message("apReq"))).slice(0, 2)).toEqual(["TOK_ID", "AP-REQ"]);
  });

  test("tokens of which only the kind is told", () => {
    const { elements } = decoded(der(0x60, KRB5, Uint8Array.of(4, 4), secret));
    expect(elements[0]?.children).toEqual([
      expect.objectContaining({ name: "thisMech", note: "KRB5" }),
      expect.objectContaining({ name: "TOK_ID", note: "MIC" }),
      expect.objectContaining({ name: "token", note: "40 bytes (not shown)" }),
    ]);
  });

  test("IAKERB", () => {
    const proxy = der(
      0x60,
      IAKERB,
      Uint8Array.of(5, 1),
      seq(field(1, der(0x0c, new TextEncoder().encode("R")))),
      message("asReqBare"),
    );
    expect(names(proxy).slice(0, 6)).toEqual([
      "InitialContextToken",
      "thisMech",
      "TOK_ID",
      "IAKERB-HEADER",
      "target-realm",
      "AS-REQ",
    ]);
  });

  test("hints of a server that speaks first", () => {
    const hints = field(3, seq(field(0, str("not_defined_in_RFC4178@please_ignore"))));
    const [token] = decoded(der(0x60, SPNEGO, field(0, seq(field(0, seq(KRB5)), hints)))).elements;
    expect(value(token, "NegTokenInit2", "negHints", "hintName")).toMatch(/please_ignore/);
  });

  test("a MIC where others have hints", () => {
    const mic = field(3, octets(secret));
    const [token] = decoded(field(1, seq(field(0, der(0x0a, Uint8Array.of(0))), mic))).elements;
    expect(inside(token, "mechListMIC")?.note).toBe("40 bytes (not shown)");
  });
});

describe("e-data", () => {
  const error = (data: Uint8Array) =>
    der(
      0x7e,
      seq(
        ...opening(30),
        field(4, der(0x18, new TextEncoder().encode("20261120094138Z"))),
        field(5, int(0)),
        field(6, int(60)),
        field(9, str("R")),
        field(10, name(2, "krbtgt", "R")),
        field(12, octets(data)),
      ),
    );
  const status = Uint8Array.of(0x72, 0, 0, 0xc0, 0, 0, 0, 0, 1, 0, 0, 0);

  test("with an NTSTATUS, as KERB-ERROR-DATA and in a PA-PW-SALT", () => {
    const data = seq(field(1, int(3)), field(2, octets(status)));
    const salt = seq(seq(field(1, int(3)), field(2, octets(status))));
    for (const each of [data, salt]) {
      const found = all(decoded(error(each)).elements).find((one) => one.value === "0xc0000072");
      expect(found?.note).toContain("STATUS_ACCOUNT_DISABLED");
    }
  });

  test("as TYPED-DATA", () => {
    expect(names(error(seq(seq(field(0, int(104)), field(1, octets(secret))))))).toContain("TYPED-DATA");
  });

  test("of another kind", () => {
    const [token] = decoded(error(Uint8Array.of(0, 3, 0x6e, 0x6f))).elements;
    expect(inside(token, "e-data")?.note).toBe("4 bytes of unknown kind (not shown)");
  });

  test("on its own", () => {
    expect(names(seq(seq(field(1, int(2)), field(2, octets()))))[0]).toBe("METHOD-DATA");
  });
});

test("a missing field is named with its place", () => {
  const bytes = der(0x6f, seq(field(0, int(5)), field(2, sealed)));
  expect(decoded(bytes).problems).toEqual([{ offset: 9, text: "msg-type [1] is missing" }]);
});

test("a number that is not the one expected", () => {
  expect(decoded(der(0x75, seq(field(0, int(4)), field(1, int(21)), field(3, sealed)))).problems).toEqual([
    { offset: 8, text: "5 expected, found 4" },
  ]);
});

test("bytes behind the token", () => {
  expect(decoded(join(priv, Uint8Array.of(0, 0))).problems).toEqual([
    { offset: priv.length, text: "2 bytes follow the element" },
  ]);
});
