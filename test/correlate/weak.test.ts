import { describe, expect, test } from "vitest";
import { DC, HOST, type Scene, SPN, scene, WEB } from "../scene/scene.ts";
import { apRepToken, basic, krb5 } from "../scene/tokens.ts";
import { report, rulesOf, told } from "../scene/verdict.ts";

/** The report contract's weak candidates, and `--host`. */

const login = (s: Scene) =>
  s.dns(HOST, WEB).get("/").reply(401, "Negotiate").tgs(SPN).get("/", krb5(SPN)).reply(200, apRepToken());
const failedName = (s: Scene, name: string) => s.dnsQuery(name).dnsError(3);
const counted = (s: Scene | Uint8Array, ...hosts: string[]) =>
  report(s, ...hosts).findings.find(({ rule }) => rule === "weak-candidates")?.detail ?? "";

describe("a weak candidate alone becomes a sequence", () => {
  test("a failed look-up", () =>
    expect(told(failedName(scene(), HOST))).toEqual(["http diverged@2 none dns-nxdomain"]));
  test("a failed connection", () => expect(told(scene().syn().refused())).toEqual(["http diverged@3 none tcp-rst"]));
  test("an exchange never challenged", () => {
    expect(told(scene().get("/").reply(200))).toEqual(["http diverged@4 anonymous http-no-401"]);
  });
  test("one challenged with other schemes only, answered or not", () => {
    const s = scene().get("/").reply(401, 'Basic realm="x"').get("/", basic).reply(200);
    expect(told(s)).toEqual(["http diverged@4 basic http-no-negotiate"]);
  });
  test("its kind follows the port", () => {
    expect(told(scene().server(WEB, 445).syn().refused())[0]).toMatch(/^smb diverged@3/);
    expect(told(scene().server(WEB, 389).syn().refused())[0]).toMatch(/^ldap diverged@3/);
    expect(told(scene().server(WEB, 8085).syn().refused())[0]).toMatch(/^http diverged@3/);
  });
});

describe("with authentication evidence of that client it is only counted", () => {
  const noisy = () => {
    const s = scene();
    for (let i = 0; i < 40; i++) failedName(s, `ad${i}.example.net`);
    return login(s);
  };

  test("forty NXDOMAINs do not drown the one login", () => {
    expect(told(noisy())).toEqual(["http ok kerberos"]);
    expect(counted(noisy())).toMatch(/^40 /);
  });
  test("in one finding of severity info", () => {
    const finding = report(noisy()).findings.filter(({ rule }) => rule === "weak-candidates");
    expect(finding).toMatchObject([{ severity: "info" }]);
  });
  test("also where the evidence comes last", () => {
    const s = failedName(scene(), "early.contoso.com").wait(20);
    expect(told(login(s))).toEqual(["http ok kerberos"]);
  });
  test("also where the evidence came long before", () => {
    const s = failedName(login(scene()).close().wait(1000), "late.contoso.com");
    expect(told(s)).toEqual(["http ok kerberos"]);
  });
  test("also where it comes long after", () => {
    const s = failedName(scene(), "early.contoso.com").wait(1000);
    expect(told(login(s))).toEqual(["http ok kerberos"]);
  });
  test("another client's is promoted all the same", () => {
    const s = failedName(login(scene()).client("192.168.2.102"), "x.contoso.com");
    expect(told(s)).toEqual(["http ok kerberos", "http diverged@2 none dns-nxdomain"]);
  });
});

