import { HOST, SPN, scene, WEB } from "../../test/scene/scene.ts";

/** A forwarded ticket from a TGT that is not forwardable. */
export default scene()
  .dns(HOST, WEB)
  .get("/")
  .header("Server: Microsoft-IIS/10.0")
  .reply(401, "Negotiate", "NTLM")
  .tgsReq(SPN, { over: "tcp", options: 0x60810000 })
  .krbError(13)
  .close();
