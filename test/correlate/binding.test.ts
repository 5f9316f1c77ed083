import { describe, expect, test } from "vitest";
import { ticket } from "../scene/kerberos.ts";
import { CLIENT, DC, HOST, type Scene, SPN, scene, together, WEB } from "../scene/scene.ts";
import { apRepToken, errorToken, krb5, ntlm } from "../scene/tokens.ts";
import { report, rulesOf, states, told } from "../scene/verdict.ts";

/** The report contract's "What becomes a sequence" and "What binds exchanges into one sequence". */

const resolved = () => scene().dns(HOST, WEB);
const challenged = () => resolved().get("/").reply(401, "Negotiate");
const accepted = (s: Scene, issue = 1) => s.get("/", krb5(SPN, { issue })).reply(200, apRepToken());
const refused = (s: Scene, issue = 1) => s.get("/", krb5(SPN, { issue })).reply(401, errorToken(41));

describe("authentication evidence makes a sequence", () => {
  test("a 401 offering Negotiate", () => expect(told(challenged().close())).toHaveLength(1));
  test("a 401 offering NTLM", () => expect(told(resolved().get("/").reply(401, "NTLM").close())).toHaveLength(1));
  test("a 407", () => {
    const s = scene()
      .dns("proxy.contoso.com", WEB)
      .server(WEB, 3128)
      .get("http://x.contoso.com/")
      .reply(407, "Negotiate");
    expect(told(s.close())).toEqual(["http-proxy diverged@5 refused tgs-no-request"]);
  });
  test("an Authorization with Negotiate or NTLM", () => {
    expect(told(resolved().get("/", krb5(SPN)).reply(200))).toEqual(["http ok kerberos"]);
    expect(told(resolved().get("/", ntlm(1, "NTLM")).reply(404))).toHaveLength(1);
  });
  test("a TGS-REQ for a service", () =>
    expect(told(scene().tgs("cifs/files.contoso.com"))).toEqual(["ticket incomplete kerberos"]));
  test("an AS exchange", () => expect(told(scene().asReq({ proof: true }).issued())).toEqual(["sign-on ok kerberos"]));

  test("a TGS-REQ for krbtgt of its own realm is a renewal or a forwarded TGT, and none of its own", () => {
    expect(told(scene().tgs("krbtgt/CONTOSO.COM"))).toEqual([]);
    expect(told(accepted(challenged().tgs(SPN).tgs("krbtgt/CONTOSO.COM")))).toEqual(["http ok kerberos"]);
  });
});

describe("a proxy", () => {
  const proxied = () => scene().dns("proxy.contoso.com", WEB).server(WEB, 3128).host("x.contoso.com");
  const spn = "HTTP/proxy.contoso.com";
  const target = "http://x.contoso.com/";

  test("ok", () => {
    const s = proxied().get(target).reply(407, "Negotiate").tgs(spn).get(target, krb5(spn), { proxy: true }).reply(200);
    expect(told(s)).toEqual(["http-proxy ok kerberos"]);
    expect(report(s).sequences[0]?.service).toMatchObject({ host: "proxy.contoso.com", port: 3128, spn });
  });
  test("its ticket refused", () => {
    const s = proxied().get(target).reply(407, "Negotiate").tgsReq(spn).krbError(7).close();
    expect(told(s)).toEqual(["http-proxy diverged@6 refused tgs-s-unknown"]);
  });
});

