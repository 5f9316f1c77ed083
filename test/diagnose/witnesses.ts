import { SQL_SPN, sqlAccepts, sqlLogin, sqlOpened, sqlRefuses } from "../scene/elsewhere.ts";
import { type TicketWish, ticket } from "../scene/kerberos.ts";
import { changesOverUdp, mayChange } from "../scene/kpasswd.ts";
import { adRefusal, directory, LDAP_SPN, ldapBind, ldapBound, rootSearch, simpleBind } from "../scene/ldap.ts";
import { CLOSEST_FLAG, DC_FLAGS, KDC_FLAG } from "../scene/locator.ts";
import { DC, HOST, type Scene, SPN, scene, WEB } from "../scene/scene.ts";
import {
  acceptToken,
  apRepToken,
  basic,
  cutToken,
  errorToken,
  krb5,
  negoEx,
  ntlm,
  ntlmAnonymous,
  ntlmInSpnego,
  ntlmInsteadToken,
  ntlmLeg,
  otherMechanismToken,
  rejectToken,
} from "../scene/tokens.ts";
import { delegations } from "./witnesses-delegation.ts";
import { fileServers } from "./witnesses-smb.ts";

/** A rule's id, a scene in which it fires, and one near it in which it does not; `hosts` as for `--host`. */
export interface Witness {
  readonly rule: string;
  readonly fires: Scene;
  readonly spared: Scene;
  readonly hosts: readonly string[];
}

const witness = (rule: string, fires: Scene, spared: Scene, ...hosts: readonly string[]): Witness => ({
  rule,
  fires,
  spared,
  hosts,
});

const BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)";
const OTHER_DC = "192.168.2.2";
const BACK_END = "HTTP/backend.contoso.com";

const asked = () => scene().dnsQuery(HOST);
const resolved = () => scene().dns(HOST, WEB);
const challenged = () => resolved().get("/").reply(401, "Negotiate");
const withTicket = () => challenged().tgs(SPN);
const presented = () => withTicket().get("/", krb5(SPN));
const loggedOn = () => presented().reply(200, apRepToken());
/** The client waits in vain, then leaves. */
const twice = (ask: (s: Scene) => Scene) => ask(ask(challenged().asReq({ proof: true }).issued()).wait(1));
const inVain = (s: Scene) => s.wait(1).again().wait(3).again().wait(6).again();

/** KRB-ERRORs that answer an AS-REQ, each beside one that says something else. */
function signOns(rule: string, ...codes: readonly number[]): Witness[] {
  const near = scene()
    .asReq()
    .krbError(codes.includes(24) ? 6 : 24);
  return codes.map((code) => witness(rule, scene().asReq().krbError(code), near));
}

function searches(rule: string, ...codes: readonly number[]): Witness[] {
  const near = challenged()
    .tgsReq(SPN)
    .krbError(codes.includes(7) ? 14 : 7)
    .close();
  return codes.map((code) => witness(rule, challenged().tgsReq(SPN).krbError(code).close(), near));
}

function refusals(rule: string, ...codes: readonly number[]): Witness[] {
  const near = presented().reply(401, errorToken(codes.includes(41) ? 31 : 41));
  return codes.map((code) => witness(rule, presented().reply(401, errorToken(code)), near));
}

function unknown(sname: string, before: Scene): Scene {
  return before.get("/").reply(401, "Negotiate").tgsReq(sname).krbError(7).close();
}

function delegated(ntStatus?: number): Scene {
  const s = scene().tgs("iissvc", { forUser: "Jane" });
  const proxy = s.tgsReq(BACK_END, { evidence: ticket("iissvc") });
  return proxy.krbError(13, ntStatus === undefined ? {} : { ntStatus });
}

function kerberosRecords(target: string): Scene {
  return challenged().dnsQuery("_kerberos._udp.contoso.com", "SRV").dnsAnswer(target).dnsQuery(target);
}

const fabrikam = { realm: "FABRIKAM.COM" };
const dateHeader = (offset: number) => `Date: ${new Date((1_795_000_000 + offset) * 1000).toUTCString()}`;
const withDate = (offset: number) => presented().header(dateHeader(offset)).reply(200, apRepToken());

