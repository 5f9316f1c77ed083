import { HOST, SPN, scene, WEB } from "../../test/scene/scene.ts";
import { krb5, ntlmDone, ntlmLeg, pickNtlm } from "../../test/scene/tokens.ts";

/** The server answers an AP-REQ with the choice of NTLM. */
export default scene()
  .dns(HOST, WEB)
  .get("/")
  .header("Server: Microsoft-IIS/10.0")
  .reply(401, "Negotiate", "NTLM")
  .tgs(SPN, { over: "tcp" })
  .get("/", krb5(SPN, { offer: "windows" }))
  .reply(401, pickNtlm())
  .get("/", ntlmLeg(1))
  .reply(401, ntlmLeg(2))
  .get("/", ntlmLeg(3))
  .reply(200, ntlmDone())
  .close();
