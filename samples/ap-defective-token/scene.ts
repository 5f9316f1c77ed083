import { HOST, SPN, scene, WEB } from "../../test/scene/scene.ts";
import { cutToken } from "../../test/scene/tokens.ts";

/** Captured behind a proxy that shortens header lines. */
export default scene()
  .dns(HOST, WEB)
  .get("/")
  .reply(401, "Negotiate")
  .tgs(SPN)
  .get("/", cutToken(SPN))
  .reply(401, "Negotiate")
  .close();
