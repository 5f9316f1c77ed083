import {
  ACCOUNT,
  atBack,
  atFront,
  BACK_END,
  computersTgt,
  frontAnswers,
  handingOver,
  johnsTgt,
  transition,
  transitioned,
  WITH_TGT,
  withTgt,
} from "../scene/delegation.ts";
import { ticket } from "../scene/kerberos.ts";
import { type Scene, SPN, scene, WEB } from "../scene/scene.ts";
import { accepted, answered, filesScene, negotiate, offer, setup, status } from "../scene/smb.ts";
import { apRepToken, krb5, ntlm, ntlmAnonymous } from "../scene/tokens.ts";
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

const large = { proof: WITH_TGT, asks: false };
const anonymousAtBack = (s: Scene) =>
  atBack(s).get("/data", ntlm(1)).reply(401, ntlm(2)).get("/data", ntlmAnonymous()).reply(401);
const namedAtBack = (s: Scene) => atBack(s).get("/data", ntlm(1)).reply(401, ntlm(2)).get("/data", ntlm(3)).reply(401);
const asComputer = (s: Scene) => atBack(s).tgs(BACK_END, { cname: "IISSERVER$" }).get("/data", krb5(BACK_END));
const asJohn = (s: Scene) =>
  atBack(s).tgs(BACK_END, { tgt: johnsTgt(), cname: "John" }).get("/data", krb5(BACK_END)).reply(200, apRepToken());

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
  witness("del-no-fwd-tgt", frontAnswers(anonymousAtBack(atFront())), frontAnswers(anonymousAtBack(atFront(large)))),
  witness("del-no-fwd-tgt", frontAnswers(atBack(atFront()).close()), frontAnswers(atFront()).client(WEB, ACCOUNT)),
  witness("del-anon-backend", frontAnswers(anonymousAtBack(atFront(large))), frontAnswers(namedAtBack(atFront(large)))),
  witness(
    "del-anon-backend",
    frontAnswers(asComputer(atFront()).reply(403, apRepToken())),
    frontAnswers(asComputer(atFront()).reply(200, apRepToken())),
  ),
  witness("del-forwarded-tgt", frontAnswers(withTgt(handingOver()), 200), frontAnswers(atFront(), 200)),
  witness(
    "del-no-fwd-tgt",
    frontAnswers(
      handingOver((s) => s.krbError(13))
        .get("/", krb5(SPN))
        .client(WEB, ACCOUNT),
      200,
    ),
    frontAnswers(withTgt(handingOver()), 200),
  ),
  witness(
    "delegation-used",
    frontAnswers(asJohn(withTgt(handingOver()))),
    frontAnswers(asComputer(withTgt(handingOver())).reply(200, apRepToken())),
  ),
  witness("delegation-used", delegatedToFiles(ACCOUNT).says("server", accepted()), asked(13)),
];
