import { HOST, scene, WEB } from "../../test/scene/scene.ts";

/** A filter that answers. */
export default scene().dns(HOST, WEB).syn().icmp(13, "192.168.2.254").wait(10).dns("other.contoso.com", WEB);
