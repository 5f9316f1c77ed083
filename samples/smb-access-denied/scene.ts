import { loggedOn, status, tree, treeAnswer } from "../../test/scene/smb.ts";

/** Kerberos succeeded; the share is not for this user. */
export default loggedOn().says("client", tree()).says("server", treeAnswer(status.DENIED)).close();