const names: readonly Witness[] = [
  witness("dns-servfail", asked().dnsError(2), asked().dnsError(3)),
  witness("dns-refused", asked().dnsError(5), asked().dnsError(2)),
  witness("dns-nodata", asked().dnsAnswer(), loggedOn()),
  witness("dns-nxdomain", asked().dnsError(3), asked().dnsError(3).dns(HOST, WEB)),
  witness("dns-icmp", asked().icmp(3, DC), inVain(asked())),
  witness("dns-timeout", inVain(asked()), asked().wait(1)),
  witness(
    "dns-tc-no-tcp",
    asked().dnsTruncated().wait(6).dnsQuery("x.contoso.com"),
    asked().dnsTruncated().dns(HOST, WEB),
  ),
  witness(
    "dns-wrong-addr",
    scene()
      .dns(HOST, "192.168.2.120", WEB)
      .server("192.168.2.120")
      .syn()
      .wait(1)
      .synRepeat()
      .server(WEB)
      .get("/")
      .reply(401, "Negotiate")
      .tgs(SPN)
      .get("/", krb5(SPN))
      .reply(200),
    scene().dns(HOST, "192.168.2.120", WEB).get("/").reply(401, "Negotiate").tgs(SPN).get("/", krb5(SPN)).reply(200),
  ),
];

const connecting: readonly Witness[] = [
  witness("tcp-rst", resolved().syn().refused(), inVain(resolved().syn())),
  witness("tcp-host-down", resolved().syn().icmp(1, "192.168.2.254"), inVain(resolved().syn())),
  witness("tcp-icmp-prohibited", resolved().syn().icmp(13, "192.168.2.254"), resolved().syn().icmp(1, "192.168.2.254")),
  witness("tcp-syn-timeout", inVain(resolved().syn()), resolved().syn().refused()),
  witness(
    "tcp-blackhole",
    inVain(withTicket().get("/", krb5(SPN, { size: 3000 }), { acked: false })),
    inVain(withTicket().get("/", krb5(SPN), { acked: false })),
  ),
  witness("tcp-not-delivered", inVain(resolved().get("/", undefined, { acked: false })), inVain(resolved().get("/"))),
];

const challenge: readonly Witness[] = [
  witness("http-no-401", resolved().get("/").reply(200), challenged().close()),
  witness("http-no-negotiate", resolved().get("/").reply(401, 'Basic realm="x"'), challenged().close()),
  witness("http-rst-after-request", resolved().get("/").reset(), inVain(resolved().get("/"))),
  witness("http-no-answer", inVain(resolved().get("/")), resolved().get("/").reset()),
  witness("http-gateway-error", resolved().get("/").reply(502), resolved().get("/").reply(500)),
  witness("ap-403", presented().reply(403, apRepToken()), presented().reply(404, apRepToken())),
  witness(
    "http-401-first-preauth",
    presented().reply(401, "Negotiate").get("/", krb5(SPN)).reply(200, apRepToken()),
    loggedOn(),
  ),
];

const signOn: readonly Witness[] = [
  ...signOns("as-preauth-failed", 24, 31),
  ...signOns("as-c-unknown", 6),
  ...signOns("as-s-unknown", 7),
  ...signOns("as-client-revoked", 1, 18, 21),
  ...signOns("as-key-expired", 23),
  ...signOns("as-policy", 12),
  ...signOns("as-etype", 14),
  ...signOns("as-skew", 37),
  ...signOns("as-wrong-realm", 68),
  ...signOns("as-padata-nosupp", 16),
  ...signOns("as-pkinit-trust", 62, 63, 64, 70, 71, 72, 73, 74),
  ...signOns("as-pkinit-map", 66, 75),
  ...signOns("as-pkinit-eku", 77, 78, 79, 80, 81),
  ...signOns("as-fast-option", 93),
  ...signOns("as-never-valid", 11),
  ...signOns("as-svc-unavailable", 29),
  witness("as-no-credential", challenged().asReq().krbError(25).close(), challenged().close()),
  witness(
    "as-preauth-only",
    scene().asReq().krbError(25),
    scene().asReq().krbError(25).asReq({ proof: true }).issued(),
  ),
  witness("as-no-reply", inVain(scene().asReq()), scene().asReq()),
];