describe("what binds", () => {
  test("the same TCP connection", () => {
    expect(told(accepted(challenged().tgs(SPN)))).toEqual(["http ok kerberos"]);
  });
  test("a ticket that one exchange obtained and the other presents, whatever its name", () => {
    const s = challenged()
      .tgs("HTTP/alias.contoso.com")
      .get("/", krb5("HTTP/alias.contoso.com"))
      .reply(200, apRepToken());
    expect(told(s)).toEqual(["http ok kerberos"]);
  });
  test("a TGS-REQ for the service's SPN between a challenge and what follows it", () => {
    expect(told(challenged().tgsReq(SPN).krbError(14).close())).toEqual(["http diverged@6 refused tgs-etype"]);
  });
  test("unless its ticket answers the challenge of another connection", () => {
    const s = challenged().socket("b").get("/b").reply(401, "Negotiate").tgs(SPN);
    const told2 = told(s.get("/b", krb5(SPN)).reply(200, apRepToken()).socket("").close());
    expect(told2).toEqual(["http diverged@5 refused tgs-no-request", "http ok kerberos"]);
  });
  test("one refused in the two seconds before the first request", () => {
    const s = resolved().tgsReq(SPN).krbError(7).wait(1.5).get("/").reply(401, "Negotiate").close();
    expect(told(s)).toEqual(["http diverged@6 refused tgs-s-unknown"]);
  });
  test("but not longer before it", () => {
    const s = resolved().tgsReq(SPN).krbError(7).wait(3).get("/").reply(401, "Negotiate").close();
    expect(told(s)).toEqual(["http diverged@5 refused tgs-no-request", "ticket diverged@6 refused tgs-s-unknown"]);
  });
  test("the same request line and Host by the same address within 30 seconds", () => {
    const s = challenged().close().tgs(SPN).wait(10);
    expect(told(accepted(s))).toEqual(["http ok kerberos"]);
  });
  test("not after 30 seconds", () => {
    const s = challenged().close().wait(40);
    expect(told(accepted(s))).toEqual(["http diverged@5 refused tgs-no-request", "http ok kerberos"]);
  });
  test("not from another program", () => {
    const s = challenged().close().wait(1).get("/", krb5(SPN), { agent: "other/2" }).reply(200, apRepToken());
    expect(told(s)).toEqual(["http diverged@5 refused tgs-no-request", "http ok kerberos"]);
  });
  test("same address and same service alone bind nothing", () => {
    const s = challenged().close().wait(1).get("/other", krb5(SPN)).reply(200, apRepToken());
    expect(told(s)).toEqual(["http diverged@5 refused tgs-no-request", "http ok kerberos"]);
  });
});

describe("bound exchanges are one sequence and its verdict is where it ended", () => {
  test("refused first, accepted at last with the same ticket on the same connection", () => {
    const s = accepted(refused(challenged().tgs(SPN)));
    expect(told(s)).toEqual(["http ok kerberos"]);
    expect(rulesOf(s)).toContain("http-401-first-preauth");
  });
  test("a refused token is not absorbed by a later success with another ticket", () => {
    const s = refused(challenged().tgs(SPN)).close().wait(2).tgs(SPN, { issue: 2 });
    expect(told(accepted(s, 2)).sort()).toEqual(["http diverged@8 refused ap-modified", "http ok kerberos"]);
  });
  test("nor on the same connection, with another ticket", () => {
    const s = refused(challenged().tgs(SPN)).tgs(SPN, { issue: 2 });
    expect(told(accepted(s, 2)).join()).toMatch(/diverged@8 \w+ ap-modified/);
  });
  test("nor by one with the same ticket on another connection", () => {
    const s = refused(challenged().tgs(SPN)).close().wait(2);
    expect(told(accepted(s)).sort()).toEqual(["http diverged@8 refused ap-modified", "http ok kerberos"]);
  });
  test("nor by NTLM", () => {
    const s = refused(challenged().tgs(SPN)).get("/", ntlm(1)).reply(401, ntlm(2)).get("/", ntlm(3)).reply(200);
    expect(told(s)).toEqual(["http diverged@8 ntlm ap-modified"]);
  });
  test("a request that met a connection its server had closed, repeated on a new one, was not refused", () => {
    const s = challenged().tgs(SPN).close("server").get("/", krb5(SPN), { onClosed: true }).reset();
    expect(told(accepted(s))).toEqual(["http ok kerberos"]);
  });
  test("further authentications with the same ticket join: parallel sockets", () => {
    const s = accepted(challenged().tgs(SPN)).socket("b").get("/b").reply(401, "Negotiate");
    const both = s.get("/b", krb5(SPN)).reply(200, apRepToken());
    expect(told(both)).toEqual(["http ok kerberos"]);
    expect(report(both).sequences[0]?.steps[6]?.frames).toHaveLength(2);
  });
  test("a third connection that repeats what two others asked for makes one login of all three", () => {
    const two = challenged().socket("b").get("/b").reply(401, "Negotiate");
    expect(told(two.close())).toHaveLength(2);
    const third = challenged().socket("b").get("/b").reply(401, "Negotiate").socket("c").get("/b");
    const three = accepted(third.reply(401, "Negotiate").get("/").reply(401, "Negotiate").tgs(SPN));
    expect(told(three)).toEqual(["http ok kerberos"]);
    expect(report(three).sequences[0]?.steps[2]?.frames).toHaveLength(4);
  });
  test("a token per request", () => {
    const s = accepted(accepted(accepted(challenged().tgs(SPN))));
    expect(told(s)).toEqual(["http ok kerberos"]);
    expect(rulesOf(s)).toContain("perf-per-request-auth");
  });
  test("unless they end differently", () => {
    const s = accepted(challenged().tgs(SPN)).socket("b").get("/b").reply(401, "Negotiate");
    const both = s.get("/b", krb5(SPN)).reply(401, errorToken(34));
    expect(told(both).sort()).toEqual(["http diverged@8 refused ap-repeat", "http ok kerberos"]);
  });
});

