import { describe, expect, test } from "vitest";
import { clientSpns } from "../../src/diagnose/client-spns.ts";
import { HOST, type Scene, SPN, scene, WEB } from "../scene/scene.ts";
import { ntlmLogin, offered } from "../scene/smb.ts";
import { apRepToken, errorToken, krb5 } from "../scene/tokens.ts";
import { report } from "../scene/verdict.ts";

const namesOf = (s: Scene) => report(s).sequences.at(-1)?.facts["names"];
const found = (s: Scene, rule: string) =>
  report(s).sequences.flatMap(({ findings }) => findings.filter((one) => one.rule === rule));
const PTR = "104.2.168.192.in-addr.arpa";

const byAlias = () => scene().dns("www.contoso.com", `CNAME ${HOST}`, WEB).host("www.contoso.com");
const challenged = (s: Scene) => s.get("/").reply(401, "Negotiate");
const loggedOn = (s: Scene) => s.tgs(SPN).get("/", krb5(SPN)).reply(200, apRepToken());

describe("the names of a service", () => {
  test("are those of URL, DNS, request and ticket", () => {
    expect(namesOf(loggedOn(challenged(byAlias())))).toEqual({
      host: "www.contoso.com",
      canonical: HOST,
      sname: SPN,
      ticketSname: SPN,
    });
  });
  test("hold the full form of a short name, and the name of the address", () => {
    const s = scene().dns(HOST, WEB).dnsQuery(PTR, "PTR").dnsAnswer("node7.contoso.com").host("iisserver");
    expect(namesOf(loggedOn(challenged(s)))).toMatchObject({
      host: "iisserver",
      canonical: HOST,
      ptr: "node7.contoso.com",
    });
  });
  test("hold what a server calls itself", () => {
    expect(namesOf(ntlmLogin(offered()))).toMatchObject({ serverName: expect.stringMatching(/\./) });
  });
  test("hold the SNI where TLS hides the rest", () => {
    expect(namesOf(scene().dns(HOST, WEB).tls(HOST).tgs(SPN))).toMatchObject({ serverName: HOST, sname: SPN });
  });
  test("of an address and a hosts file are what is there", () => {
    expect(namesOf(challenged(scene().host(WEB)).close())).toBeUndefined();
    expect(namesOf(loggedOn(challenged(scene().host("alias"))))).toEqual({
      host: "alias",
      sname: SPN,
      ticketSname: SPN,
    });
  });
});

describe("names that differ", () => {
  test("are told with the reason that DNS gives", () => {
    expect(found(loggedOn(challenged(byAlias())), "tgs-spn-name-differs")[0]?.detail).toContain(
      "an alias of the other",
    );
    expect(found(loggedOn(challenged(scene().dns(HOST, WEB))), "tgs-spn-name-differs")).toEqual([]);
  });
  test("are told of a ticket from the cache too", () => {
    const s = challenged(byAlias()).get("/", krb5(SPN)).reply(200, apRepToken());
    expect(found(s, "tgs-spn-name-differs")).toHaveLength(1);
  });
  test("by a PTR record are a warning where it went well, or the ticket was refused for its key", () => {
    const NODE = "HTTP/node7.contoso.com";
    const s = () => challenged(scene().dns(HOST, WEB).dnsQuery(PTR, "PTR").dnsAnswer("node7.contoso.com")).tgs(NODE);
    expect(found(s().get("/", krb5(NODE)).reply(200, apRepToken()), "dns-ptr-spn")).toMatchObject([
      { severity: "warning" },
    ]);
    expect(found(s().get("/", krb5(NODE)).reply(401, errorToken(35)), "dns-ptr-spn")).toHaveLength(1);
    expect(found(s().get("/", krb5(NODE)).reply(401, errorToken(37)), "dns-ptr-spn")).toEqual([]);
  });
  test("by an alias are a warning beside a ticket that was refused for its key", () => {
    const refused = challenged(byAlias()).tgs(SPN).get("/", krb5(SPN)).reply(401, errorToken(41));
    expect(found(refused, "dns-cname-spn")).toMatchObject([{ severity: "warning", step: 5 }]);
    expect(found(loggedOn(challenged(byAlias())), "dns-cname-spn")).toEqual([]);
  });
});

describe("the SPN of each kind of client", () => {
  const none = { sname: null, ticketSname: null, serverName: null };

  test("follows an alias, or does not", () => {
    const rows = clientSpns({ ...none, host: "www.contoso.com", canonical: HOST, ptr: null });
    expect(rows.map(({ host }) => host)).toEqual([HOST, "www.contoso.com"]);
    expect(rows[0]?.clients).toMatch(/Edge.*MIT/);
    expect(rows[1]?.clients).toMatch(/Firefox.*Java/);
  });
  test("makes the best of a short name", () => {
    const rows = clientSpns({ ...none, host: "iisserver", canonical: HOST, ptr: null });
    expect(rows.find(({ clients }) => clients.includes("Java"))?.host).toBe(HOST);
    expect(rows.find(({ clients }) => clients.includes("Firefox"))?.host).toBe("iisserver");
  });
  test("may be the PTR record's, and there is none for an address", () => {
    const rows = clientSpns({ ...none, host: HOST, canonical: null, ptr: "node7.contoso.com" });
    expect(rows.at(-1)).toEqual({ clients: "the same libraries with rdns = true", host: "node7.contoso.com" });
    expect(clientSpns({ ...none, host: WEB, canonical: null, ptr: null })).toEqual([]);
  });
  test("stands in the advice where the name is unknown", () => {
    const [root] = found(challenged(byAlias()).tgsReq(SPN).krbError(7).close(), "dns-cname-spn");
    expect(root?.confirm.join("\n")).toContain(
      "setspn -Q HTTP/www.contoso.com  # asked for by Firefox, curl on Windows; Java",
    );
    const port = challenged(scene().dns(HOST, WEB).host(`${HOST}:8085`))
      .tgsReq(`${SPN}:8085`)
      .krbError(7)
      .close();
    expect(found(port, "tgs-spn-port")[0]?.confirm).toContain(`setspn -Q ${SPN}`);
  });
});
