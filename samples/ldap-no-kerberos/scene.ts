import { ldapBind, ldapBound, rootSearch } from "../../test/scene/ldap.ts";
import { scene } from "../../test/scene/scene.ts";
import { ntlmInSpnego } from "../../test/scene/tokens.ts";

const SERVER = "192.168.2.150";

/** A directory that is no domain controller: the client reads what it offers, and tries NTLM all the same. */
const asked = rootSearch(scene().dns("directory.contoso.com", SERVER).server(SERVER, 389), ["EXTERNAL", "DIGEST-MD5"]);

export default ldapBound(ldapBind(asked, ntlmInSpnego()), 7, {
  diagnostic: "SASL(-4): no mechanism available: GSS-SPNEGO",
}).close();
