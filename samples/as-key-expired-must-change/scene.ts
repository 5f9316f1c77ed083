import { HOST, scene, WEB } from "../../test/scene/scene.ts";

/** A password that was reset by somebody else. */
export default scene()
  .asReq({ over: "tcp", proof: true })
  .krbError(23, { ntStatus: 0xc0000224 })
  .wait(60)
  .dns(HOST, WEB);
