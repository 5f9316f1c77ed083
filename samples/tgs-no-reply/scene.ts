import { HOST, SPN, scene, WEB } from "../../test/scene/scene.ts";

/** A KDC that stops answering. */
export default scene()
  .asReq({ proof: true })
  .issued()
  .dns(HOST, WEB)
  .get("/")
  .reply(401, "Negotiate")
  .tgsReq(SPN)
  .wait(1)
  .again()
  .wait(3)
  .again()
  .wait(6)
  .again()
  .wait(6)
  .close();
