import { describe, expect, test } from "vitest";
import { ACCOUNT, BACK_END, transition, transitioned } from "../scene/delegation.ts";
import { adRefusal, directory, ldapBind, ldapBound, rootSearch, simpleBind, toDirectory } from "../scene/ldap.ts";
import { DC, HOST, type Scene, SPN, scene, WEB } from "../scene/scene.ts";
import { apRepToken, cutToken, errorToken, krb5, ntlm, ntlmInSpnego } from "../scene/tokens.ts";
import { rulesOf, told } from "../scene/verdict.ts";

/** One message of a login is not in the capture, and may have been the one that decides. */

const later = (s: Scene, seconds = 60) => s.wait(seconds).client("192.168.2.199").dns("elsewhere.contoso.com", WEB);
const resolved = () => scene().dns(HOST, WEB);
const challenged = () => resolved().get("/").reply(401, "Negotiate");
const withTicket = () => challenged().tgs(SPN);
const tells = (title: string, s: Scene, ...lines: readonly string[]) =>
  test(title, () => expect(told(later(s))).toEqual(lines));

describe("a challenge", () => {
  const talksNtlm = (s: Scene) => s.get("/", ntlm(1)).reply(401, ntlm(2)).get("/", ntlm(3)).reply(200);
  tells(
    "before NTLM may have been there",
    talksNtlm(
      resolved()
        .get("/")
        .unseen((s) => s.reply(401, "NTLM")),
    ),
    "http incomplete ntlm",
  );
  tells("was not, before NTLM that nobody asked for", talksNtlm(resolved()), "http diverged@5 ntlm neg-ntlm-no-tgs");
  tells(
    "may have come before the capture began",
    resolved().get("/", ntlm(1)).reply(401, ntlm(2)).startsHere().get("/", ntlm(3)).reply(200),
    "http incomplete ntlm",
  );
  tells(
    "before Basic may have offered Kerberos",
    resolved()
      .get("/")
      .unseen((s) => s.reply(401, "Negotiate", "Basic"))
      .get("/", "Basic bm9ib2R5Om5vdGhpbmc=")
      .reply(200),
    "http incomplete basic",
  );
  tells(
    "is no answer to a bind that is not in the capture",
    ldapBound(
      scene()
        .dns("dca.contoso.com", DC)
        .server(DC, 389)
        .unseen((s) => ldapBind(s, ntlmInSpnego())),
      49,
      { diagnostic: adRefusal("52e") },
    ),
    "ldap incomplete refused",
  );
  tells(
    "stands in what the server was asked before",
    ldapBound(
      ldapBind(rootSearch(scene().dns("dca.contoso.com", DC).server(DC, 389), ["EXTERNAL"]), ntlmInSpnego()),
      49,
    ),
    "ldap diverged@4 refused ldap-no-kerberos",
  );
});

describe("a connection that was not seen to begin", () => {
  tells(
    "need not be one of somebody unknown",
    challenged().tgs(SPN).get("/", krb5(SPN)).reply(200, apRepToken()).wait(40).startsHere().get("/later").reply(200),
    "http incomplete anonymous",
  );
  tells(
    "shows where the answer is missing",
    withTicket()
      .startsHere()
      .get("/", krb5(SPN))
      .unseen((s) => s.reply(200, apRepToken()))
      .close(),
    "http incomplete unknown",
  );
});

describe("an answer", () => {
  tells(
    "to a request that is not in the capture is none to the token before it",
    withTicket()
      .get("/", krb5(SPN))
      .unseen((s) => s.reply(200, apRepToken()).get("/b"))
      .reply(401, "Negotiate")
      .close(),
    "http incomplete unknown",
  );
  tells(
    "to a token that is not in the capture is none to the anonymous request before it",
    resolved()
      .get("/")
      .unseen((s) => s.reply(401, "Negotiate").get("/", krb5(SPN)))
      .reply(200)
      .close(),
    "http incomplete unknown",
  );
  tells(
    "that lets the client in may belong to the same token, sent once more",
    withTicket()
      .get("/", krb5(SPN))
      .reply(401, "Negotiate")
      .unseen((s) => s.get("/", krb5(SPN)))
      .reply(200)
      .close(),
    "http incomplete unknown",
  );
  tells(
    "to a damaged token is still one to a token",
    withTicket()
      .get("/", cutToken(SPN))
      .unseen((s) => s.reply(401, "Negotiate"))
      .close(),
    "http incomplete unknown",
  );
  tells(
    "with a reason stays a refusal, whatever is missing behind it",
    withTicket()
      .get("/", krb5(SPN))
      .reply(401, errorToken(41))
      .unseen((s) => s.get("/", ntlm(1)).reply(401, ntlm(2)))
      .get("/", ntlm(3))
      .reply(200),
    "http diverged@8 ntlm ap-modified",
  );
  tells(
    "that completes a token which is not in the capture ends that login",
    withTicket()
      .unseen((s) => s.get("/", krb5(SPN)))
      .reply(200, apRepToken())
      .close()
      .wait(8)
      .get("/")
      .reply(401, "Negotiate")
      .close(),
    "http ok kerberos",
    "http incomplete refused",
  );
});

