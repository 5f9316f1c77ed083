import { DC, scene } from "../../test/scene/scene.ts";

const user = "CLIENT1$";

/** A machine account that is gone. */
export default scene()
  .srv("_ldap._tcp.dc._msdcs.contoso.com", "dca.contoso.com")
  .dns("dca.contoso.com", DC)
  .dcPing(DC, { host: "CLIENT1", user })
  .dcAnswer({ opcode: 25, user });
