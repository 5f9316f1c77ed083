import { HOST, scene, WEB } from "../../test/scene/scene.ts";

/** A certificate without the purpose of a logon. */
export default scene().asReq({ over: "tcp", pkinit: true }).krbError(77).wait(60).dns(HOST, WEB);
