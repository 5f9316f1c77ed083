import { HOST, SPN, scene, WEB } from "../../test/scene/scene.ts";

/** Selective authentication over a trust. */
export default scene()
  .dns(HOST, WEB)
  .get("/")
  .header("Server: Microsoft-IIS/10.0")
  .reply(401, "Negotiate", "NTLM")
  .tgsReq(SPN, { over: "tcp" })
  .krbError(12, { ntStatus: 0xc0000413, statusFlags: 3 })
  .close();
