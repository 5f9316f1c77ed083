import { atFront, frontAnswers } from "../../test/scene/delegation.ts";
import { ticket } from "../../test/scene/kerberos.ts";
import { SPN } from "../../test/scene/scene.ts";

/** The back-end is in another domain, and the front-end asks in the old way. */
export default frontAnswers(
  atFront()
    .tgsReq("HTTP/reports.emea.contoso.com", { over: "tcp", evidence: ticket(SPN) })
    .referral("EMEA.CONTOSO.COM")
    .wait(6),
);
