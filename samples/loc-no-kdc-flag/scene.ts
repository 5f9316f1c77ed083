import { DC_FLAGS, KDC_FLAG } from "../../test/scene/locator.ts";
import { DC, scene } from "../../test/scene/scene.ts";

/** The KDC service is stopped. */
export default scene()
  .srv("_kerberos._tcp.dc._msdcs.contoso.com", "dca.contoso.com")
  .dns("dca.contoso.com", DC)
  .dcPing()
  .dcAnswer({ flags: DC_FLAGS & ~KDC_FLAG });
