import { atFront, BACK_END, frontAnswers } from "../../test/scene/delegation.ts";
import { ticket } from "../../test/scene/kerberos.ts";
import { SPN } from "../../test/scene/scene.ts";

/** One domain controller issued John's ticket without the signature that the other one wants to see. */
export default frontAnswers(
  atFront()
    .kdc("192.168.2.3")
    .tgsReq(BACK_END, { over: "tcp", evidence: ticket(SPN), rbcd: true })
    .krbError(41),
);
