import {
  ACCOUNT,
  atFront,
  BACK_END,
  computersTgt,
  frontAnswers,
  transition,
  transitioned,
} from "../scene/delegation.ts";
import { ticket } from "../scene/kerberos.ts";
import { type Scene, SPN, scene, WEB } from "../scene/scene.ts";
import { accepted, answered, filesScene, negotiate, offer, setup, status } from "../scene/smb.ts";
import { krb5 } from "../scene/tokens.ts";
import type { Witness } from "./witnesses.ts";

const witness = (rule: string, fires: Scene, spared: Scene): Witness => ({ rule, fires, spared, hosts: [] });

const service = () => scene().client(WEB, ACCOUNT);
const REPORTS = "HTTP/reports.fabrikam.com";
const CIFS = "cifs/files.contoso.com";
const asked = (code: number, wish = {}) =>
  frontAnswers(
    atFront()
      .tgsReq(BACK_END, { evidence: ticket(SPN) })
      .krbError(code, wish),
  );
const sentOn = (rbcd: boolean) =>
  atFront()
    .tgsReq(REPORTS, { evidence: ticket(SPN), rbcd })
    .referral("FABRIKAM.COM");
const refusedThere = (rbcd: boolean, wish = {}) =>
  frontAnswers(
    sentOn(rbcd)
      .kdc("192.168.3.1")
      .tgsReq(REPORTS, { realm: "FABRIKAM.COM", evidence: ticket("krbtgt/FABRIKAM.COM"), rbcd })
      .krbError(13, wish),
  );
const FORWARDED = 0x60810000;
/** A file server is asked with a ticket that the web server got in John's name. */
const delegatedToFiles = (account: string) =>
  filesScene()
    .client(WEB, account)
    .says("client", negotiate())
    .says("server", offer())
    .tgs(account, { forUser: "John", cname: "John" })
    .tgs(CIFS, { evidence: ticket(account), cname: "John" })
    .says("client", setup(krb5(CIFS)));

export const delegations: readonly Witness[] = [
  witness(
    "del-s4u2self-6",
    service().tgsReq(ACCOUNT, { forUser: "Jane" }).krbError(6),
    service().tgsReq(BACK_END).krbError(6),
  ),
  ...[20, 31, 41].map((code) => witness("del-no-pac", asked(code), asked(12))),
  witness("del-wrong-topology", frontAnswers(sentOn(false).wait(6)), frontAnswers(sentOn(true).wait(6))),
  witness("del-wrong-topology", refusedThere(false), refusedThere(true)),
  witness("del-cross-forest", frontAnswers(sentOn(true).wait(6)), frontAnswers(sentOn(false).wait(6))),
  witness("del-cross-forest", refusedThere(true), refusedThere(true, { ntStatus: 0xc0000225 })),
  witness(
    "del-cross-forest",
    scene().tgsReq("krbtgt/FABRIKAM.COM", { options: FORWARDED }).krbError(12),
    scene().tgsReq("krbtgt/FABRIKAM.COM").krbError(12),
  ),
  witness(
    "del-cifs-svc-acct",
    transition(service()).tgsReq(CIFS, { evidence: transitioned(), tgt: computersTgt() }).krbError(13),
    transition(service()).tgsReq(CIFS, { evidence: transitioned() }).krbError(13),
  ),
  witness(
    "del-cifs-svc-acct",
    delegatedToFiles(ACCOUNT).says("server", answered(status.DENIED)),
    delegatedToFiles("IISSERVER$").says("server", answered(status.DENIED)),
  ),
  witness("del-s4u-unsupported", transition(service(), { cname: ACCOUNT }), transition(service())),
  witness("delegation-used", delegatedToFiles(ACCOUNT).says("server", accepted()), asked(13)),
];
