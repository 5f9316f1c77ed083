import { adRefusal, directory, ldapBind, ldapBound } from "../../test/scene/ldap.ts";
import { scene } from "../../test/scene/scene.ts";
import { ntlmInSpnego, ntlmLeg } from "../../test/scene/tokens.ts";

/** GSS-SPNEGO with NTLM from the first message on, and a wrong password. */
const signedOn = scene().asReq().krbError(25).asReq({ proof: true }).issued();
const challenged = ldapBound(ldapBind(directory(signedOn), ntlmInSpnego()), 14, { header: ntlmLeg(2) });
const proof = ldapBind(challenged, ntlmLeg(3), { id: 3 });

export default ldapBound(proof, 49, { id: 3, diagnostic: adRefusal("52e") }).close();
