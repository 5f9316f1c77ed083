import { accepted, ntlmTried, offered, tree, treeAnswer } from "../../test/scene/smb.ts";
import { ntlmDone } from "../../test/scene/tokens.ts";

/** The server does not know the user and lets everybody in. */
export default ntlmTried(offered())
  .says("server", accepted(ntlmDone(), { round: 2, flags: 1 }))
  .says("client", tree())
  .says("server", treeAnswer())
  .close();
