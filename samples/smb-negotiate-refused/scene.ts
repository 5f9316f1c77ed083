import { filesScene, negotiate, noDialect } from "../../test/scene/smb.ts";

/** The server wants 3.0 or newer, the client has 2.1. */
export default filesScene()
  .says("client", negotiate({ dialects: [0x0202, 0x0210] }))
  .says("server", noDialect())
  .close();
