import { scene, WEB } from "../../test/scene/scene.ts";
import { anonymousLeg, ntlmInSpnego, ntlmLeg } from "../../test/scene/tokens.ts";

/** A double hop without delegation, captured on the second hop. */
export default scene()
  .client(WEB, "IISSERVER$")
  .host("backend.contoso.com")
  .dns("backend.contoso.com", "192.168.2.150")
  .server("192.168.2.150")
  .get("/")
  .header("Server: Microsoft-IIS/10.0")
  .reply(401, "Negotiate", "NTLM")
  .get("/", ntlmInSpnego())
  .reply(401, ntlmLeg(2))
  .get("/", anonymousLeg())
  .reply(401, "Negotiate", "NTLM")
  .close();
