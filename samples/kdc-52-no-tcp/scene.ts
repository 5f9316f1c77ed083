import { HOST, SPN, scene, WEB } from "../../test/scene/scene.ts";

/** TCP 88 is blocked where UDP 88 is not. */
export default scene()
  .dns(HOST, WEB)
  .get("/")
  .reply(401, "Negotiate")
  .tgsReq(SPN)
  .krbError(52)
  .kdcSyn()
  .wait(1)
  .again()
  .wait(2)
  .again()
  .wait(4)
  .again()
  .wait(8)
  .close();
