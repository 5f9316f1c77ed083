import { HOST, scene, WEB } from "../../test/scene/scene.ts";

/** An account that may sign on at certain workstations only. */
export default scene()
  .asReq({ over: "tcp", proof: true })
  .krbError(12, { ntStatus: 0xc0000070 })
  .wait(60)
  .dns(HOST, WEB);
