import { describe, expect, test } from "vitest";
import { CLIENT, DC, HOST, type Scene, SPN, scene, WEB } from "../scene/scene.ts";
import {
  acceptToken,
  apRepToken,
  basic,
  errorToken,
  incompleteToken,
  krb5,
  ntlm,
  ntlmInSpnego,
  ntlmInsteadToken,
  rejectToken,
} from "../scene/tokens.ts";
import { report, rulesOf, states, told } from "../scene/verdict.ts";

/** The report contract's "Where a sequence diverges", sentence by sentence. */

const resolved = () => scene().dns(HOST, WEB);
const challenged = () => resolved().get("/").reply(401, "Negotiate");
const withTicket = () => challenged().tgs(SPN);
const presented = () => withTicket().get("/", krb5(SPN));
/** Later traffic of somebody else, so that the capture goes on for a while. */
const later =
  (seconds = 10) =>
  (s: Scene) =>
    s.wait(seconds).client("192.168.2.199").dns("elsewhere.contoso.com", WEB);

describe("nothing, or the wrong thing, came back for a request: the response's step", () => {
  test("no DNS answer", () => {
    expect(told(scene().dnsQuery(HOST).wait(5).dnsRepeat().wait(5))).toEqual(["http diverged@2 none dns-timeout"]);
  });
  test("NXDOMAIN", () => {
    expect(told(scene().dnsQuery(HOST).dnsError(3))).toEqual(["http diverged@2 none dns-nxdomain"]);
  });
  test("no usable address", () => {
    expect(told(resolvedTo("CNAME other.contoso.com"))).toEqual(["http diverged@2 none dns-nodata"]);
  });
  test("where search suffixes were tried too, a failure other than NXDOMAIN names the rule", () => {
    const s = scene().dnsQuery("web.contoso.com").dnsError(2).dnsQuery("web.contoso.com.contoso.com").dnsError(3);
    expect(told(s)).toEqual(["http diverged@2 none dns-servfail"]);
  });
  test("an anonymous request that was acknowledged and never answered", () => {
    expect(told(later()(resolved().get("/")))).toEqual(["http diverged@4 none http-no-answer"]);
  });
  test("a reset after the request", () => {
    expect(told(resolved().get("/").reset())).toEqual(["http diverged@4 none http-rst-after-request"]);
  });
  test.each([200, 403, 404, 500, 502])("an answer that is no challenge: %i", (status) => {
    expect(told(resolved().get("/").reply(status))[0]).toMatch(/^http diverged@4 \w+ http-no-401$/);
  });
  test("a TGS-REQ that met silence", () => {
    const s = challenged().tgsReq(SPN).wait(1).again().wait(3).again().wait(6).close();
    expect(told(s)).toEqual(["http diverged@6 refused tgs-no-reply"]);
  });
  test("a TGS-REQ that met a KRB-ERROR", () => {
    expect(told(challenged().tgsReq(SPN).krbError(7).close())).toEqual(["http diverged@6 refused tgs-s-unknown"]);
  });
  test("an AP-REQ refused", () => {
    expect(told(presented().reply(401, errorToken(41)))).toEqual(["http diverged@8 refused ap-modified"]);
  });
  test("an AP-REQ refused without a reason", () => {
    expect(told(presented().reply(401, "Negotiate"))).toEqual(["http diverged@8 refused ap-401-bare"]);
    expect(told(presented().reply(401, rejectToken()))).toEqual(["http diverged@8 refused ap-reject-negstate"]);
  });
  test("an AP-REQ unanswered", () => {
    expect(told(later()(presented()))).toEqual(["http diverged@8 none ap-no-response"]);
    expect(told(presented().reset())).toEqual(["http diverged@8 none tcp-rst-mid"]);
  });
  test.each([400, 413, 431])("%i to a token", (status) => {
    expect(told(presented().reply(status))).toEqual(["http diverged@8 refused ap-400-size"]);
  });
  test("the server goes on with NTLM after a Kerberos token, and accepts that", () => {
    const s = presented().reply(401, ntlmInsteadToken()).get("/", ntlm(3)).reply(200);
    expect(told(s)).toEqual(["http diverged@8 ntlm neg-mech-selected-ntlm"]);
  });
  test.each([500, 503])("%i to a token that was not completed is incomplete, with a warning", (status) => {
    expect(told(presented().reply(status))).toEqual(["http incomplete unknown"]);
    expect(rulesOf(presented().reply(status))).toContain("ap-500");
  });
});

