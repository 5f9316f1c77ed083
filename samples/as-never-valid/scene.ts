import { HOST, scene, WEB } from "../../test/scene/scene.ts";

/** A request whose times cannot be met. */
export default scene().asReq().krbError(11).wait(60).dns(HOST, WEB);
