import { accepted, goesOn, offered, setup } from "../../test/scene/smb.ts";
import { ntlmAs, ntlmDone, ntlmInSpnego, ntlmLeg } from "../../test/scene/tokens.ts";

/** Somebody signed on to the laptop with a local account, and opens a share of the domain. */
export default offered()
  .says("client", setup(ntlmInSpnego()))
  .says("server", goesOn(ntlmLeg(2)))
  .says("client", setup(ntlmAs("jane", "LAPTOP7", "LAPTOP7"), { round: 2 }))
  .says("server", accepted(ntlmDone(), { round: 2 }));
