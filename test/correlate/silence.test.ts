import { describe, expect, test } from "vitest";
import { CLIENT, DC, HOST, type Scene, SPN, scene, WEB } from "../scene/scene.ts";
import { accepted, CIFS, filesScene, goesOn, offered, setup } from "../scene/smb.ts";
import { krb5, ntlm, ntlmDone, ntlmInSpnego, ntlmLeg, pickNtlm } from "../scene/tokens.ts";
import { report, rulesOf, told } from "../scene/verdict.ts";
import { toPcap } from "../scene/wire.ts";

/** What is not in the capture blames nobody whom the rest of the capture clears. */

const OTHER_KDC = "192.168.2.2";
const later = (s: Scene, seconds = 60) => s.wait(seconds).client("192.168.2.199").dns("elsewhere.contoso.com", WEB);
const challenged = () => scene().dns(HOST, WEB).get("/").reply(401, "Negotiate");
const tells = (title: string, s: Scene | Uint8Array, ...lines: readonly string[]) =>
  test(title, () => expect(told(s)).toEqual(lines));

describe("what a snap length cut", () => {
  const big = { etext: "x".repeat(400) };
  tells(
    "may be the ticket that followed a refusal",
    later(scene().asReq({ proof: true }).krbError(24).wait(5).asReq({ proof: true }).issued()).snap(400),
    "sign-on incomplete unknown",
  );
  tells(
    "is not the ticket, half a minute later",
    later(scene().asReq().krbError(6).wait(40).asReq().krbError(25, big)).snap(400),
    "sign-on diverged@2 refused as-c-unknown",
    "sign-on incomplete unknown",
  );
  tells(
    "may be where a ticket was presented",
    scene()
      .tgs(SPN)
      .server(WEB, 8443)
      .says("client", [0x30, 0x82, 0x04, 0, ...new Array(1100).fill(0)])
      .snap(1000),
    "ticket incomplete kerberos",
  );
  test("is said to be what is missed", () => {
    const s = scene().asReq().krbError(25).wait(1).asReq({ proof: true }).issued().snap(320);
    expect(rulesOf(s)).toContain("cap-truncated");
    expect(rulesOf(s)).not.toContain("as-preauth-only");
  });
  test("of DNS is no ticket that was never asked for, nor records that are missing", () => {
    const srv = "_kerberos._udp.contoso.com";
    const s = scene().dns(HOST, WEB).get("/").reply(401, "Negotiate").srv(srv, "dca.contoso.com").close().wait(9);
    expect(rulesOf(later(s).snap(131))).not.toContain("loc-kdc-realm");
  });
});

test("who answers a request that is not in the capture answers none that came before", () => {
  const s = challenged()
    .tgs(SPN)
    .get("/", krb5(SPN))
    .unseen((lost) => lost.reply(401, pickNtlm()));
  s.get("/", ntlm(1))
    .reply(401, ntlm(2))
    .unseen((lost) => lost.get("/", ntlm(3)));
  expect(told(s.reply(200))).not.toContain("http ok kerberos");
});

test("a mechanism that changed behind a lost token is not taken for Kerberos", () => {
  const s = challenged().tgs(SPN).get("/", krb5(SPN)).reply(401, pickNtlm());
  s.unseen((lost) => lost.get("/", ntlm(1))).reply(401, ntlm(2));
  s.unseen((lost) => lost.get("/", ntlm(3))).reply(200);
  expect(told(s)).not.toContain("http ok kerberos");
});