const kdc: readonly Witness[] = [
  witness(
    "kdc-52-no-tcp",
    inVain(challenged().tgsReq(SPN).krbError(52).kdcSyn()).close(),
    challenged().tgsReq(SPN).krbError(52).tgs(SPN, { over: "tcp" }).close(),
  ),
  witness(
    "tgs-referral-deadend",
    challenged().tgsReq(SPN).referral("FABRIKAM.COM").wait(6).close(),
    withTicket().wait(6).close(),
  ),
  witness("kdc-rst", challenged().kdcRefused().close(), inVain(challenged().kdcSyn()).close()),
  witness("kdc-port-blocked", inVain(challenged().kdcSyn()).close(), challenged().kdcRefused().close()),
  witness(
    "kdc-frag",
    inVain(twice((s) => s.tgsReq(SPN, { fragments: 512, nonce: 7 }))).close(),
    inVain(twice((s) => s.tgsReq(SPN, { nonce: 7 }))).close(),
  ),
  witness(
    "tcp-not-delivered",
    inVain(challenged().tgsReq(SPN, { over: "tcp", acked: false })).close(),
    inVain(challenged().tgsReq(SPN, { over: "tcp" })).close(),
  ),
  witness(
    "loc-kdc-realm",
    challenged().dnsQuery("_kerberos._udp.contoso.com", "SRV").dnsError(3).close(),
    kerberosRecords("dca.contoso.com").dnsAnswer(DC).close(),
  ),
  witness(
    "loc-srv-stale",
    kerberosRecords("dc9.contoso.com").dnsError(3).close(),
    kerberosRecords("dc9.contoso.com").dnsAnswer(OTHER_DC).close(),
  ),
  witness(
    "tgs-no-reply",
    inVain(challenged().tgsReq(SPN)).close(),
    challenged().tgsReq(SPN).kdc(OTHER_DC).tgs(SPN).close(),
  ),
];

const delegation: readonly Witness[] = [
  witness("del-kcd-not-supported", delegated(0xc00000bb), delegated()),
  witness("del-kcd-no-match", delegated(0xc0000272), delegated()),
  witness("del-rbcd-denied", delegated(0xc0000225), delegated()),
  witness("del-not-forwardable", delegated(0xc000006e), delegated()),
  witness("del-13-no-status", delegated(), delegated(0xc0000272)),
];

const tickets: readonly Witness[] = [
  witness(
    "tgs-wrong-realm",
    scene()
      .dns("web.fabrikam.com", WEB)
      .host("web.fabrikam.com")
      .get("/")
      .reply(401, "Negotiate")
      .tgsReq("krbtgt/FABRIKAM.COM")
      .krbError(7)
      .close(),
    unknown(SPN, resolved()),
  ),
  ...searches("tgs-wrong-realm", 68),
  witness(
    "tgs-referral-unknown",
    challenged().tgsReq(SPN).referral("FABRIKAM.COM").kdc(OTHER_DC).tgsReq(SPN, fabrikam).krbError(7).close(),
    unknown(SPN, resolved()),
  ),
  witness(
    "tgs-referral-loop",
    challenged()
      .tgsReq(SPN)
      .referral("FABRIKAM.COM")
      .kdc(OTHER_DC)
      .tgsReq(SPN, fabrikam)
      .referral("CONTOSO.COM")
      .kdc(DC)
      .tgsReq(SPN)
      .referral("FABRIKAM.COM")
      .wait(6)
      .close(),
    challenged().tgsReq(SPN).referral("FABRIKAM.COM").wait(6).close(),
  ),
  witness("tgs-spn-ip", unknown(`HTTP/${WEB}`, scene().host(WEB)), unknown(SPN, resolved())),
  witness("tgs-spn-port", unknown(`${SPN}:8085`, resolved()), unknown(SPN, resolved())),
  witness(
    "dns-ptr-spn",
    unknown(
      "HTTP/node7.contoso.com",
      resolved().dnsQuery("104.2.168.192.in-addr.arpa", "PTR").dnsAnswer("node7.contoso.com"),
    ),
    unknown(SPN, resolved().dnsQuery("104.2.168.192.in-addr.arpa", "PTR").dnsAnswer("node7.contoso.com")),
  ),
  witness(
    "dns-cname-spn",
    unknown(SPN, scene().dns("www.contoso.com", `CNAME ${HOST}`, WEB).host("www.contoso.com")),
    unknown(SPN, resolved()),
  ),
  witness(
    "tgs-spn-short",
    unknown("HTTP/iisserver", scene().dns("iisserver", WEB).host("iisserver")),
    unknown(SPN, resolved()),
  ),
  ...searches("tgs-s-unknown", 7),
  ...searches("tgs-not-unique", 8),
  ...searches("tgs-etype", 14),
  ...searches("tgs-skew", 37),
  ...searches("tgs-tkt-expired", 32),
  ...searches("tgs-tkt-nyv", 33),
  ...searches("tgs-integrity", 31, 41, 44),
  ...searches("tgs-tgt-revoked", 20),
  ...searches("tgs-policy", 12),
  ...searches("tgs-client-revoked", 1, 18, 21),
  ...searches("tgs-service-revoked", 2, 9, 19, 22),
  ...searches("tgs-path", 28),
  ...searches("tgs-server-nomatch", 26),
  ...searches("tgs-badmatch", 36),
  ...searches("tgs-u2u", 27, 69),
  ...searches("tgs-c-unknown", 6),
  ...searches("tgs-svc-unavailable", 29),
  ...searches("tgs-generic", 60),
  ...searches("tgs-badoption", 13),
];

