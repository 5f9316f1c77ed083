import { DC, HOST, scene, WEB } from "../../test/scene/scene.ts";

/** Port 464 is blocked. */
export default scene()
  .asReq({ over: "tcp", sname: "kadmin/changepw", proof: true })
  .issued()
  .server(DC, 464)
  .syn()
  .wait(1)
  .again()
  .wait(2)
  .again()
  .wait(4)
  .again()
  .wait(8)
  .dns(HOST, WEB);
