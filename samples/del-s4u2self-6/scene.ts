import { ACCOUNT } from "../../test/scene/delegation.ts";
import { DC, scene, WEB } from "../../test/scene/scene.ts";

/** The form on the web site took a name; the account behind it may not read that user's groups. */
export default scene()
  .client(WEB, ACCOUNT)
  .asReq({ proof: true })
  .issued()
  .asReq({ cname: "Jane@CONTOSO.COM" })
  .krbError(25, { sname: "krbtgt/CONTOSO.COM" })
  .kdc(DC)
  .tgsReq(ACCOUNT, { over: "tcp", forUser: "Jane" })
  .krbError(6);
