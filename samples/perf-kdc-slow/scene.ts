import { HOST, SPN, scene, WEB } from "../../test/scene/scene.ts";
import { apRepToken, krb5 } from "../../test/scene/tokens.ts";

/** A KDC that answers late. */
export default scene()
  .dns(HOST, WEB)
  .get("/")
  .reply(401, "Negotiate")
  .tgsReq(SPN)
  .wait(2)
  .issued()
  .get("/", krb5(SPN))
  .reply(200, apRepToken())
  .close();
