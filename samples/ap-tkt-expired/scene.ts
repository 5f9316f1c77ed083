import { HOST, SPN, scene, WEB } from "../../test/scene/scene.ts";
import { errorToken, krb5 } from "../../test/scene/tokens.ts";

/** The clock of the web server is twelve hours ahead. */
export default scene()
  .dns(HOST, WEB)
  .get("/")
  .reply(401, "Negotiate")
  .tgs(SPN)
  .get("/", krb5(SPN))
  .reply(401, errorToken(32, { sname: SPN, stime: "20261118230640Z" }))
  .close();