function resolvedTo(...answers: string[]): Scene {
  return scene().dns(HOST, ...answers);
}

describe("a request that could not be sent because the connection failed belongs to the request's step", () => {
  test("SYN unanswered", () => {
    expect(told(resolved().syn().wait(1).synRepeat().wait(2).synRepeat())).toEqual([
      "http diverged@3 none tcp-syn-timeout",
    ]);
  });
  test("SYN reset", () => {
    expect(told(resolved().syn().refused())).toEqual(["http diverged@3 none tcp-rst"]);
  });
  test("ARP unanswered", () => {
    expect(told(later()(resolved().arp(WEB).wait(1).arp(WEB)))).toEqual(["http diverged@3 none tcp-host-down"]);
  });
  test("ICMP unreachable", () => {
    expect(told(resolved().syn().icmp(1, "192.168.2.254"))).toEqual(["http diverged@3 none tcp-host-down"]);
    // Also the first that is heard of the client.
    expect(told(scene().syn().icmp(1, "192.168.2.254"))).toEqual(["http diverged@3 none tcp-host-down"]);
  });
  test("the KDC, with no TGS-REQ on any transport", () => {
    const s = challenged().kdcSyn().wait(1).again().wait(6).close();
    expect(told(s)).toEqual(["http diverged@5 refused kdc-port-blocked"]);
    expect(told(challenged().kdcRefused().close())).toEqual(["http diverged@5 refused kdc-rst"]);
  });
  test("one of several addresses failing while another answers is recovered", () => {
    const other = "192.168.2.120";
    const s = scene().dns(HOST, other, WEB).server(other).syn().wait(1).synRepeat().server(WEB);
    const ok = s.get("/").reply(401, "Negotiate").tgs(SPN).get("/", krb5(SPN)).reply(200, apRepToken());
    expect(told(ok)).toEqual(["http ok kerberos"]);
    expect(rulesOf(ok)).toContain("dns-wrong-addr");
  });
  test("one of several KDCs failing while another answers is recovered", () => {
    const s = challenged().kdc("192.168.2.2").kdcSyn().wait(1).again().kdc(DC).tgs(SPN, { over: "tcp" });
    const ok = s.get("/", krb5(SPN)).reply(200, apRepToken());
    expect(told(ok)).toEqual(["http ok kerberos"]);
    expect(rulesOf(ok)).toContain("perf-kdc-failover");
  });
});

describe("a request over TCP that was neither acknowledged nor reset did not arrive: its own step", () => {
  test("the anonymous request", () => {
    expect(told(later()(resolved().get("/", undefined, { acked: false }).wait(1).again()))).toEqual([
      "http diverged@3 none tcp-not-delivered",
    ]);
  });
  test("the TGS-REQ", () => {
    const s = challenged().tgsReq(SPN, { over: "tcp", acked: false }).wait(1).again().wait(6).close();
    expect(told(s)).toEqual(["http diverged@5 refused tcp-not-delivered"]);
  });
  test("the request with the token", () => {
    const s = withTicket().get("/", krb5(SPN), { acked: false }).wait(1).again();
    expect(told(later()(s))).toEqual(["http diverged@7 none tcp-not-delivered"]);
  });
  test("a reset after the request counts as arrival", () => {
    expect(told(resolved().get("/", undefined, { acked: false }).reset())).toEqual([
      "http diverged@4 none http-rst-after-request",
    ]);
    expect(told(withTicket().get("/", krb5(SPN), { acked: false }).reset())).toEqual([
      "http diverged@8 none tcp-rst-mid",
    ]);
  });
});

