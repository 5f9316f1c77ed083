import { DC, scene } from "../../test/scene/scene.ts";

const domain = "corp.contoso.com";

/** SRV records that lead to the controller of another domain. */
export default scene()
  .srv(`_ldap._tcp.dc._msdcs.${domain}`, "dca.contoso.com")
  .dns("dca.contoso.com", DC)
  .dcPing(DC, { domain })
  .dcDone();
