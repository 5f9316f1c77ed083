import { methodData } from "../../test/scene/kerberos.ts";
import { HOST, scene, WEB } from "../../test/scene/scene.ts";

/** The plain form of KDC_ERR_POLICY. */
export default scene()
  .asReq()
  .krbError(25, { data: methodData() })
  .asReq({ proof: true })
  .krbError(12)
  .wait(60)
  .dns(HOST, WEB);
