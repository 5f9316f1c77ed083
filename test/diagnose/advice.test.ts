import { describe, expect, test } from "vitest";
import { nt } from "../../dissectors/erref/codes.ts";
import { asCommand } from "../../src/diagnose/command.ts";
import { rules } from "../../src/diagnose/rules/index.ts";
import { StoryWords } from "../../src/diagnose/words.ts";
import { nothing } from "../../src/explain/pretend.ts";
import type { Finding } from "../../src/model/report.ts";
import { DC, HOST, type Scene, SPN, scene, WEB } from "../scene/scene.ts";
import { krb5, ntlm } from "../scene/tokens.ts";
import { report } from "../scene/verdict.ts";

const OTHER_DC = "192.168.2.2";
const resolved = () => scene().dns(HOST, WEB);
const challenged = () => resolved().get("/").reply(401, "Negotiate");
const found = (s: Scene, rule: string): Finding | undefined =>
  report(s)
    .sequences.flatMap(({ findings }) => findings)
    .find((finding) => finding.rule === rule);

describe("the commands of every rule", () => {
  const lines = rules.flatMap((rule) => {
    const story = nothing("http");
    const { confirm, fix } = rule.advise(new StoryWords(story), story);
    return [...confirm, ...fix].map((line) => ({ rule: rule.id, command: asCommand(line) }));
  });
  const commands = lines.filter(({ command }) => !command.startsWith("#"));

  test("can be pasted into PowerShell: none is written for cmd", () => {
    expect(commands.filter(({ command }) => /%\w+%| & |&&/.test(command))).toEqual([]);
  });
  test("are found there: curl is another command in Windows PowerShell, and no PATH leads to appcmd", () => {
    expect(commands.filter(({ command }) => /^(curl|appcmd)\b(?!\.exe)/.test(command))).toEqual([]);
  });
  test("are no sentences", () => {
    expect(commands.filter(({ command }) => / or [a-z]/.test(command.replace(/ {2}# .*$/, "")))).toEqual([]);
  });
});

describe("an answer that is no challenge", () => {
  const fixOf = (status: number) => found(resolved().get("/").reply(status), "http-no-401")?.fix.join("\n");
  test("of anonymous access: switch it off", () => {
    expect(fixOf(200)).toContain("windowsAuthentication /enabled:true");
    expect(fixOf(200)).toContain("anonymousAuthentication /enabled:false");
  });
  test.each([
    [302, /redirect/],
    [400, /scheme and port/],
    [403, /rule that refuses.*403\.6/],
    [404, /binding/],
    [500, /application/],
    [503, /back-end or its application pool/],
  ])("of status %i: what fits it", (status, fix) => {
    expect(fixOf(status)).toMatch(fix);
    expect(fixOf(status)).not.toContain("/enabled:");
  });
});

describe("a challenge without Negotiate", () => {
  const without = (scheme: string) => found(resolved().get("/").reply(401, scheme), "http-no-negotiate");
  test("with NTLM: the list of providers lacks it", () => {
    expect(without("NTLM")?.causes[0]).toMatch(/providers/);
    expect(without("NTLM")?.fix.join("\n")).not.toContain("/enabled:true");
  });
  test("without NTLM: Windows authentication is off", () => {
    expect(without('Basic realm="x"')?.causes[0]).toMatch(/is off for this site/);
    expect(without('Basic realm="x"')?.fix[0]).toContain("windowsAuthentication /enabled:true");
  });
});

describe("a browser that ignores the challenge is told to trust the site", () => {
  const WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)";
  const told = (agent: string) =>
    found(resolved().get("/", undefined, { agent }).reply(401, "Negotiate").close(), "http-401-ignored");
  test.each([
    [`${WINDOWS} Chrome/140.0 Safari/537.36 Edg/140.0`, /Microsoft\\Edge/],
    [`${WINDOWS} Chrome/140.0 Safari/537.36`, /Google\\Chrome/],
    [`${WINDOWS} Firefox/140.0`, /network\.negotiate-auth\.trusted-uris to iisserver\.contoso\.com/],
    ["Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/140.0", /policy AuthServerAllowlist/],
  ])("%s", (agent, fix) => {
    const { fix: lines = [], confirm = [] } = told(agent) ?? {};
    expect(lines[0]).toMatch(fix);
    expect(lines.join("\n").match(/AuthServerAllowlist|trusted-uris/g)).toHaveLength(1);
    expect(confirm.some((line) => line.includes("inetcpl"))).toBe(agent.includes("Windows"));
  });
  test("each of them where it is another", () => {
    expect(told(`${WINDOWS} Trident/7.0`)?.fix.join("\n")).toMatch(/Edge.*Chrome.*Firefox/s);
  });
});

describe("a KDC that is silent over UDP and answers over TCP", () => {
  const overTcp = (s: Scene) => s.tgs(SPN, { over: "tcp" }).get("/", krb5(SPN)).reply(200);
  const silent = () => challenged().tgsReq(SPN).wait(1);
  test("twice: the way is closed", () => {
    const [fix] = found(overTcp(silent().tgsReq(SPN).wait(1)), "perf-kdc-failover")?.fix ?? [];
    expect(fix).toBe(`# allow UDP 88 from 192.168.2.101 to ${DC}, and the answers back`);
  });
  test("once, or another KDC: no more than that it did not answer", () => {
    expect(found(overTcp(silent()), "perf-kdc-failover")?.fix).toEqual([
      "# remove or repair the KDC that does not answer",
    ]);
    const other = overTcp(challenged().kdc(OTHER_DC).tgsReq(SPN).wait(1).tgsReq(SPN).wait(1).kdc(DC));
    expect(found(other, "perf-kdc-failover")?.fix).toEqual(["# remove or repair the KDC that does not answer"]);
  });
});

test("NTLM that is refused before anybody says who he is proves no password wrong", () => {
  const first = found(challenged().get("/", ntlm(1)).reply(401, "Negotiate").close(), "neg-ntlm-fail");
  expect(first?.causes).toEqual(["the server cannot do NTLM, or a policy forbids it"]);
  const last = challenged().get("/", ntlm(1)).reply(401, ntlm(2)).get("/", ntlm(3)).reply(401, "Negotiate");
  expect(found(last, "neg-ntlm-fail")?.causes[0]).toBe("the password or domain is wrong");
});

test.each([
  "_kerberos._udp.contoso.com",
  "_kerberos._tcp.dc._msdcs.contoso.com",
  "_kerberos._tcp.Main._sites.dc._msdcs.contoso.com",
])("the domain whose KDC nobody knows is that of the look-up: %s", (name) => {
  const none = found(challenged().dnsQuery(name, "SRV").dnsError(3).close(), "loc-kdc-realm");
  expect(none?.confirm.at(-1)).toBe("nltest /dsgetdc:contoso.com /force /kdc");
});

test("a sign-on that stopped names the user who may try again", () => {
  const stopped = found(scene().asReq({ cname: "John" }).krbError(25), "as-preauth-only");
  expect(stopped?.fix[0]).toMatch(/^kinit John@CONTOSO\.COM {2}#/);
});

describe("an account that may not sign on gets the repair that its status asks for", () => {
  const signOn = (code: number, ntStatus?: number) =>
    scene()
      .asReq({ cname: "John", proof: true })
      .krbError(code, ntStatus === undefined ? {} : { ntStatus });
  const fixes = (s: Scene, rule: string) => found(s, rule)?.fix;
  test.each([
    [nt.ACCOUNT_DISABLED, "Enable-ADAccount John"],
    [nt.ACCOUNT_LOCKED_OUT, "Unlock-ADAccount John"],
    [nt.ACCOUNT_EXPIRED, "Clear-ADAccountExpiration John"],
    [
      nt.INVALID_LOGON_HOURS,
      "# change the logon hours of John: its Account tab in Active Directory Users and Computers",
    ],
  ])("KDC_ERR_CLIENT_REVOKED with 0x%x", (status, fix) => {
    expect(fixes(signOn(18, status), "as-client-revoked")).toEqual([fix]);
    const later = challenged().tgsReq(SPN).krbError(18, { ntStatus: status });
    expect(fixes(later, "tgs-client-revoked")).toEqual([fix.replace("John", "<user>"), "# then log on again"]);
  });
  test.each([
    [nt.INVALID_WORKSTATION, /LogonWorkstations/],
    [nt.SMARTCARD_LOGON_REQUIRED, /smart card/],
    [nt.AUTHENTICATION_FIREWALL_FAILED, /Allowed to authenticate/],
    [nt.ACCOUNT_RESTRICTION, /Protected Users/],
  ])("KDC_ERR_POLICY with 0x%x", (status, fix) => {
    const told = fixes(signOn(12, status), "as-policy") ?? [];
    expect(told[0]).toMatch(fix);
    expect(told.join("\n").includes("LogonWorkstations")).toBe(status === nt.INVALID_WORKSTATION);
  });
  test("every repair that may help where there is no status", () => {
    expect(fixes(signOn(18), "as-client-revoked")).toHaveLength(3);
    expect(fixes(signOn(12), "as-policy")).toHaveLength(2);
  });
  test("selective authentication does not disable accounts", () => {
    const refused = (ntStatus: number) => challenged().tgsReq(SPN).krbError(12, { ntStatus });
    expect(fixes(refused(nt.AUTHENTICATION_FIREWALL_FAILED), "tgs-policy")).toHaveLength(1);
    expect(fixes(refused(nt.ACCOUNT_RESTRICTION), "tgs-policy")?.[0]).toBe("Enable-ADAccount <user>");
  });
});
