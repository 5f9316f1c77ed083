import { HOST, SPN, scene, WEB } from "../../test/scene/scene.ts";

/** A clock that is three hours behind. */
export default scene()
  .dns(HOST, WEB)
  .get("/")
  .header("Server: Microsoft-IIS/10.0")
  .reply(401, "Negotiate", "NTLM")
  .tgsReq(SPN, { over: "tcp" })
  .krbError(37, { stime: "20261118140640Z" })
  .close();
