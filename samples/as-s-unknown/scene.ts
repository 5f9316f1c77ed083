import { HOST, scene, WEB } from "../../test/scene/scene.ts";

/** A sign-on whose KDC does not serve what it asks for. */
export default scene().asReq().krbError(7).wait(60).dns(HOST, WEB);
