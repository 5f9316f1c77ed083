import { describe, expect, test } from "vitest";
import { limits } from "../../src/bytes/limits.ts";
import { WeakEtypes } from "../../src/correlate/tickets/weak-etypes.ts";
import { rc4Findings } from "../../src/diagnose/rc4-findings.ts";
import { addressOf, asReq, observation } from "../correlate/observations.ts";
import { HOST, type Scene, SPN, scene, WEB } from "../scene/scene.ts";
import { apRepToken, krb5 } from "../scene/tokens.ts";
import { report } from "../scene/verdict.ts";

const found = (s: Scene) => report(s).findings.filter(({ rule }) => rule.startsWith("rc4-"));
const rules = (s: Scene) => found(s).map(({ severity, rule }) => `${severity} ${rule}`);
const rc4 = { etype: 23, issue: 23 };

describe("services with RC4 tickets", () => {
  test("are told where AES was offered", () => {
    const s = scene().tgs(SPN, rc4);
    expect(rules(s)).toEqual(["warning rc4-services"]);
    expect(found(s)[0]?.detail).toContain(`${SPN} of CONTOSO.COM (rc4-hmac, although AES was offered)`);
  });
  test("are told beside the client that asked for nothing else", () => {
    expect(rules(scene().tgs(SPN, { ...rc4, etypes: [23] }))).toEqual(["info rc4-services", "warning rc4-clients"]);
  });
  test("are known from tickets of a cache", () => {
    const s = scene().dns(HOST, WEB).get("/", krb5(SPN, rc4)).reply(200, apRepToken());
    expect(rules(s)).toEqual(["info rc4-services"]);
  });
  test("are not told where all is AES", () => {
    const s = scene().asReq({ proof: true }).issued().tgs(SPN);
    expect(rules(s)).toEqual([]);
  });
});

test("clients that offer RC4 and DES alone are told, whatever the KDC answers", () => {
  expect(
    rules(
      scene()
        .tgsReq(SPN, { etypes: [23, 3] })
        .krbError(14),
    ),
  ).toEqual(["warning rc4-clients"]);
  expect(
    rules(
      scene()
        .tgsReq(SPN, { etypes: [23, 18] })
        .krbError(14),
    ),
  ).toEqual([]);
});

describe("clients and accounts are bounded", () => {
  const place = { dst: "10.0.0.1", sport: 50_000, dport: 88, frames: [], time: { seconds: 1, nanos: 0 } };
  const kdc = { kdc: "10.0.0.1", transport: "udp", connection: null, unreachable: null } as const;
  const key = { etype: 23, kvno: null, length: 100 };
  const granted = { ...key, fingerprint: "0", realm: "R", sname: "krbtgt/R" };
  const signOn = (n: number) => {
    const at = { ...place, src: "10.0.0.1", dst: "10.0.0.9", frame: n };
    const message = { protocol: "kerberos", kind: "AS-REP", crealm: "R", cname: `u${n}`, padata: [] } as const;
    const reply = observation({ ...message, ticket: granted, encPart: key }, at);
    return { ...kdc, frame: n, time: at.time, kind: "AS" as const, request: null, repeats: [], reply };
  };

  test("by limits.weakHosts", () => {
    const book = new WeakEtypes();
    for (let n = 0; n < limits.weakHosts + 2; n++) {
      book.asked(observation({ ...asReq("John"), etypes: [23] }, { ...place, src: addressOf(n), frame: n }));
    }
    expect(book.clients).toHaveLength(limits.weakHosts);
    const [finding] = rc4Findings([], book);
    expect(finding?.detail).toContain("there were more than are remembered");
    expect(finding?.frames).toHaveLength(limits.framesPerStep);
  });
  test("by limits.weakAccounts", () => {
    const book = new WeakEtypes();
    for (let n = 0; n < limits.weakAccounts + 2; n++) book.replied(signOn(n));
    expect(book.accounts).toHaveLength(limits.weakAccounts);
    expect(rc4Findings([], book).map(({ rule, severity }) => [rule, severity])).toEqual([["rc4-accounts", "info"]]);
  });
});
