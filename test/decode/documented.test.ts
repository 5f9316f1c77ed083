import { describe, expect, test } from "vitest";
import { decodePaste } from "../../src/decode/index.ts";
import { all, fingerprint, value } from "./trees.ts";

/** The two tokens that the vendor's guide prints: wrapped, with confused letters, cut short. */

const request = `YIIHGwYGKwYBBQUCoIIHDzCCBwugMDAuBgkqhkiC9xIBAgIGCSqGSIB3EgECAGYKKwYBBAGCNwICHgYKKwYBBAGCNwICCqKCB
tUEggbRYIIgZQYJKoZIhvcSAQICAQBugga8MIIGuKADAgEFOQMCAQ6iBwMFACAAACjggTVYYIE6zCCB0egAwIBBaENGwtDT0
5UT1NPLkNPTaIoMCagAwIBAqEfMB0bBEhUVFABF
`;
const response = `oYG2MIGzoAMKAQChCwYJKoZIgvcSAQICooGeBIGbYIGYBgkqhkiG9xIBAgICAG+BiDCBhaADAgEFOQMCAQ+ieTB3oAMCARKic
ARuIF62dHj2/qKDRV5XjGKmyFl2/z6b90HTCTKigAatXS1vZTVc1dMvtNniSN8GpXJspqNvEfbETSinF0ee7KLaprxNgTYwTr
MVMnd95SoqBkm/FuY7WbTAuPvyRmUuBY3EKZEy
`;

function read(text: string) {
  const { tokens, problems } = decodePaste(text, fingerprint);
  expect(problems).toEqual([]);
  expect(tokens).toHaveLength(1);
  const [token] = tokens;
  const elements = all(token?.elements ?? []);
  return { token, elements, named: (name: string) => elements.find((element) => element.name === name) };
}

describe("step 7", () => {
  const { token, elements, named } = read(request);

  test("is read as far as it is sound", () => {
    expect(elements.filter(({ name }) => name === "MechType").map(({ note }) => note)).toEqual([
      "MS-KRB5",
      undefined,
      undefined,
      "NTLMSSP",
    ]);
    expect(value(named("AP-REQ"), "pvno")).toBe(5);
    expect(value(named("AP-REQ"), "msg-type?")).toBe(14);
    expect(value(named("AP-REQ"), "ap-options")).toBe("0x20000028");
    expect(elements.some(({ name }) => name === "authenticator")).toBe(false);
  });

  test("and every place where it breaks is named", () => {
    expect(token?.problems).toEqual([
      expect.objectContaining({ offset: 46, character: 62, text: expect.stringContaining("OBJECT IDENTIFIER (0x06)") }),
      expect.objectContaining({ offset: 79, line: 2, column: 9, text: expect.stringContaining("8293") }),
      expect.objectContaining({ offset: 108, line: 2, column: 48, text: expect.stringContaining("msg-type [1]") }),
      expect.objectContaining({ offset: 122, line: 2, column: 66, text: expect.stringContaining("ticket [3]") }),
      expect.objectContaining({ offset: 174, line: 3, column: 40, text: expect.stringContaining("1649 more bytes") }),
    ]);
    const [first, , third] = token?.problems ?? [];
    expect(first?.hint).toBe("character 62 may be g instead of G");
    expect(third?.hint).toBe("character 146 may be o instead of O");
    expect(request.slice((first?.character ?? 0) - 1)).toMatch(/^GYKKw/);
    expect(request.slice((third?.character ?? 0) - 1)).toMatch(/^OQMCAQ6/);
  });
});

describe("step 8", () => {
  const { token, named } = read(response);

  test("is read as far as it is sound", () => {
    expect(named("negState")).toMatchObject({ value: 0, note: "accept-completed" });
    expect(named("supportedMech")).toMatchObject({ note: "MS-KRB5" });
    expect(value(named("AP-REP"), "msg-type?")).toBe(15);
    expect(value(named("AP-REP"), "enc-part", "etype")).toBe(18);
    expect(named("cipher")?.problem).toBe("cut: 99 of 110 bytes are there, not shown");
  });

  test("and every place where it breaks is named", () => {
    expect(token?.problems.map(({ offset }) => offset)).toEqual([57, 174]);
  });
});
