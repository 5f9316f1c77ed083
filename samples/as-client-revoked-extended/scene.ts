import { HOST, scene, WEB } from "../../test/scene/scene.ts";

/** The account is disabled; the KDC is Windows. */
export default scene().asReq({ over: "tcp" }).krbError(18, { ntStatus: 0xc0000072 }).wait(60).dns(HOST, WEB);
