import { answered, presented, status } from "../../test/scene/smb.ts";

/** Samba after its machine password was changed behind its back: no token, no reason. */
export default presented().says("server", answered(status.LOGON_FAILURE)).close();
