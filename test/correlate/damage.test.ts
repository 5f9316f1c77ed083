import { describe, expect, test } from "vitest";
import { directory, LDAP_SPN, ldapBind, ldapBound, sealed } from "../scene/ldap.ts";
import { HOST, type Scene, SPN, scene, WEB } from "../scene/scene.ts";
import {
  accepted,
  answered,
  askAgain,
  CIFS,
  filesScene,
  loggedOn,
  ntlmLogin,
  offered,
  oldAccepted,
  oldNegotiate,
  oldOffer,
  oldSetup,
  oldTree,
  oldTreeAnswer,
  presented,
  readAnswer,
  setup,
  status,
  tree,
  treeAnswer,
} from "../scene/smb.ts";
import { apRepToken, krb5, ntlm, type TokenWish } from "../scene/tokens.ts";
import { told } from "../scene/verdict.ts";
import { type Shot, toPcap } from "../scene/wire.ts";

/** A login that worked never diverges because the capture lacks a part of it. */

const finish = (s: Scene) => s.get("/", krb5(SPN)).reply(200, apRepToken()).close();
const challenged = () => scene().dns(HOST, WEB).get("/").reply(401, "Negotiate");
const proxySpn = "HTTP/proxy.contoso.com";
const proxied = () =>
  scene().dns("proxy.contoso.com", WEB).server(WEB, 3128).get("/").reply(407, "Negotiate").tgs(proxySpn);
const denied = "x".repeat(3500);

/** RFC 4752: three rounds, of which only the first names Kerberos, then messages under the security layer. */
function bound(): Scene {
  const mechanism = "GSSAPI";
  let s = ldapBind(directory(scene()).tgs(LDAP_SPN), krb5(LDAP_SPN, { as: "gss" }), { id: 1, mechanism });
  s = ldapBound(s, 14, { id: 1, header: apRepToken() });
  s = ldapBound(ldapBind(s, null, { id: 2, mechanism }), 14, { id: 2 });
  s = ldapBound(ldapBind(s, null, { id: 3, mechanism }), 0, { id: 3 });
  return sealed(s)
    .says("server", [0, 0, 0, 60, 5, 4, 7, 0xff, ...new Array<number>(56).fill(0x30)])
    .close();
}

const used = (s: Scene) => s.says("client", tree()).says("server", treeAnswer()).close();
const asked = () => filesScene().says("client", oldNegotiate()).says("server", askAgain());
const opened = (s: Scene, wish: TokenWish = {}) =>
  s.says("client", setup(krb5(CIFS, wish))).says("server", accepted(apRepToken()));
const olderLogin = () =>
  filesScene()
    .says("client", oldNegotiate(["NT LM 0.12"]))
    .says("server", oldOffer())
    .tgs(CIFS)
    .says("client", oldSetup(krb5(CIFS)))
    .says("server", oldAccepted(apRepToken()))
    .says("client", oldTree())
    .says("server", oldTreeAnswer())
    .close();
const renewed = () =>
  loggedOn()
    .wait(200)
    .says("server", readAnswer(status.EXPIRED))
    .tgs(CIFS, { issue: 2 })
    .says("client", setup(krb5(CIFS, { issue: 2 }), { round: 12 }))
    .says("server", accepted(apRepToken(), { round: 12 }))
    .close();

const logins: readonly (readonly [string, Scene])[] = [
  ["the documented login", finish(challenged().tgs(SPN))],
  ["over TCP", finish(challenged().tgs(SPN, { over: "tcp" }))],
  ["with a sign-on", finish(challenged().asReq().krbError(25).asReq({ proof: true }).issued().tgs(SPN))],
  ["with a ticket from the cache", finish(challenged())],
  ["unasked", finish(scene().dns(HOST, WEB).tgs(SPN))],
  ["too big for UDP", finish(challenged().tgsReq(SPN).krbError(52).tgs(SPN, { over: "tcp" }))],
  ["on two connections", finish(challenged().close("server").tgs(SPN))],
  [
    "with a token in three segments",
    challenged()
      .tgs(SPN, { size: 2200 })
      .get("/", krb5(SPN, { size: 2200 }))
      .reply(200)
      .close(),
  ],
  [
    "a token per request",
    finish(challenged().tgs(SPN).get("/a", krb5(SPN)).reply(200).get("/b", krb5(SPN)).reply(200)),
  ],
  ["to a file server", used(loggedOn())],
  ["to a file server, with a ticket from the cache", used(opened(offered()))],
  [
    "to a file server, with a token in three segments",
    used(opened(offered().tgs(CIFS, { size: 2200 }), { size: 2200 })),
  ],
  ["to a file server, from SMB1 on", used(loggedOn(offered(asked())))],
  ["to an old file server", olderLogin()],
  ["to a file server, and renewed", renewed()],
  [
    "after a challenge of several segments",
    finish(scene().dns(HOST, WEB).get("/").body(denied).reply(401, "Negotiate").tgs(SPN)),
  ],
  ["at a directory server, in three rounds", bound()],
  ["through a proxy", proxied().get("/", krb5(proxySpn), { proxy: true }).reply(200).close()],
];

