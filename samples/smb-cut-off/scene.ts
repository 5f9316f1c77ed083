import { filesScene, oldNegotiate } from "../../test/scene/smb.ts";

/** A scanner that knows SMB1 alone, and a server that has it switched off. */
export default filesScene()
  .says("client", oldNegotiate(["NT LM 0.12"]))
  .reset();
