import { HOST, SPN, scene, WEB } from "../../test/scene/scene.ts";
import { krb5 } from "../../test/scene/tokens.ts";

/** The back-end of a gateway is down. */
export default scene()
  .dns(HOST, WEB)
  .get("/")
  .reply(401, "Negotiate")
  .tgs(SPN)
  .get("/", krb5(SPN))
  .header("Via: 1.1 gateway.contoso.com")
  .reply(502)
  .close("server");
