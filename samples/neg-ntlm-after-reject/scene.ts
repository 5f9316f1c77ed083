import { HOST, SPN, scene, WEB } from "../../test/scene/scene.ts";
import { krb5, ntlm, windowsError } from "../../test/scene/tokens.ts";

/** A refused ticket, hidden by NTLM. */
export default scene()
  .dns(HOST, WEB)
  .get("/")
  .header("Server: Microsoft-IIS/10.0")
  .reply(401, "Negotiate", "NTLM")
  .tgs(SPN, { over: "tcp" })
  .get("/", krb5(SPN, { offer: "windows" }))
  .reply(401, windowsError(41, { sname: SPN }), "Negotiate", "NTLM")
  .get("/", ntlm(1, "NTLM"))
  .reply(401, ntlm(2, "NTLM"))
  .get("/", ntlm(3, "NTLM"))
  .reply(200)
  .close();
