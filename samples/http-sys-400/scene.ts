import { HOST, SPN, scene, WEB } from "../../test/scene/scene.ts";
import { krb5 } from "../../test/scene/tokens.ts";

/** The page of http.sys. */
const requestTooLong = [
  '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN""http://www.w3.org/TR/html4/strict.dtd">',
  "<HTML><HEAD><TITLE>Bad Request</TITLE>",
  '<META HTTP-EQUIV="Content-Type" Content="text/html; charset=us-ascii"></HEAD>',
  "<BODY><h2>Bad Request - Request Too Long</h2>",
  "<hr><p>HTTP Error 400. The size of the request headers is too long.</p>",
  "</BODY></HTML>",
  "",
].join("\r\n");

/** A token beyond the limits of http.sys. */
export default scene()
  .dns(HOST, WEB)
  .get("/")
  .header("Server: Microsoft-IIS/10.0")
  .reply(401, "Negotiate", "NTLM")
  .tgs(SPN, { over: "tcp", size: 13_000 })
  .get("/", krb5(SPN, { offer: "windows", size: 13_000 }))
  .header("Server: Microsoft-HTTPAPI/2.0")
  .header("Content-Type: text/html; charset=us-ascii")
  .header("Connection: close")
  .body(requestTooLong)
  .reply(400)
  .close("server");
