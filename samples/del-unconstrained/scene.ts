import { atBack, BACK_END, frontAnswers, handingOver, johnsTgt, withTgt } from "../../test/scene/delegation.ts";
import { krb5, windowsApRep } from "../../test/scene/tokens.ts";

/** John's client hands its TGT over, and the front-end goes to the back-end as John. */
export default frontAnswers(
  atBack(withTgt(handingOver()))
    .tgs(BACK_END, { over: "tcp", tgt: johnsTgt(), cname: "John" })
    .get("/data", krb5(BACK_END, { offer: "windows" }))
    .header("Server: Microsoft-IIS/10.0")
    .reply(200, windowsApRep())
    .close(),
  200,
);
