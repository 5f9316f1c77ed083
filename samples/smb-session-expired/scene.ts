import { accepted, CIFS, loggedOn, readAnswer, setup, status, tree, treeAnswer } from "../../test/scene/smb.ts";
import { apRepToken, krb5 } from "../../test/scene/tokens.ts";

/** The ticket ends after ten minutes; the client gets another one and goes on in the same session. */
export default loggedOn()
  .says("client", tree())
  .says("server", treeAnswer())
  .wait(240)
  .says("server", readAnswer(status.EXPIRED))
  .tgs(CIFS)
  .says("client", setup(krb5(CIFS), { round: 12 }))
  .says("server", accepted(apRepToken(), { round: 12 }))
  .close();