/** One client's token is refused; another's, with the key that the service has, is not. */
function refusedBeside(wish: TicketWish, answer: string): Scene {
  const unlike = { issue: 4, ...wish };
  const refused = challenged().tgs(SPN, unlike).get("/", krb5(SPN, unlike)).reply(401, answer).close();
  const other = refused.client("192.168.2.102").get("/").reply(401, "Negotiate").tgs(SPN);
  return other.get("/", krb5(SPN)).reply(200, apRepToken());
}

const PROXY_SPN = "HTTP/proxy.contoso.com";
const proxied = () => scene().dns("proxy.contoso.com", WEB).server(WEB, 3128).get("/").reply(407, "Negotiate");
const proxyToken = (s: Scene) => s.get("/", krb5(PROXY_SPN), { proxy: true });
const askedAgain = (s: Scene) => s.get("/").reply(407, "Negotiate");

const tokens: readonly Witness[] = [
  witness(
    "http-407-loop",
    proxyToken(proxied().tgs(PROXY_SPN)).reply(407, "Negotiate"),
    proxyToken(proxied().tgs(PROXY_SPN)).reply(200),
  ),
  witness(
    "http-407-loop",
    askedAgain(askedAgain(proxied().tgsReq(PROXY_SPN).krbError(7))).close(),
    proxied().tgsReq(PROXY_SPN).krbError(7).close(),
  ),
  witness("ap-400-size", presented().reply(431), presented().reply(500)),
  ...refusals("ap-modified", 41),
  ...refusals("ap-bad-integrity", 31),
  ...refusals("ap-kvno", 44),
  ...refusals("ap-etype-server", 14),
  witness("ap-kvno", refusedBeside({ kvno: 4 }, errorToken(41)), refusedBeside({ issue: 3 }, errorToken(41))),
  witness("ap-etype-server", refusedBeside({ etype: 23 }, "Negotiate"), refusedBeside({ issue: 3 }, "Negotiate")),
  witness(
    "ap-etype-server",
    presented().reply(401, errorToken(60, { etext: "Encryption type aes256-cts-hmac-sha1-96 not permitted" })),
    presented().reply(401, errorToken(60, { etext: "Wrong principal in request" })),
  ),
  ...refusals("ap-nokey", 45),
  ...refusals("ap-not-us", 35),
  ...refusals("ap-skew", 37),
  ...refusals("ap-tkt-expired", 32),
  ...refusals("ap-tkt-nyv", 33),
  ...refusals("ap-repeat", 34),
  ...refusals("ap-badaddr", 38),
  ...refusals("ap-mutual", 46),
  ...refusals("tgs-path", 51),
  ...refusals("ap-generic", 60),
  witness(
    "ap-defective-token",
    withTicket().get("/", cutToken(SPN)).reply(401, "Negotiate"),
    presented().reply(401, "Negotiate"),
  ),
  witness(
    "neg-mech-selected-ntlm",
    presented().reply(401, ntlmInsteadToken()).close(),
    presented().reply(401, rejectToken()).close(),
  ),
  witness("ap-reject-negstate", presented().reply(401, rejectToken()), presented().reply(401, errorToken(41))),
  witness("ap-401-bare", presented().reply(401, "Negotiate"), presented().reply(401, rejectToken())),
  witness("tcp-rst-mid", presented().reset(), inVain(presented())),
  witness("ap-no-response", inVain(presented()), presented().reset()),
];

