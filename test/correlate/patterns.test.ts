import { describe, expect, test } from "vitest";
import { CLIENT, DC, HOST, type Scene, SPN, scene, WEB } from "../scene/scene.ts";
import { apRepToken, basic, errorToken, krb5, ntlm } from "../scene/tokens.ts";
import { report, rulesOf, told } from "../scene/verdict.ts";

/** Patterns that look like errors and are not (part K), what packets can prove (part P), and cases between two rules. */

const OTHER_DC = "192.168.2.2";
const resolved = () => scene().dns(HOST, WEB);
const challenged = () => resolved().get("/").reply(401, "Negotiate");
const accepted = (s: Scene, issue = 1) => s.get("/", krb5(SPN, { issue })).reply(200, apRepToken());
const refused = (s: Scene) => s.get("/", krb5(SPN)).reply(401, errorToken(41));
const inVain = (s: Scene) => s.wait(1).again().wait(3).again().wait(6).again();
const detail = (s: Scene) => report(s).sequences[0]?.findings[0]?.detail ?? "";

describe("harmless", () => {
  const harmless: readonly (readonly [string, Scene])[] = [
    [
      "a redirect before the challenge",
      accepted(resolved().get("/").reply(301).get("/app").reply(401, "Negotiate").tgs(SPN)),
    ],
    ["7 for one spelling, success for another", accepted(challenged().tgsReq("HTTP/iisserver").krbError(7).tgs(SPN))],
    ["7 from one KDC, a ticket from another", accepted(challenged().tgsReq(SPN).krbError(7).kdc(OTHER_DC).tgs(SPN))],
    ["ICMP for UDP 88, then TCP 88", accepted(challenged().tgsReq(SPN).icmp(3, DC).tgs(SPN, { over: "tcp" }))],
    [
      "the server closes after its 401, the token comes on a new connection",
      accepted(challenged().close("server").tgs(SPN)),
    ],
    [
      "a first connection that failed",
      accepted(resolved().syn().refused().wait(5).get("/").reply(401, "Negotiate").tgs(SPN)),
    ],
    [
      "a DNS server that is silent, and an address from a cache",
      accepted(inVain(scene().dnsQuery(HOST)).get("/").reply(401, "Negotiate").tgs(SPN)),
    ],
    ["NTLM refused, then Kerberos", accepted(challenged().get("/", ntlm(1)).reply(401, "Negotiate").tgs(SPN))],
    ["Basic refused, then Kerberos", accepted(challenged().get("/", basic).reply(401, "Negotiate").tgs(SPN))],
    ["500 to the token, then success", accepted(challenged().tgs(SPN).get("/", krb5(SPN)).reply(500))],
    ["a reset after the login", accepted(challenged().tgs(SPN)).get("/next").reset()],
    ["a reset after a graceful close", accepted(challenged().tgs(SPN)).close("server").reset("client")],
    ["a KDC's answer twice", accepted(challenged().tgsReq(SPN).issued().issued())],
    ["a name in capitals", accepted(challenged().tgs("http/IISSERVER.contoso.com"))],
    [
      "a port in the Host header",
      accepted(scene().dns(HOST, WEB).server(WEB, 8085).host(`${HOST}:8085`).get("/").reply(401, "Negotiate").tgs(SPN)),
    ],
    [
      "an AP-REQ without any wrapping",
      challenged()
        .tgs(SPN)
        .get("/", krb5(SPN, { as: "bare" }))
        .reply(200),
    ],
    [
      "a GSS token without SPNEGO",
      challenged()
        .tgs(SPN)
        .get("/", krb5(SPN, { as: "gss" }))
        .reply(200),
    ],
    [
      "a token in many segments",
      challenged()
        .tgs(SPN, { size: 9000 })
        .get("/", krb5(SPN, { size: 9000 }))
        .reply(200),
    ],
  ];
  test.each(harmless)("%s", (_, s) => expect(told(s)).toEqual(["http ok kerberos"]));

  // The repetition went out while the first one was still open, yet it counts as a login of its own.
  test("a 401 on one of several parallel sockets", () => {
    const s = resolved().socket("a").get("/").reply(401, "Negotiate").socket("b").get("/").reply(401, "Negotiate");
    expect(told(accepted(s.socket("a").tgs(SPN)).socket("b").close())).toEqual(["http ok kerberos"]);
  });
  // The ticket binds the TGS-REQ to where it was presented, and the challenge that it followed stays alone.
  test("the ticket is presented unasked on another connection", () => {
    const s = challenged().tgs(SPN).wait(1).socket("b").get("/other", krb5(SPN)).reply(200, apRepToken());
    expect(told(s.socket("").close())).toEqual(["http ok kerberos"]);
  });
  // A connection joins the first group that fits and no other.
  test("connections that a third one binds together", () => {
    const s = challenged().socket("b").get("/b").reply(401, "Negotiate").tgs(SPN).get("/b", krb5(SPN)).reply(200);
    expect(told(accepted(s.socket("c")))).toEqual(["http ok kerberos"]);
  });
});

