import { HOST, SPN, scene, WEB } from "../../test/scene/scene.ts";
import { krb5 } from "../../test/scene/tokens.ts";

/** The token is acknowledged, never answered. */
export default scene().dns(HOST, WEB).get("/").reply(401, "Negotiate").tgs(SPN).get("/", krb5(SPN)).wait(30).close();
