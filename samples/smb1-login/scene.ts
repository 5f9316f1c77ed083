import {
  CIFS,
  filesScene,
  oldAccepted,
  oldNegotiate,
  oldOffer,
  oldSetup,
  oldTree,
  oldTreeAnswer,
} from "../../test/scene/smb.ts";
import { apRepToken, krb5 } from "../../test/scene/tokens.ts";

/** SMB1 with extended security: the same tokens in older messages. */
export default filesScene()
  .says("client", oldNegotiate(["NT LM 0.12"]))
  .says("server", oldOffer())
  .tgs(CIFS)
  .says("client", oldSetup(krb5(CIFS)))
  .says("server", oldAccepted(apRepToken()))
  .says("client", oldTree())
  .says("server", oldTreeAnswer())
  .close();
