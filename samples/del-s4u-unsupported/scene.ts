import { ACCOUNT, transition } from "../../test/scene/delegation.ts";
import { scene, WEB } from "../../test/scene/scene.ts";

/** The KDC does not know S4U2self and gives what a plain request would have got. */
export default transition(scene().client(WEB, ACCOUNT).asReq({ proof: true }).issued(), { cname: ACCOUNT });
