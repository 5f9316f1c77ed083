import { CIFS, joined, sealed } from "../../test/scene/smb.ts";

/** The share is in use, encrypted, when the capture begins; the ticket is renewed meanwhile. */
export default joined().tgs(CIFS).says("client", sealed(800)).says("server", sealed());
