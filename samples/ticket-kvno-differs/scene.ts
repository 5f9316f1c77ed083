import { HOST, SPN, scene, WEB } from "../../test/scene/scene.ts";
import { krb5, windowsApRep, windowsError } from "../../test/scene/tokens.ts";

const before = { kvno: 4, issue: 4, size: 980 };
const after = { kvno: 5, issue: 5, size: 980 };

/** The service's password was changed over lunch: one client still has its ticket of the morning. */
export default scene()
  .asReq({ proof: true })
  .issued({ size: 990 })
  .tgs("cifs/fileserver.contoso.com", { size: 960 })
  .dns(HOST, WEB)
  .get("/")
  .header("Server: Microsoft-IIS/10.0")
  .reply(401, "Negotiate")
  .get("/", krb5(SPN, before))
  .header("Server: Microsoft-IIS/10.0")
  .reply(401, windowsError(41, { sname: SPN }))
  .wait(2)
  .client("192.168.2.102", "Jane")
  .dns(HOST, WEB)
  .get("/")
  .header("Server: Microsoft-IIS/10.0")
  .reply(401, "Negotiate")
  .tgs(SPN, after)
  .get("/", krb5(SPN, after))
  .header("Server: Microsoft-IIS/10.0")
  .reply(200, windowsApRep());
