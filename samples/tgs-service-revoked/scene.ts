import { HOST, SPN, scene, WEB } from "../../test/scene/scene.ts";

/** A service account that is disabled. */
export default scene()
  .dns(HOST, WEB)
  .get("/")
  .header("Server: Microsoft-IIS/10.0")
  .reply(401, "Negotiate", "NTLM")
  .tgsReq(SPN, { over: "tcp" })
  .krbError(19)
  .close();
