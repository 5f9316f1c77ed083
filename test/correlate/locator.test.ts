import { describe, expect, test } from "vitest";
import { limits } from "../../src/bytes/limits.ts";
import { readLocatorName } from "../../src/correlate/locator-names.ts";
import { DC_FLAGS, KDC_FLAG } from "../scene/locator.ts";
import { DC, HOST, type Scene, SPN, scene, WEB } from "../scene/scene.ts";
import { krb5 } from "../scene/tokens.ts";
import { report, rulesOf, states, told } from "../scene/verdict.ts";

const SRV = "_ldap._tcp.dc._msdcs.contoso.com";
const OTHER = "192.168.2.2";
const located = () => scene().srv(SRV, "dca.contoso.com").dns("dca.contoso.com", DC);

describe("an SRV name of the locator", () => {
  const nothing = { site: null, needsKdc: false, isPlain: false };
  test.each([
    [SRV, { ...nothing, domain: "contoso.com", role: "dc" }],
    ["_ldap._tcp.hq._sites.dc._msdcs.contoso.com", { ...nothing, domain: "contoso.com", role: "dc", site: "hq" }],
    ["_ldap._tcp.hq._sites.contoso.com", { ...nothing, domain: "contoso.com", role: "dc", site: "hq" }],
    ["_ldap._tcp.contoso.com", { ...nothing, domain: "contoso.com", role: "dc", isPlain: true }],
    ["_ldap._tcp.pdc._msdcs.contoso.com", { ...nothing, domain: "contoso.com", role: "pdc" }],
    ["_ldap._tcp.gc._msdcs.contoso.com", { ...nothing, domain: "contoso.com", role: "gc" }],
    ["_gc._tcp.contoso.com", { ...nothing, domain: "contoso.com", role: "gc", isPlain: true }],
    ["_kerberos._tcp.dc._msdcs.contoso.com", { ...nothing, domain: "contoso.com", role: "dc", needsKdc: true }],
    [
      "_kerberos._tcp.hq._sites.contoso.com",
      { ...nothing, domain: "contoso.com", role: "dc", site: "hq", needsKdc: true },
    ],
    [
      "_ldap._tcp.8b7e4f6a-0c4d-4ce1-9a5f-2f1a3d5b7c90.domains._msdcs.contoso.com",
      { ...nothing, domain: "contoso.com", role: "dc" },
    ],
  ])("%s", (name, parts) => expect(readLocatorName(name)).toEqual(parts));

  test.each([
    "_kerberos._udp.contoso.com",
    "_kerberos-master._tcp.contoso.com",
    "_kpasswd._udp.contoso.com",
    "_sip._tcp.contoso.com",
    "_ldap._tcp.",
    "contoso.com",
    "",
  ])("is not %s", (name) => expect(readLocatorName(name)).toBeNull());
});

