import { answered, goesOn, loggedOn, setup, status, tree, treeAnswer } from "../../test/scene/smb.ts";
import { ntlmInSpnego, ntlmLeg } from "../../test/scene/tokens.ts";

const SECOND = 0x0000_4000_0000_0055n;

/** One connection, two sessions: the user's with Kerberos, and one with other credentials that are wrong. */
export default loggedOn()
  .says("client", tree())
  .says("server", treeAnswer())
  .says("client", setup(ntlmInSpnego(), { messageId: 6 }))
  .says("server", goesOn(ntlmLeg(2), { messageId: 6, session: SECOND }))
  .says("client", setup(ntlmLeg(3), { round: 7, session: SECOND }))
  .says("server", answered(status.LOGON_FAILURE, "", { round: 7, session: SECOND }))
  .close();