const unsent: readonly Witness[] = [
  witness("tgs-spn-ip", scene().host(WEB).get("/").reply(401, "Negotiate").close(), challenged().close()),
  witness(
    "neg-ntlm-no-tgs",
    challenged().get("/", ntlm(1)).reply(401, ntlm(2)).get("/", ntlm(3)).reply(200),
    challenged().close(),
  ),
  witness("neg-basic-chosen", challenged().get("/", basic).reply(200), challenged().close()),
  witness("ap-defective-token", challenged().get("/", "Negotiate !!!").close(), challenged().close()),
  witness(
    "http-401-ignored",
    resolved().get("/", undefined, { agent: BROWSER }).reply(401, "Negotiate").close(),
    challenged().close(),
  ),
  witness("tgs-no-request", challenged().close(), withTicket().close()),
  witness("ap-not-sent", withTicket().close(), loggedOn().close()),
];

const ntlmOnly = () => resolved().get("/").reply(401, "NTLM");
const toChangePassword = () => scene().asReq({ sname: "kadmin/changepw", proof: true }).issued();

const negotiated: readonly Witness[] = [
  witness(
    "http-negotiate-stripped",
    resolved().get("/").header("Via: 1.1 gateway").reply(401, 'Basic realm="x"'),
    resolved().get("/").reply(401, 'Basic realm="x"'),
  ),
  witness(
    "neg-anon",
    challenged().get("/", ntlm(1)).reply(401, ntlm(2)).get("/", ntlmAnonymous()).reply(200),
    challenged().get("/", ntlm(1)).reply(401, ntlm(2)).get("/", ntlm(3)).reply(200),
  ),
  witness("neg-downgrade", presented().reply(200, otherMechanismToken()), loggedOn()),
  witness("neg-ntlm-only-offer", ntlmOnly(), resolved().get("/").reply(401, 'Basic realm="x"')),
  witness("neg-negoex", challenged().get("/", negoEx()).reply(401), challenged().get("/", ntlm(1)).reply(401)),
  witness(
    "ap-401-loop",
    presented().reply(401, "Negotiate").get("/", krb5(SPN)).reply(401).get("/", krb5(SPN)).reply(401),
    presented().reply(401, "Negotiate").get("/", krb5(SPN)).reply(401),
  ),
  witness("kpasswd-blocked", inVain(toChangePassword().kdcSyn(464)), toChangePassword()),
  witness("cap-loopback", scene().client(WEB).get("/").reply(401, "Negotiate").close(), challenged().close()),
  witness("tcp-arp", inVain(resolved().arp(WEB).wait(1).arp(WEB).dns("x.contoso.com", DC)), inVain(resolved().syn())),
];

const captured: readonly Witness[] = [
  witness("cap-ended-early", presented(), loggedOn()),
  witness("cap-one-sided", scene().seesOnly("192.168.2.101").get("/", krb5(SPN)).reply(200).get("/b"), presented()),
  witness(
    "cap-lost-packets",
    presented()
      .unseen((s) => s.reply(200))
      .close(),
    loggedOn().close(),
  ),
  witness("cap-lost-packets", resolved().syn().wait(9).dns("x.contoso.com", WEB), resolved().syn().wait(1).synRepeat()),
  witness(
    "cap-truncated",
    scene().get("/", krb5(SPN)).reply(401, "Negotiate").snap(120),
    scene().get("/", krb5(SPN)).reply(401, "Negotiate"),
  ),
  witness("cap-tls", resolved().tls(HOST).tgs(SPN), loggedOn()),
  witness("cap-no-http", scene().tgs(SPN), loggedOn()),
  witness("cap-no-http", resolved(), loggedOn(), HOST),
  witness("ap-500", presented().reply(500), presented().reply(500, acceptToken())),
  witness("cap-no-kdc", resolved().get("/", krb5(SPN)).reply(200), loggedOn()),
  witness("cap-started-late", challenged().startsHere().tgs(SPN).get("/", krb5(SPN)).reply(200), loggedOn()),
  witness(
    "cap-started-late",
    resolved().get("/", ntlm(1)).reply(401, ntlm(2)).startsHere().get("/", ntlm(3)).reply(200),
    resolved().get("/", ntlm(1)).reply(401, ntlm(2)).get("/", ntlm(3)).reply(200),
  ),
  witness(
    "cap-one-sided",
    challenged()
      .tgsReq(SPN)
      .unseen((s) => s.issued())
      .get("/", krb5(SPN))
      .reply(200),
    loggedOn(),
  ),
];

