import { describe, expect, test } from "vitest";
import { bindErrorName, bindErrors } from "../../dissectors/ldap/codes.ts";
import { adRefusal, directory, LDAP_SPN, ldapBind, ldapBound, simpleBind } from "../scene/ldap.ts";
import { scene } from "../scene/scene.ts";
import { krb5 } from "../scene/tokens.ts";
import { report } from "../scene/verdict.ts";

const BINDINGS = 0x80090346;
const INVALID_PARAMETER = 0x57;

function rootOf(data: number) {
  const diagnostic = adRefusal(data.toString(16));
  const s = ldapBound(simpleBind(directory(scene()), "CONTOSO\\john"), 49, { diagnostic });
  return report(s).sequences[0]?.findings[0];
}

describe("a refusal of Active Directory", () => {
  test.each(
    bindErrors.filter((data) => data !== BINDINGS && data !== INVALID_PARAMETER),
  )("data %i has causes of its own", (data) => {
    const root = rootOf(data);
    expect(root).toMatchObject({
      rule: "ldap-bad-cred",
      severity: "error",
      step: 8,
      code: { protocol: "ldap", number: 49, name: "invalidCredentials" },
      detail: expect.stringContaining(`data ${data.toString(16)}): ${bindErrorName(data)}`),
    });
    expect(root?.causes).not.toEqual(rootOf(1)?.causes);
    expect(root?.confirm.length).toBeGreaterThan(0);
    expect(root?.fix.length).toBeGreaterThan(0);
  });

  test("names its user in the commands", () => {
    expect(rootOf(0x533)?.fix).toEqual(["Enable-ADAccount john"]);
    expect(rootOf(0x775)?.fix[0]).toBe("Unlock-ADAccount john");
  });

  test("about channel binding is one for tokens and passwords alike", () => {
    expect(rootOf(BINDINGS)?.rule).toBe("ldap-cbt");
  });

  test("data 57 is about channel binding for tokens only", () => {
    expect(rootOf(INVALID_PARAMETER)?.rule).toBe("ldap-bad-cred");
    const bound = ldapBind(directory(scene()).tgs(LDAP_SPN), krb5(LDAP_SPN));
    const [sequence] = report(ldapBound(bound, 49, { diagnostic: adRefusal("57") })).sequences;
    expect(sequence?.findings[0]?.rule).toBe("ldap-cbt");
    expect(sequence?.findings[0]?.causes.at(-1)).toContain("ERROR_INVALID_PARAMETER");
  });
});

test("a refusal without a rule says at least what was answered", () => {
  const s = ldapBound(simpleBind(directory(scene()), "cn=john"), 53, { diagnostic: "read only" });
  expect(report(s).sequences[0]?.findings[0]).toMatchObject({
    rule: "unexplained-ap-rep",
    detail: "The service answered unwillingToPerform (53).",
    code: { protocol: "ldap", number: 53 },
  });
});

test("no password is anywhere in a report", () => {
  const s = ldapBound(simpleBind(directory(scene()), "CONTOSO\\john", "Tr0ub4dor"), 49, {
    diagnostic: adRefusal("52e"),
  });
  expect(JSON.stringify(report(s))).not.toContain("Tr0ub4dor");
});