describe("after a Negotiate challenge no TGS-REQ is bound to it and no Kerberos token followed: 5", () => {
  test("nothing", () => {
    expect(told(challenged().close())).toEqual(["http diverged@5 refused tgs-no-request"]);
  });
  test("NTLM", () => {
    const s = challenged().get("/", ntlm(1)).reply(401, ntlm(2)).get("/", ntlm(3)).reply(200);
    expect(told(s)).toEqual(["http diverged@5 ntlm neg-ntlm-no-tgs"]);
  });
  test("NTLM in SPNEGO, refused", () => {
    expect(told(challenged().get("/", ntlmInSpnego()).reply(401, "Negotiate"))).toEqual([
      "http diverged@5 refused neg-ntlm-no-tgs",
    ]);
  });
  test("Basic", () => {
    const s = resolved().get("/").reply(401, "Negotiate", 'Basic realm="x"').get("/", basic).reply(200);
    expect(told(s)).toEqual(["http diverged@5 basic neg-basic-chosen"]);
  });
  test("a TGS-REQ for another service is not bound to it", () => {
    expect(told(challenged().tgs("cifs/files.contoso.com").close())).toEqual([
      "http diverged@5 refused tgs-no-request",
      "ticket incomplete kerberos",
    ]);
  });
  test("stopped by a refused AS exchange: that is the root finding, with its code and frames", () => {
    const s = challenged().asReq().krbError(18).close();
    expect(told(s)).toEqual([
      "http diverged@5 refused as-client-revoked",
      "sign-on diverged@2 refused as-client-revoked",
    ]);
    expect(report(s).sequences[0]?.findings[0]).toMatchObject({
      code: { number: 18 },
      frames: expect.arrayContaining([10, 11]),
    });
  });
  test("stopped because no KDC was found", () => {
    const s = challenged().dnsQuery("_kerberos._udp.contoso.com", "SRV").dnsError(3).close();
    expect(told(s)).toEqual(["http diverged@5 refused loc-kdc-realm"]);
  });
  test("the finding says that none was sent, or it was not captured, where the capture holds no KDC traffic", () => {
    expect(detail(challenged().close())).toContain("none was sent, or it was not captured");
    expect(detail(challenged().tgs("cifs/files.contoso.com").close())).not.toContain("not captured");
  });
});

function detail(s: Scene): string {
  return report(s).sequences[0]?.findings[0]?.detail ?? "";
}

describe("if the client shows nothing at all but connections to this service: 7", () => {
  const alone = () => scene().get("/").reply(401, "Negotiate");

  test("nothing else", () => {
    expect(told(alone().close())).toEqual(["http diverged@7 refused tgs-no-request"]);
  });
  test("with NTLM", () => {
    expect(told(alone().get("/", ntlm(1)).reply(401, ntlm(2)).get("/", ntlm(3)).reply(200))).toEqual([
      "http diverged@7 ntlm neg-ntlm-no-tgs",
    ]);
  });
  test("ARP does not count", () => {
    expect(told(scene().arp(WEB).get("/").reply(401, "Negotiate").close())).toEqual([
      "http diverged@7 refused tgs-no-request",
    ]);
  });
  test("a DNS query does", () => {
    expect(told(challenged().close())).toEqual(["http diverged@5 refused tgs-no-request"]);
  });
  test("unless the target is an IP address", () => {
    expect(told(scene().host(WEB).get("/").reply(401, "Negotiate").close())).toEqual([
      "http diverged@5 refused tgs-spn-ip",
    ]);
  });
  test("or the challenge offers no Kerberos mechanism", () => {
    expect(told(scene().get("/").reply(401, "NTLM").close())).toEqual(["http diverged@4 refused http-no-negotiate"]);
  });
});

describe('"never" needs evidence', () => {
  test("otherwise incomplete", () => {
    expect(told(challenged())).toEqual(["http incomplete unknown"]);
    expect(told(challenged().wait(4).client("192.168.2.199").dns("x.contoso.com", WEB))).toEqual([
      "http incomplete unknown",
    ]);
  });
  test("the client closed the connection", () => {
    expect(told(challenged().close())[0]).toMatch(/diverged@5/);
    expect(told(challenged().reset("client"))[0]).toMatch(/diverged@5/);
  });
  test("the server closing it is no evidence", () => {
    expect(told(challenged().close("server"))).toEqual(["http incomplete unknown"]);
  });
  test("it repeated the request without a token", () => {
    expect(told(challenged().get("/").reply(401, "Negotiate"))[0]).toMatch(/diverged@5/);
  });
  test("it sent another scheme", () => {
    expect(told(challenged().get("/", basic))[0]).toMatch(/diverged@5/);
  });
  test("five seconds of capture passed", () => {
    expect(told(later(5)(challenged()))[0]).toMatch(/diverged@5/);
  });
});

