import { HOST, scene, WEB } from "../../test/scene/scene.ts";
import { krb5, windowsApRep } from "../../test/scene/tokens.ts";

/** In DNS, Host and TGS-REQ; the ticket that is presented says iisserver. */
const TYPED = "iiserver.contoso.com";

/** With this much cipher the token is as long as the one in the guide. */
const sealed = { size: 1167, sealedFor: `HTTP/${HOST}` };

/** The eight frames of Microsoft's troubleshooting guide: what Network Monitor showed on Client1, with its names, addresses, times and tokens' sizes. */
export default scene()
  .pace(0.000_01)
  .host(TYPED)
  .at("2022-11-28T00:59:30.073843")
  .dnsQuery(TYPED, "A", 0x666a)
  .at("2022-11-28T00:59:30.074343")
  .dnsAnswer(WEB)
  .at("2022-11-28T00:59:30.159000")
  .port(52_655)
  .open()
  .at("2022-11-28T00:59:30.160940")
  .get("/")
  .at("2022-11-28T00:59:30.163364")
  .header("Server: Microsoft-IIS/10.0")
  .reply(401, "Negotiate", "NTLM")
  .at("2022-11-28T00:59:30.182000")
  .kdcOpen()
  .at("2022-11-28T00:59:30.183404")
  .tgsReq(`HTTP/${TYPED}`, { over: "tcp", etypes: [18, 17, 23, 24, -135] })
  .at("2022-11-28T00:59:30.184868")
  .issued(sealed)
  .at("2022-11-28T00:59:30.185326")
  .get("/favicon.ico", krb5(`HTTP/${HOST}`, { ...sealed, offer: "windows", proof: 413 }))
  .at("2022-11-28T00:59:30.187576")
  .header("Server: Microsoft-IIS/10.0")
  .reply(404, windowsApRep())
  .close();
