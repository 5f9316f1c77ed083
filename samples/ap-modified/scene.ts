import { HOST, SPN, scene, WEB } from "../../test/scene/scene.ts";
import { krb5, windowsError } from "../../test/scene/tokens.ts";

/** The SPN lies on another account than the one with which IIS decrypts. */
export default scene()
  .dns(HOST, WEB)
  .get("/")
  .header("Server: Microsoft-IIS/10.0")
  .reply(401, "Negotiate", "NTLM")
  .tgs(SPN, { over: "tcp" })
  .get("/", krb5(SPN, { offer: "windows" }))
  .reply(401, windowsError(41, { sname: SPN }), "NTLM")
  .close();
