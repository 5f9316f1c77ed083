import { CIFS, goesOn, presented } from "../../test/scene/smb.ts";
import { windowsError } from "../../test/scene/tokens.ts";

/** An alias leads to another computer than the one that the name is registered for. */
export default presented()
  .says("server", goesOn(windowsError(41, { sname: CIFS })))
  .close();
