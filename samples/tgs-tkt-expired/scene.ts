import { HOST, SPN, scene, WEB } from "../../test/scene/scene.ts";

/** A TGT that was never renewed. */
export default scene().dns(HOST, WEB).get("/").reply(401, "Negotiate").tgsReq(SPN, {}).krbError(32).close();