describe("a client that talks to two services has two sequences", () => {
  test("two hosts", () => {
    const other = "HTTP/other.contoso.com";
    const s = accepted(challenged().tgs(SPN)).server("192.168.2.150").host("other.contoso.com");
    const both = s.get("/").reply(401, "Negotiate").tgsReq(other).krbError(7).close();
    expect(told(both)).toEqual(["http ok kerberos", "http diverged@6 refused tgs-s-unknown"]);
  });
  test("two names at one address", () => {
    const s = scene()
      .dns("a.contoso.com", WEB)
      .dns("b.contoso.com", WEB)
      .host("a.contoso.com")
      .get("/")
      .reply(401, "Negotiate");
    const t = s.tgs("HTTP/a.contoso.com").get("/", krb5("HTTP/a.contoso.com")).reply(200, apRepToken());
    const both = t
      .socket("b")
      .host("b.contoso.com")
      .get("/")
      .reply(401, "Negotiate")
      .tgsReq("HTTP/b.contoso.com")
      .krbError(7);
    expect(told(both.close())).toEqual(["http ok kerberos", "http diverged@6 refused tgs-s-unknown"]);
  });
  test("two users behind one address are told apart by name", () => {
    const s = scene()
      .client(CLIENT, "John")
      .asReq({ proof: true })
      .issued()
      .client(CLIENT, "Jane")
      .asReq({ proof: true })
      .krbError(24);
    expect(report(s).sequences.map(({ client, verdict }) => [client.user, verdict])).toEqual([
      ["John", "ok"],
      ["Jane", "diverged"],
    ]);
  });
  test("another user's refused sign-on does not explain a login that got its ticket", () => {
    const s = scene()
      .client(CLIENT, "Jane")
      .asReq({ proof: true })
      .krbError(24)
      .client(CLIENT, "John")
      .get("/")
      .reply(401, "Negotiate");
    expect(told(accepted(s.tgs(SPN)))).toEqual(["sign-on diverged@2 refused as-preauth-failed", "http ok kerberos"]);
  });
});

