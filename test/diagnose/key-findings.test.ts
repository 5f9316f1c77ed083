import { describe, expect, test } from "vitest";
import { limits } from "../../src/bytes/limits.ts";
import type { ServiceKey } from "../../src/correlate/tickets/keys.ts";
import { keyFindings } from "../../src/diagnose/key-findings.ts";
import type { TicketWish } from "../scene/kerberos.ts";
import { DC, HOST, type Scene, SPN, scene, WEB } from "../scene/scene.ts";
import { apRepToken, errorToken, krb5, rejectToken } from "../scene/tokens.ts";
import { report } from "../scene/verdict.ts";

/** One service, tickets of several keys. */

const OTHER = "192.168.2.102";
const old: TicketWish = { kvno: 4, issue: 4 };
const young: TicketWish = { kvno: 5, issue: 5 };

const visits = (s: Scene) => s.dns(HOST, WEB).get("/").reply(401, "Negotiate");
const accepted = (s: Scene, wish: TicketWish) => s.get("/", krb5(SPN, wish)).reply(200, apRepToken());
/** Another client gets a ticket, and is let in with it. */
const other = (s: Scene, wish: TicketWish) => accepted(visits(s.client(OTHER, "Jane")).tgs(SPN, wish), wish);
/** The first one shows a ticket that it had before. */
const cached = (s: Scene, wish: TicketWish, answer: string) =>
  visits(s.tgs("cifs/files.contoso.com")).get("/", krb5(SPN, wish)).reply(401, answer);

const found = (s: Scene, rule: string) => report(s).findings.filter((one) => one.rule === rule);
const root = (s: Scene) =>
  report(s).sequences.flatMap(({ findings }) => findings.filter((f) => f.severity === "error"));

describe("ticket-kvno-differs", () => {
  test("says which is newer, who holds which, and that the refused one is the older", () => {
    const [finding, ...more] = found(other(cached(scene(), old, errorToken(41)), young), "ticket-kvno-differs");
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ severity: "warning", code: { number: 41 } });
    expect(finding?.detail).toContain("kvno 4 (held by 192.168.2.101, issued elsewhere, refused by 192.168.2.104");
    expect(finding?.detail).toContain(`kvno 5 (issued by ${DC} to ${OTHER}, accepted by ${WEB})`);
    expect(finding?.detail).toContain("kvno 5 is the newest");
    expect(finding?.detail).toContain("The refused one is the older.");
  });
  test("is only worth a remark where nothing was refused", () => {
    const s = other(accepted(visits(scene()).tgs(SPN, old), old), young);
    expect(found(s, "ticket-kvno-differs")).toMatchObject([{ severity: "info" }]);
  });
  test("sees a lower version that comes later", () => {
    const s = other(accepted(visits(scene()).tgs(SPN, young), young), old);
    const [finding] = found(s, "ticket-kvno-differs");
    expect(finding?.severity).toBe("warning");
    expect(finding?.detail).toContain("The lower version is the one issued last");
  });
  test("sees domain controllers that disagree", () => {
    const s = scene().tgs(SPN, old).kdc("192.168.2.2").client(OTHER).tgs(SPN, young);
    const [finding] = found(
      s
        .kdc(DC)
        .client("192.168.2.103")
        .tgs(SPN, { ...old, issue: 6 }),
      "ticket-kvno-differs",
    );
    expect(finding?.detail).toContain("192.168.2.1, 192.168.2.2 issue them side by side");
    expect(finding?.causes[0]).toContain("has not reached all domain controllers");
  });
  test("is silent where there is one version, or the other is a read-only domain controller's", () => {
    expect(
      found(other(accepted(visits(scene()).tgs(SPN, old), old), { ...old, issue: 9 }), "ticket-kvno-differs"),
    ).toEqual([]);
    const branch = { kvno: (7 << 16) | 2, issue: 2 };
    expect(found(scene().asReq().issued().asReq().issued(branch), "ticket-kvno-differs")).toEqual([]);
    expect(found(scene().asReq().issued().asReq().issued({ kvno: 3, issue: 3 }), "ticket-kvno-differs")).toHaveLength(
      1,
    );
  });
});

