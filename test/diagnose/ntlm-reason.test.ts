import { describe, expect, test } from "vitest";
import { atBack, atFront, frontAnswers } from "../scene/delegation.ts";
import { directory, ldapBind, rootSearch } from "../scene/ldap.ts";
import { CLIENT, HOST, type Scene, SPN, scene, WEB } from "../scene/scene.ts";
import { filesScene, ntlmLogin, offered } from "../scene/smb.ts";
import {
  apRepToken,
  errorToken,
  krb5,
  negoEx,
  ntlm,
  ntlmAnonymous,
  ntlmAs,
  ntlmInSpnego,
  ntlmInsteadToken,
  ntlmLeg,
  pickNtlm,
} from "../scene/tokens.ts";
import { report } from "../scene/verdict.ts";

const reasonsOf = (s: Scene) => report(s).sequences.map(({ facts }) => facts["ntlmReason"]);
const resolved = () => scene().dns(HOST, WEB);
const challenged = (s = resolved()) => s.get("/").reply(401, "Negotiate", "NTLM");
const withNtlm = (s: Scene) => s.get("/", ntlm(1)).reply(401, ntlm(2)).get("/", ntlm(3)).reply(200);
const inVain = (s: Scene) => s.wait(1).again().wait(3).again().wait(6).again();
const signedOn = () => scene().asReq({ proof: true }).issued();
const withAccount = (user: string, domain: string, workstation: string) =>
  challenged()
    .get("/", ntlmInSpnego())
    .reply(401, ntlmLeg(2))
    .get("/", ntlmAs(user, domain, workstation))
    .reply(200);

describe("why NTLM", () => {
  const reasons: readonly (readonly [string, Scene, RegExp])[] = [
    ["the KDC refused", withNtlm(challenged().tgsReq(SPN).krbError(7)), /^The KDC refused .* \(7\): without/],
    [
      "the service refused Kerberos",
      withNtlm(challenged().tgs(SPN).get("/", krb5(SPN)).reply(401, errorToken(41))),
      /^The service refused the Kerberos token first, with KRB_AP_ERR_MODIFIED \(41\)/,
    ],
    [
      "the service answered Kerberos with NTLM",
      challenged().tgs(SPN).get("/", krb5(SPN)).reply(401, ntlmInsteadToken()).get("/", ntlmLeg(3)).reply(200),
      /^The service picked NTLM in answer/,
    ],
    [
      "the service picked",
      withNtlm(challenged().get("/", negoEx()).reply(401, pickNtlm())),
      /^The service picked NTLM from/,
    ],
    [
      "nothing else on offer",
      withNtlm(resolved().get("/").reply(401, "NTLM")),
      /^The service offers NTLM, and nothing/,
    ],
    [
      "a file server offers nothing else",
      ntlmLogin(offered(filesScene(), "NTLMSSP")),
      /^The service offers NTLMSSP, and/,
    ],
    [
      "nobody",
      challenged().get("/", ntlm(1)).reply(401, ntlm(2)).get("/", ntlmAnonymous()).reply(200),
      /^The client logs on as nobody/,
    ],
    ["itself", withNtlm(scene().client(WEB).get("/").reply(401, "Negotiate")), /^Client and service are the same host/],
    ["no sign-on", withNtlm(challenged(scene().asReq().krbError(18))), /^The client has no TGT: .*REVOKED \(18\)/],
    ["half a sign-on", withNtlm(challenged(scene().asReq().krbError(25))), /^The client has no TGT: .* stopped/],
    ["an account of the client", withAccount("jane", "LAPTOP", "laptop"), /jane of its own machine laptop\.$/],
    ["an account of the server", withAccount("jane", "DCA", "LAPTOP"), /jane of the server itself\.$/],
    ["an account of a domain", withAccount("jane", "CONTOSO", "LAPTOP"), /^Not shown/],
    ["a silent KDC", withNtlm(inVain(challenged().tgsReq(SPN))), /^No KDC answered the request for a ticket to HTTP/],
    ["no way to the KDC", withNtlm(inVain(challenged().kdcSyn())), /^No KDC could be reached \(192\.168\.2\.1\)/],
    [
      "a referral to nowhere",
      withNtlm(challenged().tgsReq(SPN).referral("FABRIKAM.COM").wait(6)),
      /^The client was referred to FABRIKAM\.COM/,
    ],
    [
      "an address",
      withNtlm(challenged(scene().host(WEB))),
      /^The service is named by its address \(192\.168\.2\.104\)/,
    ],
    [
      "a ticket left unused",
      withNtlm(challenged().tgs(SPN)),
      /^A ticket for HTTP\/\S+ was issued, and the client used/,
    ],
    ["a single label", withNtlm(challenged(signedOn().host("iisserver"))), /^The service is called by a single label/],
    ["unasked", withNtlm(signedOn()), /^The client began with NTLM unasked/],
    ["unasked at a directory", ldapBind(directory(signedOn()), ntlm(1)), /^The client began with NTLM unasked/],
    [
      "at a directory that offers Kerberos",
      ldapBind(rootSearch(directory(signedOn())), ntlm(1)),
      /^Not shown: the client/,
    ],
    ["no Kerberos of this client", withNtlm(challenged()), /^Not shown: the capture holds no Kerberos traffic/],
    [
      "nothing but the connection",
      withNtlm(scene().get("/").reply(401, "Negotiate")),
      /^Not shown: .*nothing of this client but/,
    ],
  ];
  test.each(reasons)("%s", (_, s, says) => expect(reasonsOf(s).at(-1)).toMatch(says));

  test("of a second hop without the user", () => {
    const second = atBack(atFront()).get("/data", ntlm(1)).reply(401, ntlm(2)).get("/data", ntlmAnonymous()).reply(401);
    const [front, back] = reasonsOf(frontAnswers(second));
    expect(front).toBeUndefined();
    expect(back).toMatch(/^The server goes on for John, and has nothing/);
  });
  test("an SPN in the client's mind is no name that makes none", () => {
    expect(reasonsOf(withNtlm(challenged()))[0]).not.toMatch(/makes no SPN/);
    expect(reasonsOf(withAccount("jane", "CONTOSO", "LAPTOP"))[0]).toMatch(/makes no SPN/);
  });
  test("no reason where no NTLM was used", () => {
    const kerberos = challenged().tgs(SPN).get("/", krb5(SPN)).reply(200, apRepToken());
    expect(reasonsOf(kerberos)).toEqual([undefined]);
    expect(reasonsOf(challenged().client(CLIENT).close())).toEqual([undefined]);
  });
});
