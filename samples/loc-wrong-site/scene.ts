import { CLOSEST_FLAG, DC_FLAGS } from "../../test/scene/locator.ts";
import { DC, scene } from "../../test/scene/scene.ts";

/** The client's address belongs to no site. */
export default scene()
  .client("10.77.1.20")
  .srv("_ldap._tcp.dc._msdcs.contoso.com", "dca.contoso.com")
  .dns("dca.contoso.com", DC)
  .dcPing(DC, { host: "BRANCH-PC7" })
  .dcAnswer({ clientSite: "", flags: DC_FLAGS & ~CLOSEST_FLAG });
