import { scene } from "../../test/scene/scene.ts";

const FILES = "192.168.2.103";

/** Nothing listens on UDP 389 of the host that DNS names. */
export default scene()
  .srv("_ldap._tcp.dc._msdcs.contoso.com", "files.contoso.com")
  .dns("files.contoso.com", FILES)
  .dcPing(FILES)
  .icmp(3, FILES)
  .wait(1)
  .dcPing(FILES)
  .icmp(3, FILES);
