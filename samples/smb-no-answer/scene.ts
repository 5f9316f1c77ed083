import { FILES, filesScene, negotiate } from "../../test/scene/smb.ts";

/** The file service hangs: its TCP still answers. */
export default filesScene().says("client", negotiate()).wait(30).dns("intranet.contoso.com", FILES).close();
