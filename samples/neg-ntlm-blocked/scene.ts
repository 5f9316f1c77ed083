import { answered, CIFS, ntlmTried, offered, status } from "../../test/scene/smb.ts";

/** The name is not registered, and NTLM is forbidden. */
export default ntlmTried(offered().tgsReq(CIFS).krbError(7))
  .says("server", answered(status.NTLM_BLOCKED, "", { round: 2 }))
  .close();
