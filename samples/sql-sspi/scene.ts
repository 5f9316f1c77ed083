import { SQL_SPN, sqlLogin, sqlOpened, sqlRefuses, sqlSspi, sqlSspiAnswer } from "../../test/scene/elsewhere.ts";
import { scene } from "../../test/scene/scene.ts";
import { ntlmInSpnego, ntlmLeg } from "../../test/scene/tokens.ts";

/** The SPN is not registered; the client goes on with NTLM, which the server does not accept from this domain. */
const refused = sqlOpened(scene()).tgsReq(SQL_SPN).krbError(7);
const answered = sqlSspiAnswer(sqlLogin(refused, ntlmInSpnego()), ntlmLeg(2));

export default sqlRefuses(
  sqlSspi(answered, ntlmLeg(3)),
  18452,
  "Login failed. The login is from an untrusted domain and cannot be used with Integrated authentication.",
).close("server");