describe("an offer without Kerberos: 4", () => {
  test("Basic only", () => {
    const s = resolved().get("/").reply(401, 'Basic realm="x"').close();
    expect(told(s)).toEqual(["http diverged@4 refused http-no-negotiate"]);
  });
  test("no scheme at all", () => {
    expect(told(resolved().get("/").reply(401).close())).toEqual(["http diverged@4 refused http-no-negotiate"]);
  });
  test("NTLM only, also where the client then uses NTLM", () => {
    const offer = () => resolved().get("/").reply(401, "NTLM");
    expect(told(offer())).toEqual(["http diverged@4 refused http-no-negotiate"]);
    const used = offer().get("/", ntlm(1, "NTLM")).reply(401, ntlm(2, "NTLM")).get("/", ntlm(3, "NTLM")).reply(200);
    expect(told(used)).toEqual(["http diverged@4 ntlm http-no-negotiate"]);
  });
  test("a client that starts with NTLM unasked: 5", () => {
    const s = resolved().get("/", ntlm(1)).reply(401, ntlm(2)).get("/", ntlm(3)).reply(200);
    expect(told(s)).toEqual(["http diverged@5 ntlm neg-ntlm-no-tgs"]);
    const scheme = resolved()
      .get("/", ntlm(1, "NTLM"))
      .reply(401, ntlm(2, "NTLM"))
      .get("/", ntlm(3, "NTLM"))
      .reply(200);
    expect(told(scheme)).toEqual(["http diverged@5 ntlm neg-ntlm-no-tgs"]);
  });
});

describe("a ticket was received and, on the same evidence, never presented: 7", () => {
  test("the client closed", () => {
    expect(told(withTicket().close())).toEqual(["http diverged@7 refused ap-not-sent"]);
  });
  test("it asked again without a token", () => {
    expect(told(withTicket().get("/").reply(401, "Negotiate"))).toEqual(["http diverged@7 refused ap-not-sent"]);
  });
  test("five seconds passed", () => {
    expect(told(later()(withTicket()))).toEqual(["http diverged@7 refused ap-not-sent"]);
  });
  test("the capture ended first: incomplete", () => {
    expect(told(withTicket())).toEqual(["http incomplete unknown"]);
  });
});

describe("other realms", () => {
  const host = "web.fabrikam.com";
  const spn = `HTTP/${host}`;
  const challengedThere = () => scene().dns(host, WEB).host(host).get("/").reply(401, "Negotiate");
  const there = { realm: "FABRIKAM.COM" };

  test("a chain of referrals that works is ok, and is part of step 5", () => {
    const s = challengedThere().tgsReq(spn).referral("FABRIKAM.COM").kdc("192.168.2.2").tgs(spn, there);
    const ok = s.get("/", krb5(spn, there)).reply(200, apRepToken());
    expect(told(ok)).toEqual(["http ok kerberos"]);
    expect(report(ok).sequences[0]?.steps[4]?.frames).toHaveLength(2);
  });
  test("so is one in which the client asks for krbtgt/OTHER itself", () => {
    const s = challengedThere().tgs("krbtgt/FABRIKAM.COM").kdc("192.168.2.2").tgs(spn, there);
    const ok = s.get("/", krb5(spn, there)).reply(200, apRepToken());
    expect(told(ok)).toEqual(["http ok kerberos"]);
    expect(report(ok).sequences[0]?.steps[4]?.frames).toHaveLength(2);
  });
  test("a hop refused: 6", () => {
    const s = challengedThere().tgsReq("krbtgt/FABRIKAM.COM").krbError(7).close();
    expect(told(s)).toEqual(["http diverged@6 refused tgs-wrong-realm"]);
  });
  test("a hop unanswered: 6", () => {
    const s = challengedThere()
      .tgs("krbtgt/FABRIKAM.COM")
      .kdc("192.168.2.2")
      .tgsReq(spn, there)
      .wait(1)
      .again()
      .wait(9);
    expect(told(s.close())[0]).toMatch(/^http diverged@6 refused/);
  });
  test("the last hop refused: 6", () => {
    const s = challengedThere().tgsReq(spn).referral("FABRIKAM.COM").kdc("192.168.2.2").tgsReq(spn, there).krbError(7);
    expect(told(s.close())).toEqual(["http diverged@6 refused tgs-referral-unknown"]);
  });
  test("a referral that is not followed: 6", () => {
    const s = challengedThere().tgsReq(spn).referral("FABRIKAM.COM").wait(1).close();
    expect(told(s)).toEqual(["http diverged@6 refused tgs-referral-deadend"]);
  });
});

