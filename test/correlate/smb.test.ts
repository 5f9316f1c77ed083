import { describe, expect, test } from "vitest";
import {
  accepted,
  answered,
  askAgain,
  CIFS,
  FILE_HOST,
  FILES,
  filesScene,
  goesOn,
  joined,
  loggedOn,
  negotiate,
  noDialect,
  ntlmLogin,
  ntlmTried,
  offer,
  offered,
  oldNegotiate,
  oldOffer,
  presented,
  readAnswer,
  SHARE,
  sealed,
  setup,
  status,
  tree,
  treeAnswer,
} from "../scene/smb.ts";
import { anonymousLeg, apRepToken, errorToken, krb5, ntlmInSpnego, ntlmLeg, rejectToken } from "../scene/tokens.ts";
import { report, states, told } from "../scene/verdict.ts";

const verdicts = (scene: Parameters<typeof told>[0], ...hosts: readonly string[]) =>
  told(scene, ...hosts).map((line) => line.split(" ").slice(0, 3).join(" "));

describe("the eight steps of a file server", () => {
  test("with Kerberos", () => {
    const scene = loggedOn().says("client", tree()).says("server", treeAnswer()).close();
    expect(verdicts(scene)).toEqual(["smb ok kerberos"]);
    expect(new Set(Object.values(states(scene)))).toEqual(new Set(["observed"]));
    expect(report(scene).sequences[0]).toMatchObject({
      client: { user: "John" },
      service: { host: FILE_HOST, address: FILES, port: 445, spn: CIFS },
      steps: [{}, {}, { title: "NEGOTIATE" }, {}, {}, {}, {}, { title: "SESSION_SETUP response" }],
    });
  });

  test("with a ticket from the cache", () => {
    const scene = offered()
      .says("client", setup(krb5(CIFS)))
      .says("server", accepted(apRepToken()));
    expect(verdicts(scene)).toEqual(["smb ok kerberos"]);
    expect(states(scene)).toMatchObject({ 3: "observed", 4: "observed", 5: "not-captured", 6: "not-captured" });
  });

  test("from SMB1 on, which the server turns into SMB2", () => {
    const begun = filesScene().says("client", oldNegotiate()).says("server", askAgain());
    const scene = loggedOn(begun.says("client", negotiate()).says("server", offer()));
    expect(verdicts(scene)).toEqual(["smb ok kerberos"]);
    expect(report(scene).sequences[0]?.steps[2]?.frames).toHaveLength(2);
  });

  test("where the capture starts after the NEGOTIATE, steps 3 and 4 are not captured", () => {
    const scene = presented(offered().startsHere()).says("server", accepted(apRepToken()));
    expect(states(scene)).toMatchObject({ 3: "not-captured", 4: "not-captured", 7: "observed", 8: "observed" });
    expect(verdicts(scene)).toEqual(["smb ok kerberos"]);
  });

  test.each([
    ["no offer of Kerberos", () => ntlmLogin(offered(filesScene(), "NTLMSSP")), "smb diverged@4 ntlm"],
    [
      "an old server without extended security",
      () => {
        const begun = filesScene()
          .says("client", oldNegotiate(["NT LM 0.12"]))
          .says("server", oldOffer(null));
        return begun.close();
      },
      "smb diverged@4 refused",
    ],
    ["NTLM although Kerberos was offered", () => ntlmLogin(offered()), "smb diverged@5 ntlm"],
    [
      "NTLM and nothing else in the capture",
      () => ntlmLogin(offered(filesScene().startsHere())),
      "smb diverged@7 ntlm",
    ],
    ["no token at all", () => offered().close(), "smb diverged@5 refused"],
    ["a KDC that refuses, and NTLM", () => ntlmLogin(offered().tgsReq(CIFS).krbError(7)), "smb diverged@6 ntlm"],
    ["a KDC that refuses, and no token", () => offered().tgsReq(CIFS).krbError(7).close(), "smb diverged@6 refused"],
    [
      "a KDC that refuses, and NTLM refused",
      () =>
        ntlmTried(offered().tgsReq(CIFS).krbError(7)).says("server", answered(status.LOGON_FAILURE, "", { round: 2 })),
      "smb diverged@6 refused",
    ],
    ["a ticket that is never presented", () => offered().tgs(CIFS).close(), "smb diverged@7 refused"],
    ["a status alone", () => presented().says("server", answered(status.LOGON_FAILURE)), "smb diverged@8 refused"],
    ["a KRB-ERROR", () => presented().says("server", goesOn(errorToken(41))), "smb diverged@8 refused"],
    [
      "a reject under a status to go on",
      () => presented().says("server", goesOn(rejectToken())),
      "smb diverged@8 refused",
    ],
    ["no answer", () => presented().wait(10).dns("x.contoso.com", FILES), "smb diverged@8 none"],
    ["no answer yet", () => presented(), "smb incomplete unknown"],
    ["a server in trouble", () => presented().says("server", answered(0xc000_0205)), "smb incomplete unknown"],
    [
      "a NEGOTIATE that is refused",
      () => filesScene().says("client", negotiate()).says("server", noDialect()),
      "smb diverged@4 refused",
    ],
    [
      "a NEGOTIATE without an answer",
      () => filesScene().says("client", negotiate()).close("server"),
      "smb diverged@4 none",
    ],
    ["a port that is closed", () => filesScene().syn().refused(), "smb diverged@3 none"],
    [
      "a client that names nobody",
      () =>
        offered()
          .says("client", setup(ntlmInSpnego()))
          .says("server", goesOn(ntlmLeg(2)))
          .says("client", setup(anonymousLeg(), { round: 2 }))
          .says("server", accepted("", { round: 2, flags: 2 })),
      "smb diverged@5 anonymous",
    ],
    [
      "a guest",
      () => ntlmTried(offered()).says("server", accepted("", { round: 2, flags: 1 })),
      "smb diverged@5 anonymous",
    ],
  ])("left: %s", (_, scene, expected) => {
    expect(verdicts(scene())).toEqual([expected]);
  });
});