describe("the KDC on two transports", () => {
  test("UDP silent, TCP blocked: 6", () => {
    expect(told(inVain(challenged().tgsReq(SPN).wait(1).kdcSyn()).close())).toEqual([
      "http diverged@6 refused kdc-port-blocked",
    ]);
  });
  test("UDP refused by ICMP, TCP by RST: 6", () => {
    expect(told(challenged().tgsReq(SPN).icmp(3, DC).kdcRefused().close())).toEqual([
      "http diverged@6 refused kdc-rst",
    ]);
  });
  test("TCP acknowledged and silent: 6", () => {
    expect(told(inVain(challenged().tgsReq(SPN, { over: "tcp" })).close())).toEqual([
      "http diverged@6 refused tgs-no-reply",
    ]);
  });
  test("too big for UDP, TCP blocked: 6", () => {
    const s = inVain(challenged().tgsReq(SPN).krbError(52).wait(1).kdcSyn());
    expect(told(s.close())).toEqual(["http diverged@6 refused kdc-52-no-tcp"]);
  });
  // kdc-52-no-tcp is said to be a referral to "undefined".
  test("too big for UDP, and no attempt over TCP: no referral is to blame", () => {
    const s = challenged().tgsReq(SPN).krbError(52).wait(8).close();
    expect(told(s)[0]).toMatch(/^http diverged@6 refused/);
    expect(rulesOf(s)).not.toContain("tgs-referral-deadend");
    expect(detail(s)).not.toContain("undefined");
  });
  // Nothing came back for the sign-on either, but it is incomplete with cap-ended-early.
  test("a sign-on too big for UDP, TCP blocked: 2", () => {
    const s = inVain(scene().asReq({ proof: true }).krbError(52).kdcSyn());
    expect(told(s)).toEqual(["sign-on diverged@2 none kdc-52-no-tcp"]);
  });
  test("the sign-on silent after a challenge: 5", () => {
    expect(told(inVain(challenged().asReq()).close())).toEqual([
      "http diverged@5 refused as-no-reply",
      "sign-on diverged@2 none as-no-reply",
    ]);
  });
  test("a refusal, then silence: the refusal", () => {
    expect(told(inVain(challenged().tgsReq(SPN).krbError(37).tgsReq(SPN)).close())).toEqual([
      "http diverged@6 refused tgs-skew",
    ]);
  });
  // Trouble with the KDC explains the challenge however long after the client had left.
  test("a KDC that cannot be reached long after the client left does not explain its leaving", () => {
    expect(told(inVain(challenged().close().wait(100).kdcSyn()))[0]).toBe("http diverged@5 refused tgs-no-request");
  });
});

describe("referrals", () => {
  const far = "web.fabrikam.com";
  const asked = () => scene().dns(far, WEB).host(far).get("/").reply(401, "Negotiate");

  test("the other realm's KDC is blocked", () => {
    const s = inVain(asked().tgsReq(`HTTP/${far}`).referral("FABRIKAM.COM").kdc(OTHER_DC).kdcSyn());
    expect(told(s.close())).toEqual(["http diverged@6 refused tgs-referral-deadend"]);
  });
  test("a hop that the client asked for itself is silent", () => {
    expect(told(inVain(asked().tgsReq("krbtgt/FABRIKAM.COM")).close())).toEqual([
      "http diverged@6 refused tgs-no-reply",
    ]);
  });
  // The TGT of the other realm counts as the service's ticket: 7, ap-not-sent.
  test("a hop that the client asked for itself is granted and leads nowhere: no ticket for the service came", () => {
    const s = asked().tgs("krbtgt/FABRIKAM.COM").wait(6).close();
    expect(told(s)[0]).toMatch(/^http diverged@6/);
  });
  test("KDCs that refer to each other", () => {
    const there = { realm: "FABRIKAM.COM" };
    const s = challenged()
      .tgsReq(SPN)
      .referral("FABRIKAM.COM")
      .kdc(OTHER_DC)
      .tgsReq(SPN, there)
      .referral("CONTOSO.COM");
    expect(told(s.kdc(DC).tgsReq(SPN).referral("FABRIKAM.COM").wait(6).close())).toEqual([
      "http diverged@6 refused tgs-referral-loop",
    ]);
  });
});