describe("a KDC that is silent", () => {
  const asked = () => scene().asReq({ nonce: 1 });
  tells(
    "is blamed when it was asked again",
    later(asked().wait(1).asReq({ nonce: 1 })),
    "sign-on diverged@2 none as-no-reply",
  );
  tells("is not when the client goes on at once", later(asked().dns(HOST, WEB)), "sign-on incomplete unknown");
  tells(
    "is not when the client was content to ask once, whatever it did later",
    later(asked().wait(3).dns(HOST, WEB)),
    "sign-on incomplete unknown",
  );
  tells(
    "is not when the client answers its demand for a proof",
    later(asked().asReq({ proof: true })),
    "sign-on incomplete unknown",
  );
  tells(
    "is not yet when the capture ends while the client still tries",
    asked().wait(1).asReq({ nonce: 1 }).wait(1).kdc(OTHER_KDC).asReq({ nonce: 1 }),
    "sign-on incomplete unknown",
  );
  tells(
    "is not when a snap length cut what it said",
    later(
      scene()
        .asReq()
        .krbError(25, { etext: "x".repeat(400) }),
    ).snap(400),
    "sign-on incomplete unknown",
  );
  tells(
    "is not when all that it says is missing, over TCP too",
    later(
      scene()
        .seesOnly(CLIENT)
        .asReq({ nonce: 1 })
        .wait(1)
        .asReq({ nonce: 1 })
        .server(DC, 389)
        .says("client", [0x30, 0x05, 2, 1, 1, 0x42, 0]),
    ),
    "sign-on incomplete unknown",
  );
  test("explains no login after it when its silence is doubtful", () => {
    const s = later(asked().asReq({ proof: true }).wait(2).dns(HOST, WEB).get("/").reply(401, "Negotiate").close());
    expect(rulesOf(s)).not.toContain("as-no-reply");
  });
  test("of whose answer over TCP a part is there has answered", () => {
    const { frames } = challenged().tgsReq(SPN, { over: "tcp" }).issued({ size: 2000 });
    const whole = frames.length;
    const cut = [...frames.slice(0, whole - 4), ...later(scene().wait(5)).frames];
    expect(told(toPcap(cut)).filter((one) => one.includes("no-reply"))).toEqual([]);
  });
});

describe("an answer whose question is not in the capture", () => {
  tells(
    "belongs to the sign-on that it refuses",
    later(
      scene()
        .asReq()
        .krbError(25)
        .unseen((s) => s.asReq({ proof: true }))
        .krbError(18),
    ),
    "sign-on diverged@2 refused as-client-revoked",
  );
  tells(
    "belongs to the sign-on that it ends",
    later(
      scene()
        .asReq()
        .krbError(25)
        .unseen((s) => s.asReq({ proof: true }))
        .issued(),
    ),
    "sign-on ok kerberos",
  );
  tells(
    "tells of a sign-on by itself",
    later(
      scene()
        .unseen((s) => s.asReq({ proof: true }))
        .krbError(24),
    ),
    "sign-on diverged@2 refused as-preauth-failed",
  );
  test("is said to be one, where it names nothing", () => {
    const s = scene()
      .unseen((one) => one.tgsReq(SPN))
      .krbError(37, { sname: "" });
    expect(told(s)).toEqual(["ticket diverged@6 refused tgs-skew"]);
    expect(report(s).sequences[0]?.findings[0]?.detail).toContain("answered a request that is not in the capture with");
  });
  tells(
    "belongs to the search around it, where it names nothing",
    later(
      challenged()
        .unseen((s) => s.tgsReq(SPN))
        .krbError(37, { sname: "" })
        .tgsReq(SPN)
        .krbError(37)
        .close(),
    ),
    "http diverged@6 refused tgs-skew",
  );
});

describe("a challenge that is not in the capture", () => {
  const lost = (s: Scene) => s.unseen((one) => one.reply(401, "Negotiate"));
  tells(
    "provoked the search that the KDC refused",
    later(lost(scene().dns(HOST, WEB).get("/")).tgsReq(SPN).krbError(7).get("/").reply(401, "Negotiate").close()),
    "http diverged@6 refused tgs-s-unknown",
  );
  tells(
    "is another one than that after which the client asked again",
    later(
      scene()
        .tgsReq(SPN)
        .krbError(7)
        .wait(3)
        .dns(HOST, WEB)
        .get("/")
        .reply(401, "Negotiate")
        .tgsReq(SPN)
        .krbError(7)
        .close(),
    ),
    "http diverged@6 refused tgs-s-unknown",
  );
});

