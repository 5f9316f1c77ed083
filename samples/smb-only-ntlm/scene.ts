import { filesScene, ntlmLogin, offered, tree, treeAnswer } from "../../test/scene/smb.ts";

/** An appliance in a workgroup. */
export default ntlmLogin(offered(filesScene(), "NTLMSSP")).says("client", tree()).says("server", treeAnswer()).close();
