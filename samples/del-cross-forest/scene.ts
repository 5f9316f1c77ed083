import { atFront, frontAnswers } from "../../test/scene/delegation.ts";
import { ticket } from "../../test/scene/kerberos.ts";
import { SPN } from "../../test/scene/scene.ts";

const REPORTS = "HTTP/reports.fabrikam.com";

/** The back-end is in another forest, whose KDC lets no delegation in. */
export default frontAnswers(
  atFront()
    .tgsReq(REPORTS, { over: "tcp", evidence: ticket(SPN), rbcd: true })
    .referral("FABRIKAM.COM")
    .kdc("192.168.3.1")
    .tgsReq(REPORTS, { over: "tcp", realm: "FABRIKAM.COM", evidence: ticket("krbtgt/FABRIKAM.COM"), rbcd: true })
    .krbError(12),
);
