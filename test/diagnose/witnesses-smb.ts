import type { Scene } from "../scene/scene.ts";
import {
  accepted,
  answered,
  CIFS,
  filesScene,
  goesOn,
  joined,
  loggedOn,
  negotiate,
  noDialect,
  ntlmLogin,
  ntlmTried,
  offered,
  presented,
  readAnswer,
  setup,
  status,
  tree,
  treeAnswer,
} from "../scene/smb.ts";
import { apRepToken, errorToken, krb5, ntlmDone } from "../scene/tokens.ts";
import type { Witness } from "./witnesses.ts";

const witness = (rule: string, fires: Scene, spared: Scene): Witness => ({ rule, fires, spared, hosts: [] });

const ntlmRefused = (ntStatus: number) => ntlmTried(offered()).says("server", answered(ntStatus, "", { round: 2 }));
const asked = () => filesScene().says("client", negotiate());
const used = (ntStatus: number) => loggedOn().says("client", tree()).says("server", treeAnswer(ntStatus));
const unknown = () => offered().tgsReq(CIFS).krbError(7);
const expired = () => loggedOn().wait(36_000).says("server", readAnswer(status.EXPIRED));
const guest = (flags: number) => ntlmTried(offered()).says("server", accepted(ntlmDone(), { round: 2, flags }));

export const fileServers: readonly Witness[] = [
  witness("smb-negotiate-refused", asked().says("server", noDialect()), offered().close()),
  witness("neg-ntlm-only-offer", ntlmLogin(offered(filesScene(), "NTLMSSP")), ntlmLogin(offered())),
  witness("smb-cut-off", asked().reset(), asked().wait(20).dns("x.contoso.com")),
  witness("smb-no-answer", asked().wait(20).dns("x.contoso.com"), asked().reset()),
  witness("smb-ntlm-instead", ntlmLogin(offered()), loggedOn()),
  witness("smb-ntlm-instead", ntlmLogin(unknown()), unknown().close()),
  witness("tgs-s-unknown", unknown().close(), offered().tgsReq(CIFS).krbError(14).close()),
  witness(
    "smb-modified",
    presented().says("server", answered(status.LOGON_FAILURE)),
    presented().says("server", answered(status.DENIED)),
  ),
  witness(
    "smb-modified",
    presented().says("server", goesOn(errorToken(41))),
    presented().says("server", goesOn(errorToken(37))),
  ),
  witness(
    "smb-logon-refused",
    presented().says("server", answered(status.DENIED)),
    presented().says("server", answered(status.LOGON_FAILURE)),
  ),
  witness("neg-ntlm-blocked", ntlmRefused(status.NTLM_BLOCKED), ntlmRefused(status.LOGON_FAILURE)),
  witness("neg-ntlm-fail", ntlmRefused(status.LOGON_FAILURE), ntlmRefused(status.NTLM_BLOCKED)),
  witness("neg-ntlm-fail", ntlmRefused(status.DISABLED), ntlmLogin(offered())),
  witness("smb-access-denied", used(status.DENIED), used(0)),
  witness(
    "smb-session-expired",
    expired()
      .tgs(CIFS)
      .says("client", setup(krb5(CIFS), { round: 12 }))
      .says("server", accepted(apRepToken(), { round: 12 })),
    expired(),
  ),
  witness("cap-tls", joined().tgs(CIFS), joined()),
  witness("smb-guest", guest(1), guest(0)),
];
