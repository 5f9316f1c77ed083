import { HOST, scene, WEB } from "../../test/scene/scene.ts";

/** A FAST option that the KDC does not know. */
export default scene().asReq({ over: "tcp", fast: true }).krbError(93).wait(60).dns(HOST, WEB);