describe("a sign-on that was refused", () => {
  const refused = () => scene().asReq().krbError(25).asReq({ proof: true }).krbError(24);
  const again = () => refused().wait(4).asReq({ proof: true, over: "tcp" });
  tells("and asked again, without an answer", again(), "sign-on diverged@2 refused as-preauth-failed");
  tells(
    "and asked again, with one that is not in the capture",
    again()
      .unseen((s) => s.issued())
      .wait(1)
      .tgsReq(SPN)
      .issued(),
    "sign-on incomplete unknown",
    "ticket incomplete kerberos",
  );
});

test("KRB-ERRORs about kadmin/changepw answer AS-REQs", () => {
  const s = scene()
    .unseen((one) => one.asReq({ sname: "kadmin/changepw" }))
    .krbError(25, { sname: "kadmin/changepw" });
  expect(told(later(s.asReq({ sname: "kadmin/changepw", proof: true }).issued()))).toEqual(["sign-on ok kerberos"]);
});

describe("a search for a ticket", () => {
  const DC2 = "192.168.2.2";
  tells(
    "that went on to the next realm had its referral",
    challenged()
      .tgsReq(SPN)
      .unseen((s) => s.referral("FABRIKAM.COM"))
      .kdc(DC2)
      .tgsReq(SPN, { realm: "FABRIKAM.COM" })
      .referral("EMEA.FABRIKAM.COM")
      .wait(6)
      .close(),
    "http diverged@6 refused tgs-referral-deadend",
  );
  tells(
    "asked for once over UDP, by a client that went on",
    challenged().tgsReq(SPN).wait(2).get("/", ntlm(1)).reply(401, ntlm(2)).close(),
    "http incomplete refused",
  );
  tells(
    "in a user's name has no ticket yet when it has that to itself",
    transition(scene().client(WEB, ACCOUNT))
      .tgsReq(BACK_END, { evidence: transitioned() })
      .unseen((s) => s.krbError(13)),
    "ticket incomplete none",
  );
});

describe("a server whose name DNS did not give in the capture", () => {
  const asked = () => rootSearch(toDirectory(scene()));
  const refused = (s: Scene, spn: string) => s.tgsReq(spn).krbError(7);
  const turnsToNtlm = (s: Scene) =>
    ldapBound(ldapBind(s, ntlmInSpnego()), 49, { diagnostic: adRefusal("52e") }).close();
  tells(
    "is the one for which a ticket was refused right after its challenge",
    turnsToNtlm(refused(asked(), "ldap/contoso.com")),
    "ldap diverged@6 refused ldap-spn",
  );
  tells(
    "is not the one for which it was refused long after",
    turnsToNtlm(refused(asked().wait(20), "ldap/contoso.com")),
    "ldap diverged@5 refused neg-ntlm-no-tgs",
    "ticket diverged@6 refused ldap-spn",
  );
  tells(
    "is not the one for which another service's was refused",
    turnsToNtlm(refused(asked(), "cifs/contoso.com")),
    "ldap diverged@5 refused neg-ntlm-no-tgs",
    "ticket diverged@6 refused tgs-s-unknown",
  );
});

describe("a refusal", () => {
  tells(
    "is not that of a login which was over before",
    challenged()
      .get("/", ntlm(1))
      .reply(401, ntlm(2))
      .get("/", ntlm(3))
      .reply(200)
      .close()
      .wait(120)
      .socket("b")
      .get("/")
      .reply(401, "Negotiate")
      .tgsReq(SPN)
      .krbError(7)
      .close(),
    "http diverged@5 ntlm neg-ntlm-no-tgs",
    "http diverged@6 refused tgs-s-unknown",
  );
  tells(
    "before the request is not that of a login which was over long before",
    challenged().close().wait(120).tgsReq(SPN).krbError(7).socket("b").get("/").reply(401, "Negotiate").close(),
    "http diverged@5 refused tgs-no-request",
    "http diverged@6 refused tgs-s-unknown",
  );
});

describe("what proves no trouble with the KDC", () => {
  tells(
    "one ARP request",
    resolved().arp(DC).get("/").reply(401, "Negotiate").close(),
    "http diverged@5 refused tgs-no-request",
  );
  tells("one SYN", challenged().kdcSyn().close(), "http diverged@5 refused tgs-no-request");
  test("one SYN beside others that were refused", () => {
    const s = challenged().kdcRefused().kdcSyn().wait(1).kdcRefused().close();
    expect(rulesOf(later(s))).toContain("kdc-rst");
  });
});

describe("a capture that ends while the client still tries", () => {
  const ends = (title: string, s: Scene, ...lines: readonly string[]) =>
    test(title, () => expect(told(s)).toEqual(lines));
  ends(
    "another KDC than the one that refused it",
    challenged().kdcRefused().kdc("192.168.2.2").kdcSyn(),
    "http incomplete unknown",
  );
  ends(
    "another DNS server",
    scene().dnsQuery(HOST).wait(1).dnsAt("192.168.2.3").dnsQuery(HOST),
    "http incomplete unknown",
  );
  ends("to find its neighbour", resolved().arp(WEB).wait(1).arp(WEB), "http incomplete unknown");
  ends("a damaged token", withTicket().get("/", cutToken(SPN)), "http incomplete unknown");
  ends(
    "another password",
    simpleBind(ldapBound(simpleBind(directory(scene()), "john"), 49, { diagnostic: adRefusal("52e") }), "john", "x", 3),
    "ldap diverged@8 refused ldap-bad-cred",
  );
});

tells(
  "names that are asked for one after the other at once were answered",
  scene().dnsQuery("intranet").dnsQuery("intranet.contoso.com").dnsQuery("intranet.emea.contoso.com"),
  "http incomplete none",
);