describe("interleaved clients", () => {
  test("each has its own verdict", () => {
    const good = accepted(scene().client("192.168.2.111").dns(HOST, WEB).get("/").reply(401, "Negotiate").tgs(SPN));
    const bad = scene()
      .client("192.168.2.112")
      .dns(HOST, WEB)
      .get("/")
      .reply(401, "Negotiate")
      .tgsReq(SPN)
      .krbError(14)
      .close();
    const late = refused(
      scene().client("192.168.2.113").dns(HOST, WEB).get("/").reply(401, "Negotiate").tgs(SPN, { issue: 9 }),
      9,
    );
    const verdicts = report(together(good, bad, late)).sequences.map(({ client, verdict, divergedAt }) => [
      client.address,
      verdict,
      divergedAt,
    ]);
    expect(verdicts).toEqual([
      ["192.168.2.111", "ok", null],
      ["192.168.2.112", "diverged", 6],
      ["192.168.2.113", "diverged", 8],
    ]);
  });
  test("another client's requests between are not in the way", () => {
    const one = scene()
      .client("192.168.2.112")
      .dns(HOST, WEB)
      .get("/")
      .reply(401, "Negotiate")
      .tgsReq(SPN)
      .wait(1)
      .krbError(7)
      .close();
    const two = accepted(
      scene().wait(0.5).client("192.168.2.111").dns(HOST, WEB).get("/").reply(401, "Negotiate").tgs(SPN),
    );
    expect(told(together(one, two))).toEqual(["http diverged@6 refused tgs-s-unknown", "http ok kerberos"]);
  });
});

describe("retransmissions and duplicates", () => {
  test("every frame twice changes no verdict", () => {
    expect(told(accepted(scene().seesEach(2).dns(HOST, WEB).get("/").reply(401, "Negotiate").tgs(SPN)))).toEqual([
      "http ok kerberos",
    ]);
    const s = scene().seesEach(2).dns(HOST, WEB).get("/").reply(401, "Negotiate").tgsReq(SPN).krbError(7).close();
    expect(told(s)).toEqual(["http diverged@6 refused tgs-s-unknown"]);
    expect(told(refused(scene().seesEach(2).dns(HOST, WEB).get("/").reply(401, "Negotiate").tgs(SPN)))).toEqual([
      "http diverged@8 refused ap-modified",
    ]);
  });
  test("a TGS-REQ sent again over UDP is one request", () => {
    const s = accepted(challenged().tgsReq(SPN).wait(1).again().issued());
    expect(told(s)).toEqual(["http ok kerberos"]);
    expect(states(s)[5]).toBe("observed");
    expect(report(s).sequences[0]?.steps[4]?.frames).toHaveLength(2);
  });
  test("a DNS query sent again is one look-up", () => {
    expect(
      told(
        accepted(scene().dnsQuery(HOST).wait(1).dnsRepeat().dnsAnswer(WEB).get("/").reply(401, "Negotiate").tgs(SPN)),
      ),
    ).toEqual(["http ok kerberos"]);
  });
});

describe("TLS", () => {
  test("a TLS connection to the host of an HTTP SPN makes it http with encrypted steps", () => {
    const s = resolved().tls(HOST).tgs(SPN);
    expect(told(s)).toEqual(["http incomplete unknown"]);
    expect(states(s)).toMatchObject({
      3: "encrypted",
      4: "encrypted",
      5: "observed",
      6: "observed",
      7: "encrypted",
      8: "encrypted",
    });
    expect(rulesOf(s)).toContain("cap-tls");
  });
  test("by address, where there is no SNI", () => {
    expect(told(resolved().tls(null).tgs(SPN))).toEqual(["http incomplete unknown"]);
  });
  test("its ticket refused: 6", () => {
    expect(told(resolved().tls(HOST).tgsReq(SPN).krbError(7))).toEqual(["http diverged@6 unknown tgs-s-unknown"]);
  });
  test("another host's does not", () => {
    expect(told(resolved().tls("other.contoso.com").tgs(SPN))).toEqual(["ticket incomplete kerberos"]);
  });
});

