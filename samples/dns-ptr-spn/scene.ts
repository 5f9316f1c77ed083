import { HOST, scene, WEB } from "../../test/scene/scene.ts";

/** An SPN made of a PTR record. */
export default scene()
  .dns(HOST, WEB)
  .get("/")
  .reply(401, "Negotiate")
  .dnsQuery("104.2.168.192.in-addr.arpa", "PTR")
  .dnsAnswer("node7.contoso.com")
  .tgsReq("HTTP/node7.contoso.com")
  .krbError(7)
  .close();
