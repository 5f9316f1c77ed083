import { describe, expect, test } from "vitest";
import { limits } from "../../src/bytes/limits.ts";
import {
  adRefusal,
  DC_HOST,
  directory,
  LDAP_SPN,
  ldapBind,
  ldapBound,
  rootRequest,
  rootSearch,
  sealed,
  simpleBind,
  startTls,
  toDirectory,
} from "../scene/ldap.ts";
import { CLIENT, DC, type Scene, scene } from "../scene/scene.ts";
import { apRepToken, errorToken, krb5, ntlm, ntlmDone, ntlmInSpnego, ntlmLeg } from "../scene/tokens.ts";
import { report, states, told } from "../scene/verdict.ts";

const looked = () => directory(scene());
const withTicket = () => looked().tgs(LDAP_SPN);
const presented = () => ldapBind(withTicket(), krb5(LDAP_SPN));
const accepted = () => ldapBound(presented(), 0, { header: apRepToken() });
const IN_PROGRESS = 14;

describe("a log-on with Kerberos", () => {
  test("in one round of GSS-SPNEGO", () => {
    expect(told(sealed(accepted()).close())).toEqual(["ldap ok kerberos"]);
    expect(states(accepted())).toMatchObject({
      1: "observed",
      3: "not-needed",
      4: "not-needed",
      5: "observed",
      7: "observed",
      8: "observed",
    });
    expect(report(accepted()).sequences[0]?.service).toEqual({
      host: DC_HOST,
      address: DC,
      port: 389,
      spn: LDAP_SPN,
      realm: "CONTOSO.COM",
    });
  });

  test("after a search in the root DSE", () => {
    const s = ldapBound(ldapBind(rootSearch(looked()).tgs(LDAP_SPN), krb5(LDAP_SPN)), 0, { header: apRepToken() });
    expect(told(s)).toEqual(["ldap ok kerberos"]);
    expect(states(s)).toMatchObject({ 3: "observed", 4: "observed" });
  });

  test("in three rounds of GSSAPI, each of which belongs to steps 7 and 8", () => {
    const mechanism = "GSSAPI";
    let s = ldapBind(withTicket(), krb5(LDAP_SPN, { as: "gss" }), { id: 1, mechanism });
    s = ldapBound(s, IN_PROGRESS, { id: 1, header: apRepToken() });
    s = ldapBound(ldapBind(s, null, { id: 2, mechanism }), IN_PROGRESS, { id: 2 });
    s = ldapBound(ldapBind(s, null, { id: 3, mechanism }), 0, { id: 3 });
    expect(told(s)).toEqual(["ldap ok kerberos"]);
    const steps = report(s).sequences[0]?.steps;
    expect(steps?.[6]?.frames).toHaveLength(3);
    expect(steps?.[7]?.frames).toHaveLength(3);
    expect(steps?.[7]).toMatchObject({ summary: "LDAP: Bind Response, MessageID: 3, Status: success" });
  });

  test("that stops between two rounds is incomplete", () => {
    const s = ldapBound(presented(), IN_PROGRESS, { header: apRepToken() });
    expect(told(s)).toEqual(["ldap incomplete unknown"]);
  });

  test("with a ticket from the cache", () => {
    const s = ldapBound(ldapBind(looked(), krb5(LDAP_SPN)), 0, { header: apRepToken() });
    expect(told(s)).toEqual(["ldap ok kerberos"]);
    expect(states(s)).toMatchObject({ 5: "not-captured", 6: "not-captured" });
  });

  test("on the port of the global catalog", () => {
    const s = toDirectory(scene().dns(DC_HOST, DC), 3268).tgs(`GC/${DC_HOST}/contoso.com`);
    const spn = `GC/${DC_HOST}/contoso.com`;
    expect(told(ldapBound(ldapBind(s, krb5(spn)), 0, { header: apRepToken() }))).toEqual(["ldap ok kerberos"]);
  });

  test("whose answer never came", () => {
    expect(told(presented().wait(6).dns("x.contoso.com", DC))).toEqual(["ldap diverged@8 none ap-no-response"]);
  });

  test("refused with a KRB-ERROR", () => {
    const s = ldapBound(presented(), 49, { diagnostic: adRefusal("57"), header: errorToken(37) });
    expect(told(s)).toEqual(["ldap diverged@8 refused ap-skew"]);
  });

  test("refused, and NTLM on another connection", () => {
    const refused = ldapBound(presented(), 49, { header: errorToken(41) }).close();
    let s = ldapBind(refused.socket("second"), ntlmInSpnego(), { id: 3 });
    s = ldapBound(s, IN_PROGRESS, { id: 3, header: ntlmLeg(2) });
    s = ldapBound(ldapBind(s, ntlmLeg(3), { id: 4 }), 0, { id: 4, header: ntlmDone() });
    expect(told(s)).toEqual(["ldap diverged@8 ntlm ap-modified"]);
  });
});