const PTR_NAME = "HTTP/node7.contoso.com";
const reversed = () =>
  resolved()
    .dnsQuery("104.2.168.192.in-addr.arpa", "PTR")
    .dnsAnswer("node7.contoso.com")
    .get("/")
    .reply(401, "Negotiate");
const aliased = () => scene().dns("www.contoso.com", `CNAME ${HOST}`, WEB).host("www.contoso.com").get("/");

const beside: readonly Witness[] = [
  witness(
    "dns-ptr-spn",
    reversed().tgs(PTR_NAME).get("/", krb5(PTR_NAME)).reply(200, apRepToken()),
    reversed().tgs(SPN).get("/", krb5(SPN)).reply(200, apRepToken()),
  ),
  witness(
    "dns-cname-spn",
    aliased().reply(401, "Negotiate").tgs(SPN).get("/", krb5(SPN)).reply(401, errorToken(41)),
    aliased().reply(401, "Negotiate").tgs(SPN).get("/", krb5(SPN)).reply(401, errorToken(37)),
  ),
  witness(
    "kdc-error-recovered",
    challenged().tgsReq(SPN).krbError(37).tgs(SPN).get("/", krb5(SPN)).reply(200),
    loggedOn(),
  ),
  witness(
    "perf-kdc-failover",
    challenged().kdc(OTHER_DC).tgsReq(SPN).wait(1).kdc(DC).tgs(SPN).get("/", krb5(SPN)).reply(200),
    loggedOn(),
  ),
  witness(
    "neg-ntlm-after-kdc-err",
    challenged().tgsReq(SPN).krbError(7).get("/", ntlm(1)).reply(401),
    challenged().tgsReq(SPN).krbError(7).close(),
  ),
  witness(
    "tgs-rc4-ticket",
    challenged()
      .tgs(SPN, { etype: 23 })
      .get("/", krb5(SPN, { etype: 23 }))
      .reply(200),
    loggedOn(),
  ),
  witness("perf-kdc-slow", challenged().tgsReq(SPN).wait(2).issued().get("/", krb5(SPN)).reply(200), loggedOn()),
  witness(
    "perf-per-request-auth",
    loggedOn().get("/", krb5(SPN)).reply(200).get("/", krb5(SPN)).reply(200),
    loggedOn().get("/").reply(200),
  ),
  witness(
    "ap-size-warn",
    challenged()
      .get("/", krb5(SPN, { size: 7000 }))
      .reply(200),
    loggedOn(),
  ),
  witness(
    "tgs-spn-name-differs",
    scene()
      .dns("www.contoso.com", `CNAME ${HOST}`, WEB)
      .host("www.contoso.com")
      .get("/")
      .reply(401, "Negotiate")
      .tgs(SPN)
      .get("/", krb5(SPN))
      .reply(200),
    loggedOn(),
  ),
  witness("ap-skew", withDate(240), withDate(1)),
  witness(
    "neg-ntlm-after-reject",
    presented().reply(401, errorToken(41)).get("/", ntlm(1)).reply(401),
    challenged().tgsReq(SPN).krbError(7).get("/", ntlm(1)).reply(401),
  ),
];

const SRV = "_ldap._tcp.dc._msdcs.contoso.com";
const KDC_SRV = "_kerberos._tcp.dc._msdcs.contoso.com";
const located = () => scene().srv(SRV, "dca.contoso.com").dns("dca.contoso.com", DC);
const found = () => located().dcPing().dcAnswer();
const machine = { host: "CLIENT1", user: "CLIENT1$" };
const noKdc = { flags: DC_FLAGS & ~KDC_FLAG };