/** Somebody else, when all who waited have given up. */
const longAfter = scene().wait(60).client("192.168.2.199").dns("elsewhere.contoso.com", WEB).frames;

function swapped(frames: readonly Shot[], at: number): readonly Shot[] {
  return [...frames.slice(0, at), ...frames.slice(at, at + 2).reverse(), ...frames.slice(at + 2)];
}

const diverged = (shots: readonly Shot[]) => told(toPcap(shots)).filter((one) => one.includes("diverged"));

describe.each(logins)("%s", (_name, { frames }) => {
  test("is ok", () => expect(told(toPcap(frames)).filter((one) => !/ ok kerberos$/.test(one))).toEqual([]));

  test("ends after any frame", () => {
    const wrong = frames.map((_one, end) => ({ end, seen: diverged(frames.slice(0, end)) }));
    expect(wrong.filter(({ seen }) => seen.length > 0)).toEqual([]);
  });
  test("begins at any frame", () => {
    const wrong = frames.map((_one, start) => ({ start, seen: diverged(frames.slice(start)) }));
    expect(wrong.filter(({ seen }) => seen.length > 0)).toEqual([]);
  });
  test("begins at any frame, and goes on", () => {
    const wrong = frames.map((_one, start) => ({ start, seen: diverged([...frames.slice(start), ...longAfter]) }));
    expect(wrong.filter(({ seen }) => seen.length > 0)).toEqual([]);
  });
  test("lacks any one frame", () => {
    const wrong = frames.map((_one, lost) => ({ lost, seen: diverged(frames.filter((_other, at) => at !== lost)) }));
    expect(wrong.filter(({ seen }) => seen.length > 0)).toEqual([]);
  });
  test("lacks any one frame, and the capture goes on", () => {
    const wrong = frames.map((_one, lost) => ({
      lost,
      seen: diverged([...frames.filter((_other, at) => at !== lost), ...longAfter]),
    }));
    expect(wrong.filter(({ seen }) => seen.length > 0)).toEqual([]);
  });
  test("has any two neighbours swapped, and the capture goes on", () => {
    const wrong = frames.map((_one, at) => ({ at, seen: diverged([...swapped(frames, at), ...longAfter]) }));
    expect(wrong.filter(({ seen }) => seen.length > 0)).toEqual([]);
  });
  test("lacks any two frames that follow each other", () => {
    const wrong = frames.map((_one, at) => ({ at, seen: diverged([...frames.slice(0, at), ...frames.slice(at + 2)]) }));
    expect(wrong.filter(({ seen }) => seen.length > 0)).toEqual([]);
  });
  test("has any one frame twice", () => {
    const wrong = frames.map((_one, at) => ({ at, seen: diverged([...frames.slice(0, at + 1), ...frames.slice(at)]) }));
    expect(wrong.filter(({ seen }) => seen.length > 0)).toEqual([]);
  });
  test("lacks one side of everything", () => {
    for (const address of new Set(frames.map(({ from }) => from))) {
      expect(diverged(frames.filter(({ from }) => from === address))).toEqual([]);
      expect(diverged(frames.filter(({ from }) => from !== address))).toEqual([]);
    }
  });
});

describe("a login that failed is not ok because the capture lacks a part of it", () => {
  const failed: readonly (readonly [string, Scene])[] = [
    ["ticket refused", challenged().tgsReq(SPN).krbError(7).close()],
    ["token refused", challenged().tgs(SPN).get("/", krb5(SPN)).reply(401, "Negotiate").close()],
    ["NTLM", challenged().get("/", ntlm(1)).reply(401, ntlm(2)).get("/", ntlm(3)).reply(200).close()],
    ["a ticket that the KDC refused, for a file server", ntlmLogin(offered().tgsReq(CIFS).krbError(7)).close()],
    ["a token that a file server refused", presented().says("server", answered(status.LOGON_FAILURE)).close()],
    ["NTLM to a file server", used(ntlmLogin(offered()))],
  ];
  test.each(failed)("%s", (_, { frames }) => {
    const parts = frames.flatMap((_one, at) => [
      frames.slice(0, at),
      frames.slice(at),
      frames.filter((_other, n) => n !== at),
    ]);
    expect(parts.flatMap((part) => told(toPcap(part))).filter((one) => /^(http|smb) ok/.test(one))).toEqual([]);
  });
});

test("a capture that begins within an NTLM login does not blame the server's list of schemes", () => {
  const { frames } = challenged()
    .get("/", ntlm(1, "NTLM"))
    .reply(401, ntlm(2, "NTLM"))
    .get("/", ntlm(3, "NTLM"))
    .reply(200)
    .close();
  const seen = frames.flatMap((_one, start) => told(toPcap([...frames.slice(start), ...longAfter])));
  expect(seen.filter((one) => one.includes("@4"))).toEqual([]);
});
