import { answered, presented, status } from "../../test/scene/smb.ts";

/** The account lacks the right “Access this computer from the network”. */
export default presented().says("server", answered(status.NOT_GRANTED)).close();
