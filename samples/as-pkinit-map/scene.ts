import { HOST, scene, WEB } from "../../test/scene/scene.ts";

/** A smart card without a strong mapping. */
export default scene().asReq({ over: "tcp", pkinit: true }).krbError(66).wait(60).dns(HOST, WEB);
