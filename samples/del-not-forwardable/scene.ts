import { ticket } from "../../test/scene/kerberos.ts";
import { CLIENT, HOST, SPN, scene, WEB } from "../../test/scene/scene.ts";
import { krb5, windowsApRep } from "../../test/scene/tokens.ts";

/** A user in Protected Users. */
export default scene()
  .dns(HOST, WEB)
  .get("/")
  .header("Server: Microsoft-IIS/10.0")
  .reply(401, "Negotiate", "NTLM")
  .tgs(SPN, { over: "tcp" })
  .get("/", krb5(SPN, { offer: "windows" }))
  .client(WEB, "iissvc")
  .tgsReq("HTTP/backend.contoso.com", { over: "tcp", evidence: ticket(SPN), rbcd: true })
  .krbError(13, { ntStatus: 0xc000006e, statusFlags: 3 })
  .client(CLIENT, "John")
  .header("Server: Microsoft-IIS/10.0")
  .reply(500, windowsApRep())
  .close();
