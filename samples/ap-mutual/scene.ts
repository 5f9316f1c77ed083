import { HOST, SPN, scene, WEB } from "../../test/scene/scene.ts";
import { errorToken, krb5 } from "../../test/scene/tokens.ts";

/** Something between client and service answers in its place. */
export default scene()
  .dns(HOST, WEB)
  .get("/")
  .reply(401, "Negotiate")
  .tgs(SPN)
  .get("/", krb5(SPN))
  .reply(401, errorToken(46, { sname: SPN }))
  .close();
