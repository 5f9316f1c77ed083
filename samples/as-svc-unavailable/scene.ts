import { HOST, scene, WEB } from "../../test/scene/scene.ts";

/** A domain controller that starts up. */
export default scene().asReq().krbError(29).wait(60).dns(HOST, WEB);
