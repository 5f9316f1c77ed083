import { HOST, SPN, scene, WEB } from "../../test/scene/scene.ts";

/** S4U2self for a name that is not the asker's. */
export default scene()
  .client(WEB, "iissvc")
  .tgsReq(SPN, { over: "tcp", forUser: "Jane" })
  .krbError(36)
  .wait(30)
  .dns(HOST, WEB);
