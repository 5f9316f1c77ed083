import { HOST, SPN, scene, WEB } from "../../test/scene/scene.ts";

/** A KDC whose clock is an hour behind. */
export default scene()
  .dns(HOST, WEB)
  .get("/")
  .header("Server: Microsoft-IIS/10.0")
  .reply(401, "Negotiate", "NTLM")
  .tgsReq(SPN, { over: "tcp" })
  .krbError(33, { stime: "20261118100640Z" })
  .close();
