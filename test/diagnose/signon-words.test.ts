import { describe, expect, test } from "vitest";
import { asText } from "../scenarios.ts";
import { HOST, SPN, scene, WEB } from "../scene/scene.ts";
import { krb5, ntlmDone } from "../scene/tokens.ts";
import { report } from "../scene/verdict.ts";

const refused = (code: number, cname = "John") =>
  report(scene().asReq({ cname, proof: true }).krbError(code)).sequences[0]?.findings[0];

describe("the advice of a refused sign-on", () => {
  test("KDC_ERR_NAME_EXP says that the account has expired, and nothing else", () => {
    expect(refused(1)?.causes).toEqual(["the account has expired"]);
    expect(refused(1)?.fix).toEqual(["Clear-ADAccountExpiration John"]);
  });
  test("an enterprise name gets no second realm", () => {
    expect(refused(24, "john@sales.contoso.com")?.confirm[0]).toBe("kinit john@sales.contoso.com");
  });
  test("a sentence is no command", () => {
    expect(refused(24)?.fix.at(-1)).toMatch(/^# /);
  });
});

test("a ticket for another service than the KDC's own is no TGT", () => {
  const bytes = scene().asReq({ sname: "kadmin/changepw" }).issued().pcap;
  const text = asText({ name: "scene", bytes, stored: bytes.length, compression: null });
  expect(text).toContain("the KDC issued a ticket for kadmin/changepw to John");
});

test("where the service's own token came through, no proxy removed the AP-REP", () => {
  const s = scene().dns(HOST, WEB).get("/").reply(401, "Negotiate").tgs(SPN).get("/", krb5(SPN)).reply(200, ntlmDone());
  const found = report(s).sequences[0]?.findings.find(({ rule }) => rule === "ap-no-ap-rep");
  expect(found?.causes).toEqual(["the service leaves it out"]);
});