describe("where a snap length cut what may be a login, failures are only counted", () => {
  const anon = (s: Scene) => s.dns(HOST, WEB).get("/").reply(401, "Negotiate");
  const failed = "http diverged@2 none dns-nxdomain";

  test.each([80, 100, 160])("%i bytes of a web login", (length) => {
    const s = failedName(login(scene()), "x.io").snap(length);
    expect(told(s)).not.toContain(failed);
    expect(counted(s)).toMatch(/^1 of them is not told .* no sign of authentication in what the frames still hold/);
    const { findings } = report(s);
    expect(findings.find(({ rule }) => rule === "cap-truncated")?.detail).toMatch(/Logins may stand in the missing/);
    expect(told(s, "x.io")).toEqual([failed]);
  });
  test("of a connection to any port", () => {
    const s = () => scene().syn().refused().server("192.168.2.9", 9000).says("client", new Array(300).fill(200));
    expect(told(s().snap(54))).toEqual([]);
    // The first bytes say that it is no login.
    expect(told(s().snap(80))).toEqual(["http diverged@3 none tcp-rst"]);
  });
  test("of a KDC's datagrams, and of pings to a domain controller", () => {
    expect(told(failedName(scene().tgs(SPN), "x.io").snap(100))).toEqual([]);
    expect(told(failedName(scene().dcPing().dcAnswer(), "x.io").snap(100))).toEqual([]);
  });
  test("also where that comes long after", () => {
    const s = failedName(scene(), "x.io").wait(1000);
    expect(told(anon(s).snap(80))).not.toContain(failed);
  });
  test("but what was cut itself is told, as that", () => {
    expect(told(anon(scene()).snap(80))).toEqual(["http incomplete unknown"]);
  });
  test("not where whole frames would show no more: TLS, the contents of a page", () => {
    expect(told(failedName(scene().tls("shop.example"), "x.io").snap(100))).toEqual([failed]);
    const page = scene().get("/").header("Content-Type: text/plain").body("x".repeat(900)).reply(200);
    expect(told(failedName(page, "x.io").snap(200))).toEqual(["http diverged@4 anonymous http-no-401", failed]);
  });
  test("nor where another client's were cut", () => {
    expect(told(failedName(login(scene()).client("192.168.2.102"), "x.io").snap(80))).toContain(failed);
  });
  test("an address that nobody answers for is no failure where the host may have been reached at another", () => {
    const s = scene().dns(HOST, "192.168.2.9", WEB).server("192.168.2.9").syn().refused().server(WEB).get("/");
    expect(told(s.reply(401, "Negotiate").snap(100), HOST)[0]).toMatch(/^http incomplete/);
  });
});

describe("at most ten are promoted, one per host and client", () => {
  test("the first ten, the rest counted", () => {
    const s = scene();
    for (let i = 0; i < 25; i++) failedName(s, `web${i}.contoso.com`);
    expect(told(s)).toHaveLength(10);
    expect(report(s).sequences.map(({ service }) => service.host)).toEqual(
      Array.from({ length: 10 }, (_, i) => `web${i}.contoso.com`),
    );
    expect(counted(s)).toMatch(/^15 /);
  });
  test("one per host", () => {
    const s = scene().syn().refused().socket("b").syn().refused().socket("c").get("/a").reply(200).get("/b").reply(404);
    expect(told(s)).toHaveLength(1);
  });
});

describe("an exchange of a client and service that have a sequence never becomes one of its own", () => {
  test("not even when the user names the host", () => {
    const s = login(scene()).socket("b").get("/public").reply(200).socket("c").syn().refused();
    expect(told(s)).toEqual(["http ok kerberos"]);
    expect(told(s, HOST)).toEqual(["http ok kerberos"]);
  });
  test("nor after the login was closed", () => {
    const s = login(scene()).close().wait(400).socket("b").get("/public").reply(200);
    expect(told(s, HOST)).toEqual(["http ok kerberos"]);
  });
});

