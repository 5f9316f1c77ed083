import { DC, HOST, scene, WEB } from "../../test/scene/scene.ts";

/** A KDC that does not answer. */
export default scene()
  .dns("dca.contoso.com", DC)
  .asReq()
  .wait(1)
  .again()
  .wait(3)
  .again()
  .wait(6)
  .again()
  .wait(12)
  .dns(HOST, WEB);
