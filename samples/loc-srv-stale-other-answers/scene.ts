import { DC, scene } from "../../test/scene/scene.ts";

/** Two SRV records, one of a controller that is gone. */
export default scene()
  .srv("_ldap._tcp.dc._msdcs.contoso.com", "dc9.contoso.com", "dca.contoso.com")
  .dnsQuery("dc9.contoso.com")
  .dnsError(3)
  .dns("dca.contoso.com", DC)
  .dcPing()
  .dcAnswer();
