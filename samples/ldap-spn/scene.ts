import { ldapBind, ldapBound, rootSearch } from "../../test/scene/ldap.ts";
import { DC, scene } from "../../test/scene/scene.ts";
import { ntlmDone, ntlmInSpnego, ntlmLeg } from "../../test/scene/tokens.ts";

/** The client was given the domain's name in place of a domain controller's. */
const refused = rootSearch(scene().dns("contoso.com", DC).server(DC, 389)).tgsReq("ldap/contoso.com").krbError(7);
const challenged = ldapBound(ldapBind(refused, ntlmInSpnego()), 14, { header: ntlmLeg(2) });
const proof = ldapBind(challenged, ntlmLeg(3), { id: 3 });

export default ldapBound(proof, 0, { id: 3, header: ntlmDone() }).close();
