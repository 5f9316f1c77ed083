import { HOST, scene, WEB } from "../../test/scene/scene.ts";

/** A reverse proxy that removes Negotiate. */
export default scene()
  .dns(HOST, WEB)
  .get("/")
  .header("Via: 1.1 gateway.contoso.com")
  .reply(401, 'Basic realm="contoso"')
  .close();
