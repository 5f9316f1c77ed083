import { HOST, scene, WEB } from "../../test/scene/scene.ts";
import { apRepToken, krb5 } from "../../test/scene/tokens.ts";

const WSMAN = `WSMAN/${HOST}`;
const asKerberos = (header: string) => header.replace("Negotiate", "Kerberos");
const sealed = [
  "--Encrypted Boundary",
  "Content-Type: application/HTTP-Kerberos-session-encrypted",
  "OriginalContent: type=application/soap+xml;charset=UTF-8;Length=1750",
  "--Encrypted Boundary",
  "Content-Type: application/octet-stream",
  "\u0010\u0000\u0000\u0000\u0001\u0002",
  "--Encrypted Boundary--",
].join("\r\n");

/** PowerShell remoting: the token at once, then sealed messages over the same connection. */
export default scene()
  .dns(HOST, WEB)
  .server(WEB, 5985)
  .tgs(WSMAN)
  .get("/wsman?PSVersion=5.1", asKerberos(krb5(WSMAN, { as: "gss" })), { agent: "Microsoft WinRM Client" })
  .reply(200, asKerberos(apRepToken()))
  .get("/wsman?PSVersion=5.1", undefined, { agent: "Microsoft WinRM Client" })
  .body(sealed)
  .reply(200)
  .close();