describe("trouble that is over", () => {
  // The unanswered ARP request is told as a candidate of its own, with the id of the login.
  test("an ARP request that nobody was seen to answer, before a login through a proxy", () => {
    const s = scene().dns("proxy.contoso.com", WEB).arp(WEB).server(WEB, 3128).get("/").reply(407, "Negotiate").close();
    expect(told(s, "proxy.contoso.com")).toEqual(["http-proxy diverged@5 refused tgs-no-request"]);
  });
  // Of a sign-on's trouble only the port is looked at, not the time: kdc-port-blocked as soon as other traffic has
  // made `net` tell of the old SYN while the client is still open.
  test("a SYN to the KDC ten minutes ago is not why this AS-REQ failed", () => {
    const s = scene().kdcSyn().wait(1).again().wait(7).client("192.168.2.222").get("/").wait(593).client(CLIENT);
    expect(told(s.asReq().icmp(3, DC).wait(1).dns(HOST, WEB)).at(-1)).toBe("sign-on diverged@2 none kdc-rst");
  });
});

describe("a refused token", () => {
  test("and NTLM on another connection: one sequence, NTLM its outcome", () => {
    const s = refused(challenged().tgs(SPN)).close().get("/", ntlm(1)).reply(401, ntlm(2)).get("/", ntlm(3)).reply(200);
    expect(told(s)).toEqual(["http diverged@8 ntlm ap-modified"]);
  });
  test("the NTLM that follows it follows no KDC error", () => {
    const s = refused(challenged().tgs(SPN)).get("/", ntlm(1)).reply(401, ntlm(2)).get("/", ntlm(3)).reply(200);
    expect(rulesOf(s)).toContain("neg-ntlm-after-reject");
  });
  test("refused on one connection and on the next: one sequence", () => {
    expect(told(refused(refused(challenged().tgs(SPN)).close()))).toEqual(["http diverged@8 refused ap-modified"]);
  });
  test("two users behind one proxy address, on two connections", () => {
    const s = scene().socket("a").get("/").reply(401, "Negotiate").socket("b").get("/").reply(401, "Negotiate");
    const both = accepted(s.socket("a"))
      .socket("b")
      .get("/", krb5(SPN, { issue: 2 }))
      .reply(401, errorToken(37));
    expect(told(both)).toEqual(["http ok kerberos", "http diverged@8 refused ap-skew"]);
  });
});

describe("a proxy before the service", () => {
  const proxied = () => scene().dns("proxy.contoso.com", WEB).server(WEB, 3128).host("x.contoso.com");
  const target = "http://x.contoso.com/";

  test("only the origin challenges", () => {
    const spn = "HTTP/x.contoso.com";
    const s = proxied().get(target).reply(401, "Negotiate").tgs(spn).get(target, krb5(spn)).reply(200, apRepToken());
    expect(told(s)).toEqual(["http ok kerberos"]);
  });
  // A 401 behind a 407 counts as an answer of the proxy: the origin's login is not told.
  test("both challenge, and the origin is never answered", () => {
    const token = krb5("HTTP/proxy.contoso.com");
    const s = proxied()
      .get(target)
      .reply(407, "Negotiate")
      .tgs("HTTP/proxy.contoso.com")
      .get(target, token, { proxy: true });
    expect(told(s.reply(401, "Negotiate").close()).join()).toMatch(/http diverged@5/);
  });
});

describe("a ticket that was refused before the first request", () => {
  // The exchange shows no challenge, so the search stays alone as a `ticket`.
  test("binds to it although it was never challenged", () => {
    const s = resolved().tgsReq(SPN).krbError(7).wait(0.5).get("/").reply(200);
    expect(told(s)).toEqual(["http diverged@6 anonymous tgs-s-unknown"]);
  });
});