const locator: readonly Witness[] = [
  witness("loc-srv-nxdomain", scene().dnsQuery(SRV, "SRV").dnsError(3), located()),
  witness(
    "loc-kdc-realm",
    challenged().dnsQuery(SRV, "SRV").dnsError(3).close(),
    challenged().srv(SRV, "dca.contoso.com").close(),
  ),
  witness(
    "loc-srv-nxdomain",
    scene().srv(SRV).wait(1).srv("_ldap._tcp.contoso.com"),
    scene().srv(SRV).srv(KDC_SRV, "dca.contoso.com"),
  ),
  // Any LDAP client may ask for the plain form: its failure is told where nothing better is known.
  witness(
    "loc-srv-nxdomain",
    scene().dnsQuery("_ldap._tcp.contoso.com", "SRV").dnsError(3),
    scene().srv("_ldap._tcp.contoso.com", "a.contoso.com"),
  ),
  witness("dns-servfail", scene().dnsQuery(SRV, "SRV").dnsError(2), scene().dnsQuery(SRV, "SRV").dnsError(3)),
  witness("dns-timeout", inVain(scene().dnsQuery(SRV, "SRV")), scene().dnsQuery(SRV, "SRV")),
  witness(
    "loc-srv-stale",
    scene().srv(SRV, "dc9.contoso.com").dnsQuery("dc9.contoso.com").dnsError(3),
    scene().srv(SRV, "dc9.contoso.com").dns("dc9.contoso.com", OTHER_DC).dcPing(OTHER_DC).dcAnswer(),
  ),
  witness(
    "loc-srv-stale",
    scene()
      .srv(SRV, "dc9.contoso.com", "dca.contoso.com")
      .dns("dc9.contoso.com")
      .dns("dca.contoso.com", DC)
      .dcPing()
      .dcAnswer(),
    found(),
  ),
  witness(
    "loc-srv-stale",
    located().dcPing(OTHER_DC).wait(1).again().dcPing().dcAnswer(),
    located().dcPing(OTHER_DC).dcPing().dcAnswer(),
  ),
  witness("loc-cldap-silent", inVain(located().dcPing()), inVain(located().dcPing()).dcPing(OTHER_DC).dcAnswer()),
  witness(
    "loc-cldap-silent",
    inVain(challenged().srv(SRV, "dca.contoso.com").dns("dca.contoso.com", DC).dcPing()).close(),
    challenged().srv(SRV, "dca.contoso.com").dns("dca.contoso.com", DC).dcPing().dcAnswer().close(),
  ),
  witness("loc-cldap-icmp", located().dcPing().icmp(3, DC), located().dcPing().icmp(3, DC).dcPing(OTHER_DC).dcAnswer()),
  witness("loc-cldap-empty", located().dcPing().dcDone(), found()),
  ...[21, 25].map((opcode) =>
    witness(
      "loc-user-unknown",
      located().dcPing(DC, machine).dcAnswer({ opcode, user: machine.user }),
      located().dcPing(DC, machine).dcAnswer({ user: machine.user }),
    ),
  ),
  ...[20, 24].map((opcode) => witness("loc-paused", located().dcPing().dcAnswer({ opcode }), found())),
  witness(
    "loc-no-kdc-flag",
    scene().srv(KDC_SRV, "dca.contoso.com").dcPing().dcAnswer(noKdc),
    scene().srv(KDC_SRV, "dca.contoso.com").dcPing().dcAnswer(),
  ),
  witness("loc-no-kdc-flag", located().dcPing().dcAnswer(noKdc), found()),
  witness(
    "loc-wrong-site",
    located()
      .dcPing()
      .dcAnswer({ clientSite: "Branch", flags: DC_FLAGS & ~CLOSEST_FLAG }),
    located().dcPing().dcAnswer({ clientSite: "Branch" }),
  ),
  witness(
    "loc-wrong-site",
    located()
      .dcPing()
      .dcAnswer({ clientSite: "", flags: DC_FLAGS & ~CLOSEST_FLAG }),
    found(),
  ),
  witness("loc-dc-failover", located().dcPing(OTHER_DC).dcAnswer({ opcode: 24 }).dcPing().dcAnswer(), found()),
  witness(
    "loc-netbios-only",
    inVain(scene().netbios("CONTOSO")),
    inVain(scene().netbios("CONTOSO")).srv(SRV, "dca.contoso.com").dcPing().dcAnswer(),
  ),
  witness("loc-netbios-only", scene().netbios("CONTOSO").netbiosAnswer(DC).dcPing().dcAnswer(), found()),
  witness("cap-no-cldap", located().wait(6).dns("x.contoso.com", WEB), found().wait(6).dns("x.contoso.com", WEB)),
];

