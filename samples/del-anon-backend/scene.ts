import { ACCOUNT, atBack } from "../../test/scene/delegation.ts";
import { CLIENT, HOST, scene, WEB } from "../../test/scene/scene.ts";
import { anonymousLeg, ntlmDone, ntlmInSpnego, ntlmLeg } from "../../test/scene/tokens.ts";

const IIS = "Server: Microsoft-IIS/10.0";

const atFront = scene()
  .dns(HOST, WEB)
  .get("/")
  .header(IIS)
  .reply(401, "Negotiate", "NTLM")
  .get("/", ntlmInSpnego())
  .reply(401, ntlmLeg(2))
  .get("/", ntlmLeg(3))
  .client(WEB, ACCOUNT);

/** John comes with NTLM, and the front-end has nothing to go on with. */
export default atBack(atFront)
  .get("/data", ntlmInSpnego())
  .reply(401, ntlmLeg(2))
  .get("/data", anonymousLeg())
  .header(IIS)
  .reply(401, "Negotiate", "NTLM")
  .close()
  .client(CLIENT, "John")
  .header(IIS)
  .reply(500, ntlmDone())
  .close();
