import { HOST, SPN, scene, WEB } from "../../test/scene/scene.ts";

/** An SPN with a port that nobody registered. */
export default scene()
  .dns(HOST, WEB)
  .server(WEB, 8085)
  .host(`${HOST}:8085`)
  .get("/")
  .header("Server: Microsoft-IIS/10.0")
  .reply(401, "Negotiate")
  .tgsReq(`${SPN}:8085`, { over: "tcp" })
  .krbError(7)
  .close();
