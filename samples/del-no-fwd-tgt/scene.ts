import { atBack, atFront, frontAnswers } from "../../test/scene/delegation.ts";
import { anonymousLeg, ntlmInSpnego, ntlmLeg } from "../../test/scene/tokens.ts";

/** The front-end is trusted for no delegation: nothing of John goes beyond it. */
export default frontAnswers(
  atBack(atFront())
    .get("/data", ntlmInSpnego())
    .reply(401, ntlmLeg(2))
    .get("/data", anonymousLeg())
    .header("Server: Microsoft-IIS/10.0")
    .reply(401, "Negotiate", "NTLM")
    .close(),
);
