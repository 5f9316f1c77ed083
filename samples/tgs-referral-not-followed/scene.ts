import { HOST, SPN, scene, WEB } from "../../test/scene/scene.ts";

/** A client that cannot find the KDC of the realm it is sent to. */
export default scene()
  .dns(HOST, WEB)
  .get("/")
  .header("Server: Microsoft-IIS/10.0")
  .reply(401, "Negotiate", "NTLM")
  .tgsReq(SPN, { over: "tcp" })
  .referral("FABRIKAM.COM")
  .dnsQuery("_kerberos._tcp.fabrikam.com", "SRV")
  .dnsError(3)
  .wait(6)
  .close();
