import { adRefusal, directory, LDAP_SPN, ldapBind, ldapBound } from "../../test/scene/ldap.ts";
import { scene } from "../../test/scene/scene.ts";
import { krb5 } from "../../test/scene/tokens.ts";

/** TLS ends at a device in front of the domain controller; the capture is taken behind it. */
const presented = ldapBind(directory(scene()).tgs(LDAP_SPN), krb5(LDAP_SPN, { offer: "windows" }));

export default ldapBound(presented, 49, { diagnostic: adRefusal("80090346", "80090346") }).close();
