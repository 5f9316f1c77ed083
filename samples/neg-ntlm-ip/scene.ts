import { scene, WEB } from "../../test/scene/scene.ts";
import { ntlmDone, ntlmInSpnego, ntlmLeg } from "../../test/scene/tokens.ts";

/** The URL names the server by its address. */
export default scene()
  .host(WEB)
  .get("/")
  .header("Server: Microsoft-IIS/10.0")
  .reply(401, "Negotiate", "NTLM")
  .get("/", ntlmInSpnego())
  .reply(401, ntlmLeg(2))
  .get("/", ntlmLeg(3))
  .reply(200, ntlmDone())
  .close();
