import { FILE_HOST, FILES, loggedOn, tree, treeAnswer } from "../../test/scene/smb.ts";

const WEB_SPN = `HTTP/${FILE_HOST}`;

/** The share opens with Kerberos; the web site on the same server runs as an account without its SPN. */
export default loggedOn()
  .says("client", tree())
  .says("server", treeAnswer())
  .socket("web")
  .server(FILES, 80)
  .get("/")
  .reply(401, "Negotiate", "NTLM")
  .tgsReq(WEB_SPN)
  .krbError(7)
  .close();
