import { ACCOUNT, COMPUTER, computersTgt, transition, transitioned } from "../../test/scene/delegation.ts";
import { scene, WEB } from "../../test/scene/scene.ts";

/** Delegation is set up on the service account; the SMB redirector asks as the computer. */
export default transition(scene().client(WEB, ACCOUNT).asReq({ proof: true }).issued())
  .client(WEB, COMPUTER)
  .tgsReq("cifs/files.contoso.com", { over: "tcp", evidence: transitioned(), rbcd: true, tgt: computersTgt() })
  .krbError(13);
