import { HOST, SPN, scene, WEB } from "../../test/scene/scene.ts";

/** A KDC that refuses without a reason of the protocol. */
export default scene()
  .dns(HOST, WEB)
  .get("/")
  .header("Server: Microsoft-IIS/10.0")
  .reply(401, "Negotiate", "NTLM")
  .tgsReq(SPN, { over: "tcp" })
  .krbError(60, { ntStatus: 0xc000009a, statusFlags: 3 })
  .close();