describe("a search for a domain controller", () => {
  test.each<[string, Scene, readonly string[]]>([
    ["that finds one", located().dcPing().dcAnswer(), ["dc-locator ok kerberos"]],
    ["without a look-up: the name was cached", scene().dcPing().dcAnswer(), ["dc-locator ok kerberos"]],
    ["of which only the answer is in the capture", answerOnly(), ["dc-locator ok kerberos"]],
    ["after an answer of the older form", located().dcPing().dcAnswer({ opcode: 19 }), ["dc-locator ok kerberos"]],
    ["with one of several controllers", oneOfThree(), ["dc-locator ok kerberos"]],
    ["that tries another site first", siteFirst(), ["dc-locator ok kerberos"]],
    ["for two domains at once", twoDomains(), ["dc-locator ok kerberos", "dc-locator diverged@4 refused loc-paused"]],
    ["an hour later again", laterAgain(), ["dc-locator diverged@4 none loc-cldap-icmp", "dc-locator ok kerberos"]],
    [
      "that gets an unknown operation",
      located().dcPing().dcAnswer({ opcode: 99 }),
      ["dc-locator diverged@4 refused unexplained-cldap-response"],
    ],
    [
      "that the KDC of record answers without a ping",
      located().asReq({ proof: true }).issued(),
      ["dc-locator ok kerberos", "sign-on ok kerberos"],
    ],
    [
      "that stops at a site without a controller",
      scene().srv("_ldap._tcp.hq._sites.dc._msdcs.contoso.com"),
      ["dc-locator incomplete unknown"],
    ],
    ["whose ping is the last frame", located().dcPing(), ["dc-locator incomplete unknown"]],
    ["that was pinged a moment ago once more", located().dcPing().wait(0.1).again(), ["dc-locator incomplete unknown"]],
  ])("%s", (_, capture, lines) => expect(told(capture)).toEqual(lines));

  test("does not come of an MIT client's look-ups", () => {
    const capture = scene().dnsQuery("_kerberos._udp.contoso.com", "SRV").dnsAnswer("dca.contoso.com");
    expect(told(capture)).toEqual([]);
  });

  test.each<[string, Scene, readonly string[]]>([
    ["NetBIOS alone, and nobody answers", netbiosInVain(), ["dc-locator diverged@1 none loc-netbios-only"]],
    ["NetBIOS alone, answered: the rest is not in the capture", scene().netbios("CONTOSO").netbiosAnswer(DC), []],
    [
      "a mailslot in vain",
      scene().mailslot("CONTOSO").wait(1).again().wait(3).again().wait(6).again(),
      ["dc-locator diverged@1 none loc-netbios-only"],
    ],
    ["a mailslot that is answered", scene().mailslot("CONTOSO").mailslot("CONTOSO", 19), []],
    [
      "NetBIOS, then a ping",
      scene().netbios("CONTOSO").netbiosAnswer(DC).dcPing().dcAnswer(),
      ["dc-locator ok kerberos"],
    ],
    [
      "NetBIOS where DNS has nothing",
      scene().dnsQuery(SRV, "SRV").dnsError(3).netbios("CONTOSO").wait(6).again(),
      ["dc-locator diverged@2 none loc-srv-nxdomain"],
    ],
    [
      "a mailslot where DNS has nothing",
      scene().dnsQuery(SRV, "SRV").dnsError(3).mailslot("CONTOSO").mailslot("CONTOSO", 23),
      ["dc-locator ok kerberos"],
    ],
    [
      "a NetBIOS name that does not exist",
      scene().netbios("CONTOSO").netbiosAnswer().wait(6).dns("x.test", WEB),
      ["dc-locator diverged@1 none loc-netbios-only"],
    ],
  ])("with %s", (_, capture, lines) => expect(told(capture)).toEqual(lines));

  test("by NetBIOS only does not drown the login beside it", () => {
    const login = netbiosInVain()
      .dns(HOST, WEB)
      .get("/")
      .reply(401, "Negotiate")
      .tgs(SPN)
      .get("/", krb5(SPN))
      .reply(200);
    expect(told(login)).toEqual(["http ok kerberos"]);
  });

  test("stands beside the login that it preceded", () => {
    const login = (s: Scene) =>
      s.dns(HOST, WEB).get("/").reply(401, "Negotiate").tgs(SPN).get("/", krb5(SPN)).reply(200);
    expect(told(login(located().dcPing().dcAnswer()))).toEqual(["dc-locator ok kerberos", "http ok kerberos"]);
  });

  test("names the controllers, their answers and their sites", () => {
    const [sequence] = report(located().dcPing(OTHER).dcDone().dcPing(DC, { host: "CLIENT1" }).dcAnswer()).sequences;
    expect(sequence?.service).toEqual({ host: "contoso.com", realm: "CONTOSO.COM", address: DC, port: 389 });
    expect(sequence?.client).toEqual({ address: "192.168.2.101", name: "CLIENT1" });
    expect(sequence?.facts["domainControllers"]).toMatchObject([
      { address: OTHER, fate: "empty" },
      { address: DC, fate: "found", dc: "dca.contoso.com", dcSite: "Headquarters" },
    ]);
  });

  test("has steps that were seen, cached or never captured", () => {
    expect(states(located().dcPing().dcAnswer())).toEqual({
      1: "observed",
      2: "observed",
      3: "observed",
      4: "observed",
    });
    expect(states(scene().dcPing().dcAnswer())).toMatchObject({ 1: "not-captured", 2: "not-captured" });
    expect(states(scene().dns("x.contoso.com", WEB).dcPing().dcAnswer())).toMatchObject({ 1: "cached", 2: "cached" });
    expect(states(scene().dnsQuery(SRV, "SRV").dnsError(3))).toMatchObject({ 2: "diverged", 3: "not-reached" });
  });

  test("is told to whoever names its controller or its domain", () => {
    for (const host of ["dca.contoso.com", "contoso.com", DC]) {
      expect(told(located().dcPing().dcAnswer(), host)).toEqual(["dc-locator ok kerberos"]);
    }
    expect(told(located().dcPing().dcAnswer(), "other.contoso.com")).toEqual([]);
  });

  test("explains the names it failed at: they are no candidates of their own", () => {
    const capture = scene().srv(SRV, "dc9.contoso.com").dnsQuery("dc9.contoso.com").dnsError(3);
    expect(rulesOf(capture)).toEqual(["loc-srv-stale"]);
  });

  test("takes a controller without the KDC flag where no KDC was asked for", () => {
    const capture = located()
      .dcPing()
      .dcAnswer({ flags: DC_FLAGS & ~KDC_FLAG });
    expect(told(capture)).toEqual(["dc-locator ok kerberos"]);
    expect(rulesOf(capture)).toEqual(["loc-no-kdc-flag"]);
  });
});

