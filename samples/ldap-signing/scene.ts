import { directory, ldapBound, rootSearch, simpleBind } from "../../test/scene/ldap.ts";
import { scene } from "../../test/scene/scene.ts";

/** A simple bind without TLS. */
const bound = simpleBind(rootSearch(directory(scene())), "CN=scanner,OU=Devices,DC=contoso,DC=com");

export default ldapBound(bound, 8, {
  diagnostic:
    "00002028: LdapErr: DSID-0C090259, comment: The server requires binds to turn on integrity checking if SSL\\TLS are not already active on the connection, data 0, v3839",
}).close();