describe("what is one login", () => {
  test("Kerberos refused, then NTLM in the same connection", () => {
    const refused = presented().says("server", answered(status.LOGON_FAILURE));
    const again = refused
      .says("client", setup(ntlmInSpnego(), { messageId: 2 }))
      .says("server", goesOn(ntlmLeg(2), { messageId: 2 }))
      .says("client", setup(ntlmLeg(3), { round: 3 }))
      .says("server", accepted("", { round: 3 }));
    expect(verdicts(again)).toEqual(["smb diverged@8 ntlm"]);
  });

  test("a connection that failed, and the next one", () => {
    const twice = offered(offered().close().port(50_100));
    expect(verdicts(loggedOn(twice))).toEqual(["smb ok kerberos"]);
  });

  test("a session that expired and was renewed with another ticket", () => {
    const scene = loggedOn()
      .wait(36_000)
      .says("server", readAnswer(status.EXPIRED))
      .tgs(CIFS, { kvno: 3 })
      .says("client", setup(krb5(CIFS, { kvno: 3 }), { round: 12 }))
      .says("server", accepted(apRepToken(), { round: 12 }));
    expect(verdicts(scene).every((line) => line === "smb ok kerberos")).toBe(true);
  });

  test("a further channel of it", () => {
    const channel = loggedOn()
      .socket("second")
      .says("client", negotiate())
      .says("server", offer())
      .says("client", setup(krb5(CIFS, { kvno: 9 }), { round: 2, flags: 1 }))
      .says("server", accepted(apRepToken(), { round: 2 }));
    expect(verdicts(channel)).toEqual(["smb ok kerberos"]);
  });
});

describe("what is not one login", () => {
  test("two users in one connection, one of them refused", () => {
    const other = { session: 0x77n, messageId: 3 };
    const scene = loggedOn()
      .says("client", setup(ntlmInSpnego(), { messageId: 3 }))
      .says("server", goesOn(ntlmLeg(2), other))
      .says("client", setup(ntlmLeg(3), { round: 4, session: 0x77n }))
      .says("server", answered(status.LOGON_FAILURE, "", { round: 4, session: 0x77n }));
    expect(verdicts(scene)).toEqual(["smb ok kerberos", "smb diverged@5 refused"]);
  });

  test("two users side by side", () => {
    const scene = offered()
      .tgs(CIFS)
      .says("client", setup(krb5(CIFS)))
      .says("client", setup(ntlmInSpnego(), { messageId: 2 }))
      .says("server", goesOn(ntlmLeg(2), { messageId: 2, session: 0x77n }))
      .says("server", accepted(apRepToken()))
      .says("client", setup(ntlmLeg(3), { round: 3, session: 0x77n }))
      .says("server", accepted("", { round: 3, session: 0x77n }));
    expect(verdicts(scene)).toEqual(["smb ok kerberos", "smb diverged@5 ntlm"]);
  });

  test("a web login at the same host: each takes the ticket of its own service", () => {
    const web = `HTTP/${FILE_HOST}`;
    const both = offered().socket("web").server(FILES, 80).get("/").reply(401, "Negotiate");
    const scene = both
      .tgsReq(web)
      .krbError(7)
      .server(FILES, 445)
      .tgs(CIFS)
      .says("client", setup(krb5(CIFS)));
    expect(verdicts(scene.says("server", accepted(apRepToken())).socket("web"))).toEqual([
      "http diverged@6 refused",
      "smb ok kerberos",
    ]);
  });
});

describe("what the capture does not show", () => {
  test("the login of a session that is encrypted, and was there before", () => {
    const scene = joined().tgs(CIFS).says("client", sealed());
    expect(verdicts(scene)).toEqual(["smb incomplete unknown"]);
    expect(states(scene)).toMatchObject({ 3: "encrypted", 4: "encrypted", 5: "observed", 7: "encrypted" });
    expect(verdicts(joined())).toEqual([]);
  });

  test("an answer that was lost, where the session was then used", () => {
    const scene = presented().unseen((s) => s.says("server", accepted(apRepToken())));
    expect(verdicts(scene.says("client", tree()).says("server", treeAnswer()))).toEqual(["smb ok kerberos"]);
  });

  test("all that was cut by a snap length", () => {
    const scene = loggedOn(offered().snap(300)).snap(300);
    expect(verdicts(scene)).toEqual(["smb incomplete unknown"]);
  });

  test("a client that only negotiates is told to who asks for the host, and where nothing else is", () => {
    const scene = offered(filesScene().asReq().issued()).close();
    expect(verdicts(scene)).toEqual(["sign-on ok kerberos"]);
    expect(verdicts(scene, "files")).toEqual(["smb diverged@5 refused"]);
  });
});

test("the name of the server is that of the NEGOTIATE, of the share, of the ticket, of DNS", () => {
  const unnamed = () =>
    filesScene()
      .says("client", negotiate({ dialects: [0x0210] }))
      .says("server", offer());
  const hostOf = (scene: Parameters<typeof report>[0]) => report(scene).sequences[0]?.service.host;
  expect(hostOf(loggedOn(unnamed()).says("client", tree("\\\\FILES\\projects")))).toBe("files");
  expect(hostOf(loggedOn(unnamed()))).toBe(FILE_HOST);
  expect(hostOf(loggedOn(unnamed().startsHere()))).toBe(FILE_HOST);
  expect(hostOf(loggedOn(offered()).says("client", tree(SHARE)))).toBe(FILE_HOST);
});
