import { DC, HOST, SPN, scene, WEB } from "../../test/scene/scene.ts";

const OTHER_DC = "192.168.2.2";

/** Two forests of which each says that the host belongs to the other. */
export default scene()
  .dns(HOST, WEB)
  .get("/")
  .reply(401, "Negotiate")
  .tgsReq(SPN)
  .referral("FABRIKAM.COM")
  .kdc(OTHER_DC)
  .tgsReq(SPN, { realm: "FABRIKAM.COM" })
  .referral("CONTOSO.COM")
  .kdc(DC)
  .tgsReq(SPN)
  .referral("FABRIKAM.COM")
  .wait(6)
  .close();
