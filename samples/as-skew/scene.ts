import { skewRecovery } from "../../test/scene/kerberos.ts";
import { HOST, scene, WEB } from "../../test/scene/scene.ts";

/** A client clock that is far behind, and stays so. */
export default scene()
  .asReq({ over: "tcp", proof: true })
  .krbError(37, { stime: "20261118113140Z", data: skewRecovery() })
  .wait(2)
  .asReq({ over: "tcp", proof: true })
  .krbError(37, { stime: "20261118113142Z", data: skewRecovery() })
  .wait(60)
  .dns(HOST, WEB);
