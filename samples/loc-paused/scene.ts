import { DC, scene } from "../../test/scene/scene.ts";

/** Netlogon waits for SYSVOL. */
export default scene()
  .srv("_ldap._tcp.dc._msdcs.contoso.com", "dca.contoso.com")
  .dns("dca.contoso.com", DC)
  .dcPing()
  .dcAnswer({ opcode: 24 })
  .wait(1)
  .dcPing()
  .dcAnswer({ opcode: 24 });