tells(
  "two pages whose challenges each provoke a search that is refused fail of it both",
  challenged()
    .tgsReq(SPN)
    .krbError(7)
    .close()
    .socket("other")
    .get("/other")
    .reply(401, "Negotiate")
    .tgsReq(SPN)
    .krbError(7)
    .close(),
  "http diverged@6 refused tgs-s-unknown",
  "http diverged@6 refused tgs-s-unknown",
);

describe("a KDC that refuses connections", () => {
  const served = () => scene().asReq().issued().wait(1).dns(HOST, WEB).get("/").reply(401, "Negotiate").kdc(OTHER_KDC);
  tells(
    "explains nothing while another one that answers is left",
    served().kdcRefused(),
    "sign-on ok kerberos",
    "http incomplete unknown",
  );
  tells(
    "explains what the client gave up for it",
    served().kdcRefused().get("/").reply(401, "Negotiate").close(),
    "sign-on ok kerberos",
    "http diverged@5 refused kdc-rst",
  );
  tells("to which a lone SYN went at the end of the capture is not known to do so", scene().kdcSyn());
  test("after an answer that was too big is not the one to blame, when the sign-on went well", () => {
    const s = scene().asReq().krbError(52).asReq({ over: "tcp" }).issued().wait(1);
    const failed = s
      .dns(HOST, WEB)
      .get("/")
      .reply(401, "Negotiate")
      .kdcSyn()
      .wait(1)
      .get("/")
      .reply(401, "Negotiate")
      .close();
    expect(rulesOf(later(failed))).not.toContain("kdc-52-no-tcp");
  });
});

describe("a service", () => {
  const refused = () => scene().dns(HOST, WEB).syn();
  tells("whose SYN was never repeated may have answered", later(refused()), "http incomplete none");
  tells("whose SYN was repeated did not", later(refused().wait(1).synRepeat()), "http diverged@3 none tcp-syn-timeout");
});

describe("a name", () => {
  const both = () => scene().dnsQuery(HOST, "AAAA").dnsAnswer().dnsQuery(HOST);
  tells("of which one family was answered, and the other one asked for once", later(both()), "http incomplete unknown");
  tells(
    "of which the other family was asked for again",
    later(both().wait(5).dnsRepeat()),
    "http diverged@2 none dns-nodata",
  );
  test("without an answer, to which the client then connects", () => {
    const s = later(scene().dnsQuery(HOST).syn().wait(1).synRepeat());
    expect(rulesOf(s)).not.toContain("dns-timeout");
  });
  tells("asked for once, whatever time passed", later(scene().dnsQuery(HOST)), "http incomplete none");
  tells(
    "asked for again after a second",
    later(scene().dnsQuery(HOST).wait(1).dnsRepeat()),
    "http diverged@2 none dns-timeout",
  );
});

describe("a domain controller", () => {
  const SRV = "_ldap._tcp.dc._msdcs.contoso.com";
  const unnamed = () => scene().dnsQuery(SRV, "SRV");
  const pinged = (s: Scene) => s.dcPing().wait(1).dcPing().wait(1).dcPing();
  tells(
    "was found, though DNS's answer is not in the capture",
    later(unnamed().dcPing().dcAnswer()),
    "dc-locator ok kerberos",
  );
  tells("and DNS are both not heard", later(pinged(unnamed())), "dc-locator incomplete unknown");
});

tells(
  "a file server's answer that gave the session its number may be missing",
  offered(filesScene())
    .tgsReq(CIFS)
    .krbError(7)
    .says("client", setup(ntlmInSpnego()))
    .unseen((s) => s.says("server", goesOn(ntlmLeg(2))))
    .says("client", setup(ntlmLeg(3), { round: 2 }))
    .says("server", accepted(ntlmDone(), { round: 2 }))
    .close(),
  "smb diverged@6 ntlm tgs-s-unknown",
);
