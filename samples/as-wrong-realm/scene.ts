import { HOST, scene, WEB } from "../../test/scene/scene.ts";

/** A client that does not follow a referral of its own name. */
export default scene().asReq().krbError(68, { crealm: "FABRIKAM.COM" }).wait(60).dns(HOST, WEB);
