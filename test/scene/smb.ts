import * as smb1 from "../dissectors/smb/messages.ts";
import type { HeaderWish, NegotiateWish } from "../dissectors/smb2/messages.ts";
import {
  framed,
  MORE,
  negotiateRequest,
  negotiateResponse,
  other,
  READ,
  SUCCESS,
  sessionSetupRequest,
  sessionSetupResponse,
  treeConnectRequest,
  treeConnectResponse,
} from "../dissectors/smb2/messages.ts";
import type { Bytes } from "../net/packets.ts";
import { type Scene, scene } from "./scene.ts";
import {
  apRepToken,
  FILETIME_AT_START,
  hints,
  krb5,
  type Mechanism,
  ntlmDone,
  ntlmInSpnego,
  ntlmLeg,
  rawToken,
} from "./tokens.ts";

/** What a client and a file server say to each other: messages for `says` of a scene. */

export const FILES = "192.168.2.105";
export const FILE_HOST = "files.contoso.com";
export const CIFS = `cifs/${FILE_HOST}`;
export const SHARE = `\\\\${FILE_HOST}\\projects`;
const packet = (message: Uint8Array): Bytes => [...framed(message)];
const SESSION = 0x0000_4000_0000_0011n;

export const status = {
  NOT_SUPPORTED: 0xc000_00bb,
  NOT_GRANTED: 0xc000_015b,
  DISABLED: 0xc000_0072,
  DENIED: 0xc000_0022,
  LOGON_FAILURE: 0xc000_006d,
  EXPIRED: 0xc000_035c,
  NTLM_BLOCKED: 0xc000_0418,
} as const;

/** The name of a file server, and the way to it. */
export const filesScene = (): Scene => scene().dns(FILE_HOST, FILES).server(FILES, 445).host(FILE_HOST);

export const negotiate = (wish: NegotiateWish = {}) =>
  packet(negotiateRequest({ messageId: 0, serverName: FILE_HOST, ...wish }));

/** The answer of a member of a domain, or one with just these mechanisms. */
export const offer = (...mechanisms: readonly Mechanism[]) => {
  const names = mechanisms.length > 0 ? mechanisms : (["NEGOEX", "MS-KRB5", "KRB5", "NTLMSSP"] as const);
  return packet(
    negotiateResponse({ messageId: 0, dialect: 0x0302, token: hints(...names), systemTime: FILETIME_AT_START }),
  );
};

/** The answer of a server that will not negotiate. */
export const noDialect = () => packet(negotiateResponse({ messageId: 0, status: status.NOT_SUPPORTED }));

export interface SetupWish extends HeaderWish {
  /** The round of the session, from 1 on; the first one has no session number yet. */
  readonly round?: number;
  readonly session?: bigint;
  readonly flags?: number;
}

const place = ({ round = 1, session = SESSION, ...wish }: SetupWish) => ({ messageId: round, session, round, wish });

/** SESSION_SETUP with a token of `tokens.ts`. */
export function setup(token: string, wish: SetupWish = {}): Bytes {
  const { messageId, session, round, wish: more } = place(wish);
  const sessionId = round === 1 ? 0n : session;
  return packet(sessionSetupRequest({ messageId, sessionId, token: rawToken(token), ...more }));
}

export function answered(ntStatus: number, token = "", wish: SetupWish = {}): Bytes {
  const { messageId, session, wish: more } = place(wish);
  const about = { messageId, sessionId: session, status: ntStatus, token: rawToken(token), ...more };
  return packet(sessionSetupResponse(about));
}

export const accepted = (token = "", wish: SetupWish = {}) => answered(SUCCESS, token, wish);
export const goesOn = (token: string, wish: SetupWish = {}) => answered(MORE, token, wish);

export const tree = (path = SHARE, { session = SESSION, round = 5 }: SetupWish = {}) =>
  packet(treeConnectRequest(path, { messageId: round, sessionId: session }));

export const treeAnswer = (ntStatus: number = SUCCESS, { session = SESSION, round = 5 }: SetupWish = {}) =>
  packet(treeConnectResponse({ messageId: round, sessionId: session, status: ntStatus }));

export const readAnswer = (ntStatus: number, { session = SESSION, round = 9 }: SetupWish = {}) =>
  packet(other(READ, 100, { isResponse: true, messageId: round, sessionId: session, status: ntStatus }));

/** SMB1: the client would take SMB2 too, unless told otherwise. */
export const oldNegotiate = (dialects: readonly string[] = smb1.OLD_DIALECTS) =>
  packet(smb1.negotiateRequest(dialects));
export const oldOffer = (token: Uint8Array | null = hints("MS-KRB5", "KRB5", "NTLMSSP")) =>
  packet(smb1.negotiateResponse({ token }));
/** The answer of SMB2 to SMB1's NEGOTIATE: come again. */
export const askAgain = () => packet(negotiateResponse({ messageId: 0, dialect: 0x02ff, token: hints("KRB5") }));

const OLD_SESSION = { uid: 0x0800 };
export const oldSetup = (token: string) => packet(smb1.sessionSetupRequest(rawToken(token), { mid: 2 }));
export const oldAccepted = (token: string) =>
  packet(smb1.sessionSetupResponse({ token: rawToken(token), mid: 2, ...OLD_SESSION }));
export const oldTree = (path = SHARE) => packet(smb1.treeConnectRequest(path, { mid: 3, ...OLD_SESSION }));
export const oldTreeAnswer = () => packet(smb1.treeConnectResponse({ mid: 3, ...OLD_SESSION }));

/** What is said in an encrypted session: a TRANSFORM_HEADER and what nobody reads (MS-SMB2 section 2.2.41). */
export function sealed(bytes = 120): Bytes {
  const message = new Uint8Array(52 + bytes).fill(0x5a);
  message.set([0xfd, 0x53, 0x4d, 0x42]);
  new DataView(message.buffer).setUint32(36, bytes, true);
  message.set([0, 0, 1, 0], 40);
  return packet(message);
}

/** A capture that begins when the session is there already, and encrypted. */
export const joined = (): Scene =>
  loggedOn().startsHere().dns(FILE_HOST, FILES).says("client", sealed()).says("server", sealed());

// What happens again and again

/** The client has the server's offer. */
export const offered = (s: Scene = filesScene(), ...mechanisms: readonly Mechanism[]): Scene =>
  s.says("client", negotiate()).says("server", offer(...mechanisms));

/** The ticket was got and presented. */
export const presented = (s: Scene = offered()): Scene => s.tgs(CIFS).says("client", setup(krb5(CIFS)));

/** NTLM from its first message to its last. */
export const ntlmTried = (s: Scene): Scene =>
  s
    .says("client", setup(ntlmInSpnego()))
    .says("server", goesOn(ntlmLeg(2)))
    .says("client", setup(ntlmLeg(3), { round: 2 }));

export const ntlmLogin = (s: Scene): Scene => ntlmTried(s).says("server", accepted(ntlmDone(), { round: 2 }));

export const loggedOn = (s: Scene = offered()): Scene => presented(s).says("server", accepted(apRepToken()));
