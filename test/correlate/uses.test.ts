import { describe, expect, test } from "vitest";
import { bindNak, fault, pdu } from "../dissectors/dcerpc/message.ts";
import {
  rpcAck,
  rpcBind,
  SQL,
  SQL_HOST,
  SQL_SPN,
  sqlAccepts,
  sqlHiddenLogin,
  sqlLogin,
  sqlOpened,
  sqlRefuses,
  sqlSspi,
  sqlSspiAnswer,
} from "../scene/elsewhere.ts";
import { DC, type Scene, scene } from "../scene/scene.ts";
import { apRepToken, errorToken, krb5, ntlmInSpnego, ntlmLeg, rejectToken } from "../scene/tokens.ts";
import { report, rulesOf, told } from "../scene/verdict.ts";

const legs = (s: Scene) => report(s).sequences[0]?.facts["serviceLegs"];
const UNTRUSTED = "Login failed. The login is from an untrusted domain.";

describe("SQL Server", () => {
  const withTicket = () => sqlOpened(scene()).tgs(SQL_SPN);

  test("took the ticket", () => {
    const s = sqlAccepts(sqlLogin(withTicket(), krb5(SQL_SPN)));
    expect(told(s)).toEqual(["ticket incomplete kerberos"]);
    const server = { protocol: "tds", address: SQL, port: 1433 };
    expect(legs(s)).toEqual([
      { ...server, presented: "kerberos", answer: "accepted", frames: [expect.any(Number), expect.any(Number)] },
    ]);
    expect(rulesOf(s)).not.toContain("cap-no-http");
    expect(report(s).sequences[0]?.facts["tickets"]).toEqual(
      expect.arrayContaining([expect.objectContaining({ sname: SQL_SPN, presented: [expect.any(Number)] })]),
    );
  });

  test("refused it", () => {
    const s = sqlRefuses(sqlLogin(withTicket(), krb5(SQL_SPN)), 18456, "Login failed for user 'CONTOSO\\john'.");
    expect(told(s)).toEqual(["ticket incomplete kerberos"]);
    expect(legs(s)).toMatchObject([{ answer: "refused", code: { protocol: "tds", number: 18456 } }]);
    expect(rulesOf(s)).toContain("sql-sspi");
  });

  test("answers a log-on that TLS hides", () => {
    const s = sqlAccepts(sqlHiddenLogin(sqlOpened(scene(), true).tgs(SQL_SPN)));
    expect(legs(s)).toMatchObject([{ presented: "encrypted", answer: "accepted" }]);
  });

  test("got NTLM after the KDC did not know its SPN", () => {
    let s = sqlLogin(sqlOpened(scene()).tgsReq(SQL_SPN).krbError(7), ntlmInSpnego());
    s = sqlRefuses(sqlSspi(sqlSspiAnswer(s, ntlmLeg(2)), ntlmLeg(3)), 18452, UNTRUSTED);
    expect(told(s)).toEqual(["ticket diverged@6 refused sql-sspi"]);
    expect(legs(s)).toMatchObject([{ presented: "ntlm", answer: "refused", code: { number: 18452 } }]);
    expect(report(s).sequences[0]?.findings[0]?.detail).toContain("with NTLM was refused with 18452");
  });

  test("of another host or port is another's", () => {
    const s = sqlAccepts(sqlHiddenLogin(sqlOpened(scene(), true).tgs(`MSSQLSvc/${SQL_HOST}:1444`)));
    expect(legs(s)).toBeUndefined();
    const other = sqlAccepts(sqlHiddenLogin(sqlOpened(scene(), true).tgs("MSSQLSvc/other.contoso.com:1433")));
    expect(legs(other)).toBeUndefined();
  });
});

describe("DCE-RPC", () => {
  const SPN = "E3514235-4B06-11D1-AB04-00C04FC2DCD2/dca.contoso.com/contoso.com";
  const bound = () => rpcBind(scene().tgs(SPN), krb5(SPN));

  test("took the ticket", () => {
    const s = rpcAck(bound(), apRepToken());
    expect(told(s)).toEqual(["ticket incomplete kerberos"]);
    expect(legs(s)).toMatchObject([
      { protocol: "dcerpc", address: DC, port: 49_668, presented: "kerberos", answer: "accepted" },
    ]);
  });

  test("a fault after the log-on is no refusal of it", () => {
    const s = rpcAck(bound(), apRepToken())
      .says("client", pdu(0, [1, 2, 3, 4]))
      .says("server", fault(5));
    expect(legs(s)).toMatchObject([{ answer: "accepted" }]);
  });

  test.each([
    ["with a KRB-ERROR", (s: Scene) => rpcAck(s, errorToken(41)), { protocol: "kerberos", number: 41 }],
    ["with reject", (s: Scene) => rpcAck(s, rejectToken()), { protocol: "spnego", number: 2 }],
    ["with bind_nak", (s: Scene) => s.says("server", bindNak(8)), { protocol: "dcerpc", number: 8 }],
    ["with a fault", (s: Scene) => s.says("server", fault(0x721)), { protocol: "dcerpc", number: 0x721 }],
  ])("refused it %s", (_, refuse, code) => {
    expect(legs(refuse(bound()))).toMatchObject([{ answer: "refused", code }]);
  });

  test("without an answer", () => {
    expect(legs(bound())).toMatchObject([{ presented: "kerberos", answer: "none" }]);
  });

  test("with another ticket is another's", () => {
    const s = rpcAck(rpcBind(scene().tgs(SPN), krb5(SPN, { issue: 2 })), apRepToken());
    expect(legs(s)).toBeUndefined();
    expect(rulesOf(s)).toContain("cap-no-http");
  });
});
