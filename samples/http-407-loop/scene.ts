import { scene, WEB } from "../../test/scene/scene.ts";
import { krb5 } from "../../test/scene/tokens.ts";

const PROXY = "proxy.contoso.com";
const token = () => krb5(`HTTP/${PROXY}`, { size: 960 });

/** A proxy whose SPN is on another account: it takes no token, and does not say why. */
export default scene()
  .dns(PROXY, WEB)
  .server(WEB, 3128)
  .host("www.example.com")
  .get("http://www.example.com/")
  .header("Server: squid/5.7")
  .reply(407, "Negotiate")
  .tgs(`HTTP/${PROXY}`, { size: 960 })
  .get("http://www.example.com/", token(), { proxy: true })
  .header("Server: squid/5.7")
  .reply(407, "Negotiate")
  .get("http://www.example.com/", token(), { proxy: true })
  .header("Server: squid/5.7")
  .reply(407, "Negotiate")
  .get("http://www.example.com/", token(), { proxy: true })
  .header("Server: squid/5.7")
  .reply(407, "Negotiate")
  .close();
