import { expect, test } from "vitest";
import { kerberosMessage } from "../../../dissectors/kerberos/decode.ts";
import { der, field, int, join, octets, seq } from "../asn1/build.ts";

const status = join(Uint8Array.of(0xbb, 0, 0, 0xc0), new Uint8Array(8));
const entry = (etype: number) => seq(field(0, int(etype)));
const pa = (type: number, value: Uint8Array) => seq(field(1, int(type)), field(2, octets(value)));
const typed = (type: number) => seq(field(0, int(type)), field(1, octets()));

function error(data: Uint8Array, code = 13) {
  const bytes = der(0x7e, seq(field(0, int(5)), field(1, int(30)), field(6, int(code)), field(12, octets(data))));
  return kerberosMessage(bytes, () => "");
}

test.each<[string, Uint8Array, object]>([
  ["KERB-ERROR-DATA", pa(3, status), { ntStatus: 0xc000_00bb, padata: [] }],
  ["KERB-ERROR-DATA of clock skew", seq(field(1, int(2))), { ntStatus: null, padata: [] }],
  ["a short extended error", pa(3, status.subarray(0, 8)), { ntStatus: null }],
  [
    "METHOD-DATA with extended error",
    seq(pa(19, seq(entry(18), entry(-135))), pa(3, status)),
    { ntStatus: 0xc000_00bb, padata: [19, 3], etypes: [18, -135] },
  ],
  [
    "a salt of twelve characters",
    seq(pa(3, new TextEncoder().encode("EXAMPLE.COMu"))),
    { ntStatus: null, padata: [3] },
  ],
  [
    "ETYPE-INFO2 before ETYPE-INFO",
    seq(pa(11, seq(entry(23))), pa(19, seq(entry(18))), pa(11, seq(entry(3)))),
    { etypes: [18] },
  ],
  ["ETYPE-INFO alone", seq(pa(11, seq(entry(23)))), { etypes: [23] }],
  ["a damaged ETYPE-INFO2", seq(pa(19, Uint8Array.of(1)), pa(2, octets())), { etypes: [], padata: [19, 2] }],
  ["TYPED-DATA", seq(typed(104), typed(109)), { padata: [104, 109], ntStatus: null }],
  ["text", new TextEncoder().encode("no such thing"), { padata: [], etypes: [], ntStatus: null }],
  ["nothing", new Uint8Array(0), { padata: [] }],
])("%s", (_, data, expected) => {
  expect(error(data)).toMatchObject(expected);
});

test("an unknown code has a number for a name, a negative one too", () => {
  expect(error(new Uint8Array(0), 200)).toMatchObject({ errorCode: 200, errorName: "unknown error 200 (0xc8)" });
  expect(error(new Uint8Array(0), -1)).toMatchObject({ errorName: "unknown error -1 (0xffffffff)" });
});