describe("ticket-etype-differs", () => {
  const rc4: TicketWish = { etype: 23, issue: 23 };

  test("is a remark, until the service takes one type alone", () => {
    const both = other(accepted(visits(scene()).tgs(SPN, rc4), rc4), { issue: 18 });
    expect(found(both, "ticket-etype-differs")).toMatchObject([{ severity: "info" }]);
    const s = visits(scene()).tgs(SPN, rc4).get("/", krb5(SPN, rc4)).reply(401, rejectToken());
    expect(found(other(s, { issue: 18 }), "ticket-etype-differs")).toMatchObject([{ severity: "warning" }]);
  });
});

describe("the root cause of a refused token", () => {
  const said = (s: Scene) => root(s).map(({ rule }) => rule);

  test("is the key version where the same server takes another", () => {
    const s = other(cached(scene(), old, errorToken(41)), young);
    expect(said(s)).toEqual(["ap-kvno"]);
    expect(root(s)[0]?.causes[0]).toContain("the key was changed after the client got its ticket");
    expect(root(s)[0]?.detail).toContain("with kvno 5, from 192.168.2.102");
  });
  test("is the service's old key where it takes the lower version", () => {
    const s = other(visits(scene()).tgs(SPN, young).get("/", krb5(SPN, young)).reply(401, errorToken(31)), old);
    expect(said(s)).toEqual(["ap-kvno"]);
    expect(root(s)[0]?.causes[0]).toContain("still works with the old key");
  });
  test("is not the version where the refused one was taken later", () => {
    const s = other(cached(scene(), old, errorToken(41)), young).client("192.168.2.103");
    expect(said(accepted(visits(s), { ...old, issue: 40 }))).toEqual(["ap-modified"]);
  });
  test("is not the version where another server takes the other", () => {
    const s = cached(scene(), old, errorToken(41)).server("192.168.2.105").client(OTHER).dns(HOST, "192.168.2.105");
    expect(said(accepted(s.get("/").reply(401, "Negotiate").tgs(SPN, young), young))).toEqual(["ap-modified"]);
  });
  test("counts a ticket from the client's cache as old", () => {
    const s = cached(scene(), old, errorToken(41));
    expect(root(s)[0]).toMatchObject({ rule: "ap-modified" });
    expect(root(s)[0]?.causes[0]).toContain("the ticket is of the old key");
    expect(root(s)[0]?.detail).toContain("had the ticket already");
    const fresh = visits(scene()).tgs(SPN, old).get("/", krb5(SPN, old)).reply(401, errorToken(41));
    expect(root(fresh)[0]?.causes[0]).not.toContain("old key");
  });
  test("is the encryption type where the same server takes another", () => {
    const rc4: TicketWish = { etype: 23, issue: 23 };
    const refused = (answer: string) => visits(scene()).tgs(SPN, rc4).get("/", krb5(SPN, rc4)).reply(401, answer);
    for (const answer of ["Negotiate", rejectToken(), errorToken(44)]) {
      expect(said(other(refused(answer), { issue: 18 }))).toEqual(["ap-etype-server"]);
      expect(said(refused(answer))).not.toContain("ap-etype-server");
    }
  });
});

test("no more than limits.keyFindings services are told, and the others counted", () => {
  const key = (kvno: number): ServiceKey => ({
    etype: 18,
    kvno,
    firstIssued: kvno,
    lastIssued: kvno,
    despiteAes: false,
    presented: null,
    kdcs: [DC],
    holders: [OTHER],
    accepted: null,
    lastAccepted: null,
    refused: null,
  });
  const services = Array.from({ length: limits.keyFindings + 3 }, (_, n) => {
    return { sname: `HTTP/${n}`, realm: "CONTOSO.COM", keys: [key(1), key(2)] };
  });
  const findings = keyFindings(services);
  expect(findings).toHaveLength(limits.keyFindings);
  expect(findings.at(-1)?.detail).toMatch(/The same is true of 3 more services\.$/);
});
