import { HOST, SPN, scene, WEB } from "../../test/scene/scene.ts";
import { errorToken, krb5 } from "../../test/scene/tokens.ts";

/** NAT between a client with addressed tickets and the service. */
export default scene()
  .dns(HOST, WEB)
  .get("/")
  .reply(401, "Negotiate")
  .tgs(SPN)
  .get("/", krb5(SPN))
  .reply(401, errorToken(38, { sname: SPN }))
  .close();
