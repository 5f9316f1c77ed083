import { describe, expect, test } from "vitest";
import { kpasswd } from "../../../dissectors/kerberos/index.ts";
import { Malformed } from "../../../src/bytes/malformed.ts";
import { der, field, int, join, name, octets, seq, str } from "../asn1/build.ts";
import { message } from "./messages.ts";

const sealed = seq(field(0, int(18)), field(2, octets(new Uint8Array(40))));
const priv = der(0x75, seq(field(0, int(5)), field(1, int(21)), field(3, sealed)));
const error = der(
  0x7e,
  seq(
    field(0, int(5)),
    field(1, int(30)),
    field(6, int(60)),
    field(9, str("R")),
    field(10, name(2, "kadmin", "changepw")),
    field(12, octets(Uint8Array.of(0, 3, 0x6e, 0x6f))),
  ),
);

function frame(version: number, ap: Uint8Array, rest: Uint8Array): Uint8Array {
  const length = 6 + ap.length + rest.length;
  const header = Uint8Array.of(length >> 8, length, version >> 8, version, ap.length >> 8, ap.length);
  return join(header, ap, rest);
}
const decode = (bytes: Uint8Array) => kpasswd.decode(bytes, () => "f").map((decoded) => decoded.message);

describe("kpasswd", () => {
  test("a request, then what is in it", () => {
    const messages = decode(frame(0xff80, message("apReq"), priv));
    expect(messages.map((m) => m.kind)).toEqual(["request", "AP-REQ", "KRB-PRIV"]);
    expect(messages[0]).toEqual({ protocol: "kpasswd", kind: "request", version: 0xff80, resultCode: null });
    expect(messages.map((m) => kpasswd.describe(m))[0]).toBe("Kpasswd: Set Password Request");
  });

  test("a reply, sealed or an error in clear", () => {
    expect(decode(frame(1, message("apRep"), priv)).map((m) => m.kind)).toEqual(["reply", "AP-REP", "KRB-PRIV"]);
    const messages = decode(frame(1, new Uint8Array(0), error));
    expect(messages).toMatchObject([
      { kind: "reply", resultCode: 3 },
      { kind: "KRB-ERROR", errorCode: 60 },
    ]);
    expect(decode(error)).toMatchObject([{ kind: "KRB-ERROR" }]);
  });

  test("every truncation is Malformed", () => {
    for (const whole of [frame(1, message("apReq"), priv), frame(1, new Uint8Array(0), error)]) {
      for (let end = 0; end < whole.length; end++) expect(() => decode(whole.subarray(0, end))).toThrow(Malformed);
    }
  });
});
