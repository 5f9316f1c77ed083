import { adRefusal, directory, ldapBound, simpleBind } from "../../test/scene/ldap.ts";
import { scene } from "../../test/scene/scene.ts";

/** An application checks passwords by simple binds; the third time the account is locked. */
const attempt = (id: number, data: string) =>
  ldapBound(simpleBind(session, "john@contoso.com", "stored", id), 49, { id, diagnostic: adRefusal(data) }).wait(2);

const session = directory(scene());
attempt(1, "52e");
attempt(2, "52e");

export default attempt(3, "775").close();