describe("--host narrows the report and promotes", () => {
  const two = () => login(failedName(scene(), "intranet.contoso.com"));

  test("to sequences of that host", () => {
    expect(told(two(), HOST)).toEqual(["http ok kerberos"]);
    expect(told(two(), "nobody.contoso.com")).toEqual([]);
  });
  test("and promotes its weak candidates beside a login", () => {
    expect(told(two(), "intranet.contoso.com")).toEqual(["http diverged@2 none dns-nxdomain"]);
  });
  test("more than one host", () => {
    expect(told(two(), "intranet.contoso.com", HOST)).toHaveLength(2);
  });
  test("case-insensitive, with or without the final dot", () => {
    expect(told(two(), "IISServer.Contoso.COM")).toHaveLength(1);
    expect(told(two(), `${HOST}.`)).toHaveLength(1);
  });
  test("a single label matches the first label", () => {
    expect(told(two(), "iisserver")).toHaveLength(1);
    expect(told(two(), "intranet")).toEqual(["http diverged@2 none dns-nxdomain"]);
    expect(told(two(), "iis")).toEqual([]);
    expect(told(two(), "contoso.com")).toEqual([]);
  });
  test("by address", () => {
    expect(told(two(), WEB)).toEqual(["http ok kerberos"]);
    expect(told(scene().syn().refused(), WEB)).toEqual(["http diverged@3 none tcp-rst"]);
  });
  test("by DNS name where the request names something else", () => {
    const s = scene().dns("vip.contoso.com", WEB).host(HOST).get("/").reply(401, "Negotiate").tgs(SPN);
    s.get("/", krb5(SPN)).reply(200, apRepToken());
    expect(told(s, HOST)).toEqual(["http ok kerberos"]);
    expect(told(s, "vip.contoso.com")).toEqual(["http ok kerberos"]);
  });
  test("by alias and by canonical name", () => {
    const s = scene()
      .dns("www.contoso.com", `CNAME ${HOST}`, WEB)
      .host("www.contoso.com")
      .get("/")
      .reply(401, "Negotiate")
      .close();
    expect(told(s, "www.contoso.com")).toHaveLength(1);
    expect(told(s, HOST)).toHaveLength(1);
  });
  test("by the name in the SPN", () => {
    expect(told(scene().tgs("cifs/files.contoso.com"), "files.contoso.com")).toEqual(["ticket incomplete kerberos"]);
    expect(told(scene().tgs("cifs/files.contoso.com"), "other.contoso.com")).toEqual([]);
  });
  test("by SNI", () => {
    expect(told(scene().tls(HOST).tgs(SPN), HOST)).toEqual(["http incomplete unknown"]);
  });
  const proxied = () => {
    const s = scene().dns("proxy.contoso.com", WEB).server(WEB, 3128).host("x.contoso.com");
    return s.get("http://x.contoso.com/").reply(407, "Negotiate").close();
  };
  test("by the request target through a proxy", () => expect(told(proxied(), "x.contoso.com")).toHaveLength(1));
  test("by the proxy's own name", () => expect(told(proxied(), "proxy.contoso.com")).toHaveLength(1));
  test("the target of a CONNECT", () => {
    const s = scene().dns("proxy.contoso.com", WEB).server(WEB, 3128).host("secure.contoso.com:443");
    expect(told(s.get("http://secure.contoso.com/").reply(407, "Negotiate").close(), "secure")).toHaveLength(1);
  });
  test("ids stay the same", () => {
    expect(report(two(), HOST).sequences[0]?.id).toBe(report(two()).sequences[0]?.id);
  });
});

describe("what is no candidate", () => {
  test("a name that resolved in another form", () => {
    const s = failedName(scene(), "iisserver").dns(HOST, WEB);
    expect(told(s)).toEqual([]);
  });
  test("the infrastructure's own look-ups", () => {
    expect(told(scene().dnsQuery("_kpasswd._udp.contoso.com", "SRV").dnsError(3))).toEqual([]);
  });
  test("an address family that the name lacks", () => {
    const s = scene().dns(HOST, WEB).dnsQuery(HOST, "AAAA").dnsAnswer();
    expect(told(s.get("/").reply(401, "Negotiate").close())).toEqual(["http diverged@5 refused tgs-no-request"]);
    expect(rulesOf(s)).not.toContain("dns-nodata");
  });
  test("a KDC or DNS server that is silent while another answers", () => {
    const s = scene().dnsAt("192.168.2.3").dnsQuery(HOST).wait(1).dnsAt(DC).dns(HOST, WEB);
    expect(told(s.get("/").reply(401, "Negotiate").tgs(SPN).get("/", krb5(SPN)).reply(200))).toEqual([
      "http ok kerberos",
    ]);
  });
});
