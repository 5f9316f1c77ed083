import { HOST, scene, WEB } from "../../test/scene/scene.ts";
import { negoexToken, ntlmDone, ntlmLeg, pickNtlm } from "../../test/scene/tokens.ts";

/** A client without a domain offers NegoEx. */
export default scene()
  .dns(HOST, WEB)
  .get("/")
  .header("Server: Microsoft-IIS/10.0")
  .reply(401, "Negotiate", "NTLM")
  .get("/", negoexToken())
  .reply(401, pickNtlm())
  .get("/", ntlmLeg(1))
  .reply(401, ntlmLeg(2))
  .get("/", ntlmLeg(3))
  .reply(200, ntlmDone())
  .close();
