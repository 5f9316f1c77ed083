import { scene } from "../../test/scene/scene.ts";

/** The NetBIOS name of the domain, and nobody who answers to it. */
export default scene()
  .netbios("CONTOSO")
  .wait(0.75)
  .again()
  .wait(0.75)
  .again()
  .wait(0.75)
  .mailslot("CONTOSO")
  .wait(2)
  .again()
  .wait(5)
  .again();
