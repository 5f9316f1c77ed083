import { accepted, CIFS, loggedOn, negotiate, offer, setup, tree, treeAnswer } from "../../test/scene/smb.ts";
import { apRepToken, krb5 } from "../../test/scene/tokens.ts";

/** A second connection is bound to the session of the first. */
export default loggedOn()
  .says("client", tree())
  .says("server", treeAnswer())
  .socket("second")
  .says("client", negotiate())
  .says("server", offer())
  .says("client", setup(krb5(CIFS), { round: 2, flags: 1 }))
  .says("server", accepted(apRepToken(), { round: 2 }))
  .close();
