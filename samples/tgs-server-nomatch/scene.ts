import { HOST, SPN, scene, WEB } from "../../test/scene/scene.ts";

/** A renewal for another service than the ticket's. */
export default scene()
  .dns(HOST, WEB)
  .get("/")
  .header("Server: Microsoft-IIS/10.0")
  .reply(401, "Negotiate", "NTLM")
  .tgsReq(SPN, { over: "tcp", options: 0x40810002 })
  .krbError(26)
  .close();