describe("no ticket", () => {
  test("the KDC does not know the directory server, after a search in the root DSE", () => {
    expect(told(rootSearch(looked()).tgsReq(LDAP_SPN).krbError(7).close())).toEqual([
      expect.stringMatching(/^ldap diverged@6 anonymous /),
    ]);
  });

  test("and NTLM instead", () => {
    let s = ldapBind(rootSearch(looked()).tgsReq(LDAP_SPN).krbError(7), ntlmInSpnego());
    s = ldapBound(s, IN_PROGRESS, { header: ntlmLeg(2) });
    s = ldapBound(ldapBind(s, ntlmLeg(3), { id: 3 }), 0, { id: 3, header: ntlmDone() });
    expect(told(s)).toEqual([expect.stringMatching(/^ldap diverged@6 ntlm /)]);
  });
});

describe("NTLM", () => {
  const rounds = (s: Scene, code: number) => {
    const challenged = ldapBound(ldapBind(s, ntlmInSpnego()), IN_PROGRESS, { header: ntlmLeg(2) });
    return ldapBound(ldapBind(challenged, ntlmLeg(3), { id: 3 }), code, { id: 3 });
  };

  test("unasked", () => {
    expect(told(rounds(looked(), 0))).toEqual(["ldap diverged@5 ntlm neg-ntlm-no-tgs"]);
    expect(told(rounds(looked(), 49))).toEqual(["ldap diverged@5 refused neg-ntlm-no-tgs"]);
  });

  test("of a client that shows nothing but this connection", () => {
    expect(told(rounds(toDirectory(scene()), 0))).toEqual(["ldap diverged@5 ntlm neg-ntlm-no-tgs"]);
  });

  test("raw, without SPNEGO", () => {
    let s = ldapBound(ldapBind(looked(), ntlm(1)), IN_PROGRESS, { header: ntlm(2) });
    s = ldapBound(ldapBind(s, ntlm(3), { id: 3 }), 0, { id: 3 });
    expect(told(s)).toEqual(["ldap diverged@5 ntlm neg-ntlm-no-tgs"]);
  });
});

