import { expect, test } from "vitest";
import { ntStatusName } from "../../../dissectors/erref/codes.ts";
import * as codes from "../../../dissectors/kerberos/codes.ts";

test("names", () => {
  expect(codes.errorName(7)).toBe("KDC_ERR_S_PRINCIPAL_UNKNOWN");
  expect(codes.errorName(30)).toBe("unknown error 30 (0x1e)");
  expect(codes.etypeName(18)).toBe("aes256-cts-hmac-sha1-96");
  expect(codes.etypeName(-135)).toBe("rc4-hmac-old-exp");
  expect(codes.etypeName(99)).toBe("etype 99");
  expect(codes.padataName(136)).toBe("PA-FX-FAST");
  expect(codes.padataName(-1)).toBe("padata -1");
  expect(codes.nameTypeName(2)).toBe("NT-SRV-INST");
  expect(codes.nameTypeName(99)).toBe("name type 99");
  expect(ntStatusName(0xc000_0072)).toBe("STATUS_ACCOUNT_DISABLED");
  expect(ntStatusName(0xc000_1234)).toBe("NTSTATUS 0xc0001234");
});

test("bits, the first the most significant", () => {
  expect(codes.flagNames(0x4081_0010, codes.kdcOptionNames)).toEqual([
    "forwardable",
    "renewable",
    "canonicalize",
    "renewable-ok",
  ]);
  expect(codes.flagNames(0x9000_0000, codes.pacOptionNames)).toEqual([
    "claims",
    "resource-based-constrained-delegation",
  ]);
  expect(codes.flagNames(1, codes.apOptionNames)).toEqual(["bit 31"]);
});

test("tables cannot be changed", () => {
  for (const table of Object.values(codes)) if (typeof table === "object") expect(Object.isFrozen(table)).toBe(true);
});
