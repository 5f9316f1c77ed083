import { HOST, SPN, scene, WEB } from "../../test/scene/scene.ts";
import { apRepToken, krb5 } from "../../test/scene/tokens.ts";

const rc4 = { etype: 23, issue: 23, size: 940 };
const aes = { etype: 18, issue: 18, size: 952 };

/** A keytab with AES keys alone, and one client that asks for RC4 alone. */
export default scene()
  .dns(HOST, WEB)
  .get("/")
  .header("Server: Apache-Coyote/1.1")
  .reply(401, "Negotiate")
  .tgs(SPN, { ...aes, etypes: [18, 17, 23] })
  .get("/", krb5(SPN, aes))
  .header("Server: Apache-Coyote/1.1")
  .reply(200, apRepToken())
  .close()
  .wait(2)
  .client("192.168.2.102", "Jane")
  .dns(HOST, WEB)
  .get("/")
  .header("Server: Apache-Coyote/1.1")
  .reply(401, "Negotiate")
  .tgs(SPN, { ...rc4, etypes: [23] })
  .get("/", krb5(SPN, rc4))
  .header("Server: Apache-Coyote/1.1")
  .reply(401, "Negotiate")
  .close();
