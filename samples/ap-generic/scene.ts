import { HOST, SPN, scene, WEB } from "../../test/scene/scene.ts";
import { errorToken, krb5 } from "../../test/scene/tokens.ts";

/** The service has a reason for which the protocol has no number. */
export default scene()
  .dns(HOST, WEB)
  .get("/")
  .reply(401, "Negotiate")
  .tgs(SPN)
  .get("/", krb5(SPN))
  .reply(401, errorToken(60, { sname: SPN, etext: "Wrong principal in request" }))
  .close();