const looked = () => directory(scene());
const ldapPresented = () => ldapBind(looked().tgs(LDAP_SPN), krb5(LDAP_SPN));
const ldapRefused = (code: number, diagnostic: string) => ldapBound(ldapPresented(), code, { diagnostic });
const passwordRefused = (code: number, diagnostic: string) =>
  ldapBound(simpleBind(looked(), "CONTOSO\\john"), code, { diagnostic });
const SIGNING =
  "00002028: LdapErr: DSID-0C090259, comment: The server requires binds to turn on integrity checking, data 0, v3839";
const BINDINGS = adRefusal("80090346", "80090346");

/** NTLM in place of Kerberos, and what the directory server then said. */
function ldapNtlm(code: number, diagnostic: string, offers?: readonly string[]): Scene {
  const asked = offers ? rootSearch(looked(), offers) : looked();
  const challenged = ldapBound(ldapBind(asked, ntlmInSpnego()), 14, { header: ntlmLeg(2) });
  return ldapBound(ldapBind(challenged, ntlmLeg(3), { id: 3 }), code, { id: 3, diagnostic });
}

const sqlPresented = () => sqlLogin(sqlOpened(scene()).tgs(SQL_SPN), krb5(SQL_SPN));

const ldapServers: readonly Witness[] = [
  witness("ldap-no-kerberos", ldapNtlm(0, "", ["EXTERNAL", "DIGEST-MD5"]), ldapNtlm(0, "", ["GSSAPI", "EXTERNAL"])),
  witness("ldap-cbt", ldapRefused(49, BINDINGS), ldapRefused(49, adRefusal("52e"))),
  witness("ldap-signing", passwordRefused(8, SIGNING), passwordRefused(49, adRefusal("52e"))),
  witness("ldap-signing", ldapRefused(8, SIGNING), ldapBound(ldapPresented(), 0, { header: apRepToken() })),
  witness("ldap-bad-cred", passwordRefused(49, adRefusal("52e")), passwordRefused(8, SIGNING)),
  witness("ldap-bad-cred", ldapRefused(49, "SASL:[GSSAPI]: NT_STATUS_LOGON_FAILURE"), ldapRefused(49, BINDINGS)),
  witness("ldap-cbt", ldapNtlm(49, BINDINGS), ldapNtlm(49, adRefusal("52e"))),
  witness("ldap-signing", ldapNtlm(8, SIGNING), ldapNtlm(0, "")),
  witness("ldap-bad-cred", ldapNtlm(49, adRefusal("52e")), ldapNtlm(0, "")),
  witness("ldap-spn", scene().tgsReq("ldap/contoso.com").krbError(7), scene().tgsReq("host/contoso.com").krbError(7)),
  witness(
    "sql-sspi",
    scene().tgsReq("MSSQLSvc/sql.contoso.com:1433").krbError(7),
    scene().tgsReq("HTTP/sql.contoso.com:1433").krbError(7),
  ),
  witness("sql-sspi", sqlRefuses(sqlPresented(), 18456, "Login failed for user."), sqlAccepts(sqlPresented())),
  witness("kpasswd-blocked", changesOverUdp(mayChange(scene())).icmp(3, DC), mayChange(scene())),
];

export const witnesses: readonly Witness[] = [
  ...names,
  ...connecting,
  ...challenge,
  ...signOn,
  ...kdc,
  ...delegation,
  ...tickets,
  ...tokens,
  ...unsent,
  ...negotiated,
  ...captured,
  ...beside,
  ...locator,
  ...ldapServers,
  ...fileServers,
  ...delegations,
];