describe("tickets and delegation", () => {
  test("a ticket of unknown use has steps 1 to 4, 7 and 8 not captured", () => {
    expect(states(scene().tgs("MSSQLSvc/db.contoso.com:1433"))).toEqual({
      1: "not-captured",
      2: "not-captured",
      3: "not-captured",
      4: "not-captured",
      5: "observed",
      6: "observed",
      7: "not-captured",
      8: "not-captured",
    });
  });
  test("S4U2self joins the S4U2proxy that uses its ticket", () => {
    const s = scene().tgs("iissvc", { forUser: "Jane" });
    const both = s.tgs("HTTP/backend.contoso.com", { evidence: ticket("iissvc") });
    expect(told(both)).toEqual(["ticket incomplete kerberos"]);
    expect(report(both).sequences[0]).toMatchObject({
      service: { spn: "HTTP/backend.contoso.com" },
      facts: { delegation: "s4u2proxy" },
    });
  });
  test("an S4U2proxy refused", () => {
    const s = scene().tgs("iissvc", { forUser: "Jane" });
    const both = s
      .tgsReq("HTTP/backend.contoso.com", { evidence: ticket("iissvc") })
      .krbError(13, { ntStatus: 0xc0000272 });
    expect(told(both)).toEqual(["ticket diverged@6 refused del-kcd-no-match"]);
  });
  test("a web server that goes on to a back-end is a sequence of its own, with the front-end as the client", () => {
    const front = accepted(challenged().tgs(SPN));
    const back = front
      .client(WEB, "John")
      .server("192.168.2.150")
      .host("backend.contoso.com")
      .get("/")
      .reply(401, "Negotiate");
    const spn = "HTTP/backend.contoso.com";
    const both = back
      .tgs(spn, { evidence: ticket(SPN) })
      .get("/", krb5(spn))
      .reply(200, apRepToken());
    expect(told(both)).toEqual(["http ok kerberos", "http ok kerberos"]);
    expect(report(both).sequences[1]).toMatchObject({ client: { address: WEB }, facts: { delegation: "s4u2proxy" } });
  });
  test("facts.frontSequence says whose", () => {
    const front = accepted(challenged().tgs(SPN));
    const back = front
      .client(WEB, "John")
      .server("192.168.2.150")
      .host("backend.contoso.com")
      .get("/")
      .reply(401, "Negotiate");
    const spn = "HTTP/backend.contoso.com";
    const { sequences } = report(
      back
        .tgs(spn, { evidence: ticket(SPN) })
        .get("/", krb5(spn))
        .reply(200, apRepToken()),
    );
    expect(sequences[1]?.facts["frontSequence"]).toBe(sequences[0]?.id);
  });
});

describe("sign-on", () => {
  test("UDP 25, UDP 52, then TCP is one sign-on", () => {
    const s = scene()
      .asReq()
      .krbError(25)
      .asReq({ proof: true })
      .krbError(52)
      .asReq({ proof: true, over: "tcp" })
      .issued();
    expect(told(s)).toEqual(["sign-on ok kerberos"]);
  });
  test("one KDC silent, another answers", () => {
    const s = scene().kdc("192.168.2.2").asReq({ proof: true }).wait(1).again().kdc(DC).asReq({ proof: true }).issued();
    expect(told(s)).toEqual(["sign-on ok kerberos"]);
    expect(rulesOf(s)).toContain("perf-kdc-failover");
  });
  test("silence from every KDC", () => {
    const s = scene().asReq().wait(1).again().wait(3).kdc("192.168.2.2").asReq().wait(9).again();
    expect(told(s)).toEqual(["sign-on diverged@2 none as-no-reply"]);
  });
  test("no AS-REQ could be sent", () => {
    expect(told(scene().kdcSyn().wait(1).again().wait(9))).toEqual(["sign-on diverged@1 none kdc-port-blocked"]);
  });
});
