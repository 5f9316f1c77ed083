import { HOST, SPN, scene, WEB } from "../../test/scene/scene.ts";

/** A path that drops IP fragments. */
export default scene()
  .asReq({ proof: true })
  .issued()
  .dns(HOST, WEB)
  .get("/")
  .reply(401, "Negotiate")
  .tgsReq(SPN, { fragments: 512 })
  .wait(1)
  .tgsReq(SPN, { fragments: 512, nonce: 1_001 })
  .wait(3)
  .tgsReq(SPN, { fragments: 512, nonce: 1_001 })
  .wait(6)
  .close();
