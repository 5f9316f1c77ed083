import { expect, test } from "vitest";
import { HOST, scene, WEB } from "../scene/scene.ts";
import { apRepToken, errorToken, krb5 } from "../scene/tokens.ts";
import { report, told } from "../scene/verdict.ts";

/** WinRM is HTTP on port 5985, with Kerberos in place of Negotiate and SPNs of its own (MS-WSMV 2.2.9). */
const WSMAN = `WSMAN/${HOST}`;
const opened = () => scene().dns(HOST, WEB).server(WEB, 5985);
const kerberos = (spn: string) => krb5(spn, { as: "gss" }).replace("Negotiate", "Kerberos");
const done = () => apRepToken().replace("Negotiate", "Kerberos");

/** What follows a log-on over HTTP: sealed parts, which are no header lines. */
const SEALED = [
  "--Encrypted Boundary",
  "Content-Type: application/HTTP-Kerberos-session-encrypted",
  "OriginalContent: type=application/soap+xml;charset=UTF-8;Length=1750",
  "--Encrypted Boundary",
  "Content-Type: application/octet-stream",
  "HTTP/1.1 401 \u0000\u0001\u0002 WWW-Authenticate: Negotiate",
  "--Encrypted Boundary--",
].join("\r\n");

test.each([["WSMAN"], ["HTTP"]])("a log-on with a ticket for %s, then sealed messages", (spnClass) => {
  const spn = `${spnClass}/${HOST}`;
  const s = opened().tgs(spn).get("/wsman", kerberos(spn)).reply(200, done());
  s.get("/wsman").body(SEALED).reply(200).get("/wsman").body(SEALED).reply(200);
  expect(told(s)).toEqual(["http ok kerberos"]);
  expect(report(s).sequences[0]?.service).toMatchObject({ host: HOST, port: 5985, spn });
  expect(report(s).problems).toEqual([]);
});

test("a challenge that names Kerberos", () => {
  const s = opened().get("/wsman").reply(401, "Kerberos", "Negotiate").tgs(WSMAN).get("/wsman", kerberos(WSMAN));
  expect(told(s.reply(200, done()))).toEqual(["http ok kerberos"]);
});

test("refused", () => {
  const refused = errorToken(41).replace("Negotiate", "Kerberos");
  expect(told(opened().tgs(WSMAN).get("/wsman", kerberos(WSMAN)).reply(401, refused))).toEqual([
    "http diverged@8 refused ap-modified",
  ]);
});

test("the SPN is not registered", () => {
  const s = opened().get("/wsman").reply(401, "Negotiate", "Kerberos").tgsReq(WSMAN).krbError(7).close();
  expect(told(s)).toEqual(["http diverged@6 refused tgs-s-unknown"]);
});

test("over TLS on port 5986", () => {
  const s = scene().dns(HOST, WEB).server(WEB).tgs(WSMAN).tls(HOST, 5986);
  expect(told(s)).toEqual(["http incomplete unknown"]);
});
