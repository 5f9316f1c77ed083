import { HOST, scene, WEB } from "../../test/scene/scene.ts";

/** A smart card of a CA that is not in NTAuth. */
export default scene().asReq({ over: "tcp", pkinit: true }).krbError(62).wait(60).dns(HOST, WEB);
