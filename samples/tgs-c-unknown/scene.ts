import { HOST, SPN, scene, WEB } from "../../test/scene/scene.ts";

/** An account that was deleted after sign-on. */
export default scene()
  .dns(HOST, WEB)
  .get("/")
  .header("Server: Microsoft-IIS/10.0")
  .reply(401, "Negotiate", "NTLM")
  .tgsReq(SPN, { over: "tcp" })
  .krbError(6)
  .close();