describe("a ticket was refused and the client fell back to NTLM: 6", () => {
  const refused = () => resolved().get("/").reply(401, "Negotiate", "NTLM").tgsReq(SPN).krbError(7);

  test("accepted", () => {
    const s = refused().get("/", ntlm(1)).reply(401, ntlm(2)).get("/", ntlm(3)).reply(200);
    expect(told(s)).toEqual(["http diverged@6 ntlm tgs-s-unknown"]);
    expect(rulesOf(s)).toEqual(["tgs-s-unknown", "neg-ntlm-after-kdc-err"]);
  });
  test("refused", () => {
    const s = refused().get("/", ntlm(1)).reply(401, ntlm(2)).get("/", ntlm(3)).reply(401, "Negotiate", "NTLM");
    expect(told(s)).toEqual(["http diverged@6 refused tgs-s-unknown"]);
  });
});

describe("authentication and HTTP status are different questions", () => {
  test.each([200, 302, 304, 404, 403, 500])("%i with a completed token is ok", (status) => {
    expect(told(presented().reply(status, apRepToken()))).toEqual(["http ok kerberos"]);
  });
  test.each([200, 302, 304, 404, 403])("%i without a token is ok too", (status) => {
    expect(told(presented().reply(status))).toEqual(["http ok kerberos"]);
  });
  test("a 403 gets a warning", () => {
    expect(rulesOf(presented().reply(403, apRepToken()))).toContain("ap-403");
    expect(rulesOf(presented().reply(404, apRepToken()))).not.toContain("ap-403");
  });
  test("an accept without an AP-REP completes it", () => {
    expect(told(presented().reply(500, acceptToken()))).toEqual(["http ok kerberos"]);
  });
});

describe("recovered errors are findings of severity info, never the verdict", () => {
  const finish = (s: Scene) => s.get("/", krb5(SPN)).reply(200, apRepToken());
  const severities = (s: Scene) =>
    report(s).sequences.flatMap(({ findings }) =>
      findings.filter((f) => f.severity !== "warning").map((f) => f.severity),
    );

  test("pre-authentication required", () => {
    const s = finish(
      resolved().asReq().krbError(25).asReq({ proof: true }).issued().get("/").reply(401, "Negotiate").tgs(SPN),
    );
    expect(told(s)).toEqual(["http ok kerberos", "sign-on ok kerberos"]);
  });
  test("response too big, then TCP", () => {
    const s = finish(challenged().tgsReq(SPN).krbError(52).tgs(SPN, { over: "tcp" }));
    expect(told(s)).toEqual(["http ok kerberos"]);
  });
  test("one KDC silent, then another answers", () => {
    const s = finish(challenged().kdc("192.168.2.2").tgsReq(SPN).wait(1).again().kdc(DC).tgs(SPN));
    expect(told(s)).toEqual(["http ok kerberos"]);
    expect(rulesOf(s)).toContain("perf-kdc-failover");
    expect(severities(s)).toEqual(["info"]);
  });
  test("a skew the client corrected", () => {
    const s = finish(challenged().tgsReq(SPN).krbError(37).tgs(SPN));
    expect(told(s)).toEqual(["http ok kerberos"]);
    expect(rulesOf(s)).toContain("kdc-error-recovered");
    expect(severities(s)).toEqual(["info"]);
  });
  test("a refused sign-on, then a good one", () => {
    expect(told(scene().asReq({ proof: true }).krbError(24).wait(3).asReq({ proof: true }).issued())).toEqual([
      "sign-on ok kerberos",
    ]);
  });
  test("no AES, then other etypes", () => {
    expect(
      told(
        finish(
          challenged()
            .tgsReq(SPN)
            .krbError(14)
            .tgs(SPN, { etypes: [23] }),
        ),
      ),
    ).toEqual(["http ok kerberos"]);
  });
});

