import { HOST, scene, WEB } from "../../test/scene/scene.ts";
import { ntlm } from "../../test/scene/tokens.ts";

/** The list of providers lacks Negotiate. */
export default scene()
  .dns(HOST, WEB)
  .get("/")
  .header("Server: Microsoft-IIS/10.0")
  .reply(401, "NTLM")
  .get("/", ntlm(1, "NTLM"))
  .reply(401, ntlm(2, "NTLM"))
  .get("/", ntlm(3, "NTLM"))
  .reply(200)
  .close();