describe("limits.evidencePerClient", () => {
  const many = limits.evidencePerClient + 300;
  test("searches that are over are told before the end, each once", () => {
    const capture = scene();
    for (let n = 0; n < many; n++)
      capture
        .wait(1)
        .dcPing(DC, { domain: `d${n}.test` })
        .dcAnswer({ domain: `d${n}.test` });
    const { sequences } = report(capture);
    expect(sequences).toHaveLength(many);
    expect(new Set(sequences.map(({ service }) => service.host)).size).toBe(many);
  });
  test("one search that fills it is told as it stands", () => {
    const capture = scene();
    for (let n = 0; n < many; n++) capture.dcPing().dcAnswer({ opcode: 24 });
    expect(new Set(told(capture))).toEqual(new Set(["dc-locator diverged@4 refused loc-paused"]));
  });
  test("look-ups that were told are not told again", () => {
    const capture = scene();
    for (let n = 0; n < many; n++) capture.wait(1).dnsQuery(`_ldap._tcp.dc._msdcs.d${n}.test`, "SRV").dnsError(3);
    const names = report(capture).sequences.map(({ service }) => service.host);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBe(many);
  });
  test("a ping that is repeated for ever keeps so many of its frames", () => {
    const capture = located().dcPing();
    for (let n = 0; n < 200; n++) capture.wait(1).again();
    const [sequence] = report(capture).sequences;
    expect(sequence?.steps[2]?.frames).toHaveLength(limits.framesPerStep);
    expect(sequence?.divergedAt).toBe(4);
  });
});

function netbiosInVain(): Scene {
  return scene().netbios("CONTOSO").wait(1).again().wait(3).again().wait(6).again();
}

function answerOnly(): Scene {
  return scene()
    .unseen((s) => s.dcPing())
    .dcAnswer();
}

function oneOfThree(): Scene {
  return located().dcPing("192.168.2.3").dcPing(OTHER).icmp(3, OTHER).dcPing().dcAnswer();
}

function siteFirst(): Scene {
  return scene().srv("_ldap._tcp.hq._sites.dc._msdcs.contoso.com").srv(SRV, "dca.contoso.com").dcPing().dcAnswer();
}

function twoDomains(): Scene {
  const domain = "fabrikam.com";
  return located().dcPing(OTHER, { domain }).dcAnswer({ opcode: 24, domain }).dcPing().dcAnswer();
}

function laterAgain(): Scene {
  return located().dcPing().icmp(3, DC).wait(3600).dcPing().dcAnswer();
}
