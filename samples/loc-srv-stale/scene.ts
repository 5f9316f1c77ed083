import { HOST, scene, WEB } from "../../test/scene/scene.ts";

/** An SRV record of a retired domain controller. */
export default scene()
  .dns(HOST, WEB)
  .get("/")
  .reply(401, "Negotiate")
  .dnsQuery("_kerberos._udp.contoso.com", "SRV")
  .dnsAnswer("dc9.contoso.com")
  .dnsQuery("dc9.contoso.com")
  .dnsError(3)
  .wait(1)
  .close();
