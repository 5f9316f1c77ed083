import { ntlmLogin, offered, tree, treeAnswer } from "../../test/scene/smb.ts";

/** A share opened with the credentials of another account. */
export default ntlmLogin(offered()).says("client", tree()).says("server", treeAnswer()).close();