describe("what the capture cannot show", () => {
  test("it ends before the answer to the token", () => {
    expect(told(presented())).toEqual(["http incomplete unknown"]);
    expect(rulesOf(presented())).toContain("cap-ended-early");
  });
  test("it starts with the token: ok when it was accepted", () => {
    const s = withTicket().startsHere().get("/", krb5(SPN)).reply(200, apRepToken());
    expect(told(s)).toEqual(["http ok kerberos"]);
    expect(states(s)).toMatchObject({
      1: "not-captured",
      3: "not-captured",
      5: "not-captured",
      7: "observed",
      8: "observed",
    });
  });
  test("the answer to the token was lost, and the client goes on", () => {
    const s = presented()
      .unseen((lost) => lost.reply(200, apRepToken()))
      .get("/next")
      .reply(200);
    expect(told(s)[0]).not.toMatch(/diverged/);
  });
  test("the answer to the token was lost, acknowledged: incomplete", () => {
    const s = presented()
      .unseen((lost) => lost.reply(200, apRepToken()))
      .close();
    expect(told(later()(s))).toEqual(["http incomplete unknown"]);
    expect(rulesOf(s)).toContain("cap-lost-packets");
  });
  test("the 401 was lost: a later step proves it", () => {
    const s = resolved()
      .get("/")
      .unseen((lost) => lost.reply(401, "Negotiate"))
      .tgs(SPN);
    expect(told(s.get("/", krb5(SPN)).reply(200, apRepToken()))).toEqual(["http ok kerberos"]);
  });
  test("the client's side only", () => {
    const s = scene()
      .seesOnly(CLIENT)
      .get("/")
      .reply(401, "Negotiate")
      .tgs(SPN)
      .get("/", krb5(SPN))
      .reply(200, apRepToken());
    expect(told(s.close())[0]).toBe("http incomplete unknown");
    expect(rulesOf(s)).toContain("cap-one-sided");
  });
  test("the client's side only: a KDC that is never seen to answer anything is no silent KDC", () => {
    const s = scene()
      .seesOnly(CLIENT)
      .get("/")
      .reply(401, "Negotiate")
      .tgs(SPN)
      .get("/", krb5(SPN))
      .reply(200, apRepToken());
    expect(told(s.wait(30).get("/next")).join()).not.toMatch(/diverged/);
  });
  test("the server's side only, without a completed token", () => {
    const s = scene().seesOnly(WEB).get("/").reply(401, "Negotiate").get("/", krb5(SPN)).reply(200);
    expect(told(s)[0]).toMatch(/^http incomplete/);
  });
  test("cut by a snap length", () => {
    const s = presented().reply(200, apRepToken()).snap(100);
    expect(told(s).join()).not.toMatch(/diverged/);
    expect(rulesOf(s)).toContain("cap-truncated");
  });
  test("the TGS exchange was filtered out, nothing else: cached or not captured, and ok", () => {
    const s = scene().get("/").reply(401, "Negotiate").get("/", krb5(SPN)).reply(200, apRepToken());
    expect(told(s)).toEqual(["http ok kerberos"]);
    expect(states(s)).toMatchObject({ 1: "not-captured", 5: "not-captured", 6: "not-captured" });
  });
  test("cached: the capture holds traffic of that role for that client", () => {
    const s = scene().dns("other.contoso.com", "192.168.2.9").tgs("cifs/files.contoso.com").wait(40);
    expect(statesOfLast(s.get("/").reply(401, "Negotiate").get("/", krb5(SPN)).reply(200, apRepToken()))).toMatchObject(
      {
        1: "cached",
        2: "cached",
        5: "cached",
        6: "cached",
      },
    );
  });
  test("a pre-emptive token needs no request and no challenge", () => {
    const s = resolved().tgs(SPN).get("/", krb5(SPN)).reply(200, apRepToken());
    expect(states(s)).toMatchObject({ 3: "not-needed", 4: "not-needed", 5: "observed" });
  });
});

