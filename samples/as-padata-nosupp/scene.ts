import { HOST, scene, WEB } from "../../test/scene/scene.ts";

/** A KDC that cannot do PKINIT. */
export default scene().asReq({ over: "tcp", pkinit: true }).krbError(16).wait(60).dns(HOST, WEB);
