import { HOST, SPN, scene, WEB } from "../../test/scene/scene.ts";
import { krb5 } from "../../test/scene/tokens.ts";

/** The path to the web server swallows full-size segments. */
export default scene()
  .dns(HOST, WEB)
  .get("/")
  .reply(401, "Negotiate")
  .tgs(SPN, { over: "tcp", size: 3_000 })
  .get("/", krb5(SPN, { size: 3_000 }), { acked: false })
  .wait(1)
  .again(0)
  .wait(3)
  .again()
  .wait(6)
  .again()
  .wait(12)
  .reset("client");