describe("passwords", () => {
  test("that are accepted are nobody's business, nor are searches without a log-on", () => {
    expect(told(ldapBound(simpleBind(looked(), "CONTOSO\\john"), 0))).toEqual([]);
    expect(told(ldapBound(simpleBind(rootSearch(looked()), "", ""), 0).close())).toEqual([]);
    expect(told(rootSearch(looked()).close())).toEqual([]);
    expect(told(rootSearch(looked()).close(), DC_HOST)).toEqual([]);
  });

  test("that are refused stand at step 8, and name their user", () => {
    const s = ldapBound(simpleBind(looked(), "CONTOSO\\john"), 49, { diagnostic: adRefusal("52e") });
    expect(told(s)).toEqual([expect.stringMatching(/^ldap diverged@8 refused /)]);
    expect(states(s)).toMatchObject({
      3: "not-needed",
      5: "not-needed",
      6: "not-needed",
      7: "observed",
      8: "diverged",
    });
    expect(report(s).sequences[0]?.client).toMatchObject({ address: CLIENT, user: "john", realm: "CONTOSO" });
  });

  test("refused once and accepted then are told as what was refused", () => {
    const refused = ldapBound(simpleBind(looked(), "john@contoso.com"), 49, { diagnostic: adRefusal("52e") });
    const s = ldapBound(simpleBind(refused, "john@contoso.com", "right", 3), 0, { id: 3 });
    expect(told(s)).toEqual([expect.stringMatching(/^ldap diverged@8 refused /)]);
  });

  test("of two users are two sequences", () => {
    const first = ldapBound(simpleBind(looked(), "john@contoso.com"), 49, { diagnostic: adRefusal("52e") });
    const s = ldapBound(simpleBind(first, "jane@contoso.com", "x", 3), 49, { id: 3, diagnostic: adRefusal("533") });
    expect(told(s)).toHaveLength(2);
  });

  test("checked over a connection that logged on with Kerberos are sequences of their own", () => {
    const s = ldapBound(simpleBind(accepted(), "john@contoso.com", "x", 9), 49, {
      id: 9,
      diagnostic: adRefusal("52e"),
    });
    expect(told(s)).toEqual(["ldap ok kerberos", expect.stringMatching(/^ldap diverged@8 refused /)]);
  });
});

describe("TLS", () => {
  test("after StartTLS hides what follows", () => {
    const s = startTls(looked()).says("client", []).tgs(LDAP_SPN).tls(DC_HOST, 389);
    expect(told(s)).toEqual(["ldap incomplete unknown"]);
    expect(states(s)).toMatchObject({ 3: "encrypted", 7: "encrypted" });
  });

  test("on its own port", () => {
    const s = looked().tgs(LDAP_SPN).tls(DC_HOST, 636);
    expect(told(s)).toEqual(["ldap incomplete unknown"]);
  });
});

test("a search of the root DSE that nobody answers is told where nothing else is", () => {
  const s = rootRequest(looked()).wait(6).dns("x.contoso.com", DC);
  expect(told(s)).toEqual(["ldap diverged@4 none http-no-answer"]);
  expect(told(ldapBound(ldapBind(s.tgs(LDAP_SPN), krb5(LDAP_SPN)), 0))).toEqual(["ldap ok kerberos"]);
});

describe("a capture that does not hold everything", () => {
  test("begins after the bind: the AP-REP proves it", () => {
    expect(told(ldapBound(presented().startsHere(), 0, { header: apRepToken() }))).toEqual(["ldap ok kerberos"]);
  });

  test("holds one direction only", () => {
    const whole = (s: Scene) => ldapBound(ldapBind(directory(s).tgs(LDAP_SPN), krb5(LDAP_SPN)), 0);
    expect(told(whole(scene().seesOnly(CLIENT)).wait(10).dns("x.contoso.com", DC))).toEqual([
      "ldap incomplete unknown",
    ]);
  });

  test("begins behind the log-on: what is sealed is nobody's", () => {
    expect(told(sealed(accepted().startsHere()))).toEqual([]);
  });

  test("lacks the answer to the bind", () => {
    const s = presented().unseen((hidden) => ldapBound(hidden, 0, { header: apRepToken() }));
    expect(told(sealed(s).close().wait(10).dns("x.contoso.com", DC))).toEqual(["ldap incomplete unknown"]);
  });
});

test("thousands of passwords that one application checks: those refused are told, each once", () => {
  const checks = limits.evidencePerClient + 100;
  let s = looked();
  for (let check = 1; check <= checks; check += 1) {
    const id = (check % 127) + 1;
    s = ldapBound(simpleBind(s, `user${check}@contoso.com`, "x", id), check % 100 === 0 ? 49 : 0, { id });
  }
  expect(told(s)).toHaveLength(Math.floor(checks / 100));
});
