import { HOST, SPN, scene, WEB } from "../../test/scene/scene.ts";
import { errorToken, krb5 } from "../../test/scene/tokens.ts";

/** A keytab that the service may not read. */
export default scene()
  .dns(HOST, WEB)
  .get("/")
  .reply(401, "Negotiate")
  .tgs(SPN)
  .get("/", krb5(SPN))
  .reply(401, errorToken(45, { sname: SPN, etext: "No key table entry found" }))
  .close();