function statesOfLast(s: Scene): Record<number, string> {
  const steps = report(s).sequences.at(-1)?.steps ?? [];
  return Object.fromEntries(steps.map(({ step, state }) => [step, state]));
}

describe("the AS exchange before or during a login", () => {
  test("refused before: the root finding of a divergence at 5; the sign-on stands beside it", () => {
    const s = resolved().asReq().krbError(6).get("/").reply(401, "Negotiate").close();
    expect(told(s)).toEqual(["http diverged@5 refused as-c-unknown", "sign-on diverged@2 refused as-c-unknown"]);
  });
  test("the last one counts", () => {
    const s = resolved().asReq().krbError(6).wait(40).asReq().krbError(18).get("/").reply(401, "Negotiate").close();
    expect(told(s)[0]).toBe("http diverged@5 refused as-client-revoked");
  });
  test("a good one after a refused one clears it", () => {
    const s = resolved().asReq({ proof: true }).krbError(24).wait(40).asReq({ proof: true }).issued();
    expect(told(s.get("/").reply(401, "Negotiate").close())[0]).toBe("http diverged@5 refused tgs-no-request");
  });
  test("one for kadmin/changepw does not count", () => {
    const s = resolved().asReq().krbError(23).asReq({ sname: "kadmin/changepw", proof: true }).issued();
    expect(told(s.get("/").reply(401, "Negotiate").close())[0]).toBe("http diverged@5 refused as-key-expired");
    const other = resolved().asReq({ sname: "kadmin/changepw" }).krbError(24).get("/").reply(401, "Negotiate").close();
    expect(told(other)[0]).toBe("http diverged@5 refused tgs-no-request");
  });
  test("one of another client does not", () => {
    const s = scene()
      .client("192.168.2.102")
      .asReq()
      .krbError(18)
      .client(CLIENT)
      .dns(HOST, WEB)
      .get("/")
      .reply(401, "Negotiate");
    expect(told(s.close()).at(-1)).toBe("http diverged@5 refused tgs-no-request");
  });
  test("one after the login does not", () => {
    const s = challenged().close().wait(60).asReq().krbError(18);
    expect(told(s)[0]).toBe("http diverged@5 refused tgs-no-request");
  });
  test("one that stops after error 25 is incomplete, never diverged", () => {
    const s = scene().asReq().krbError(25);
    expect(told(later(60)(s))).toEqual(["sign-on incomplete unknown"]);
  });
  test("and it explains a login that stops at 5", () => {
    const s = challenged().asReq().krbError(25).close();
    expect(told(s)).toEqual(["http diverged@5 refused as-no-credential", "sign-on incomplete unknown"]);
  });
  test("the look-up before an S4U2self belongs to that ticket", () => {
    const s = scene().asReq({ cname: "Jane" }).krbError(25).tgs("iissvc", { forUser: "Jane" });
    expect(told(s)).toEqual(["ticket incomplete kerberos"]);
  });
});

describe("step states", () => {
  test("what comes after and did not happen is not reached", () => {
    expect(states(challenged().tgsReq(SPN).krbError(7).close())).toEqual({
      1: "observed",
      2: "observed",
      3: "observed",
      4: "observed",
      5: "observed",
      6: "diverged",
      7: "not-reached",
      8: "not-reached",
    });
  });
  test("more legs of the same mechanism are not a refusal", () => {
    const s = presented().reply(401, incompleteToken()).get("/", krb5(SPN)).reply(200, apRepToken());
    expect(told(s)).toEqual(["http ok kerberos"]);
  });
});
