import { nt } from "../erref/codes.ts";
import type { Reader } from "../reader.ts";

/** MS-SMB2 section 2.2.1: bytes of the header. */
export const HEADER_BYTES = 64;

export const commands = { NEGOTIATE: 0, SESSION_SETUP: 1, TREE_CONNECT: 3 } as const;

/** The parts of a header that concern a login. */
export interface Header {
  readonly status: number;
  readonly command: number;
  readonly isResponse: boolean;
  readonly messageId: number;
  readonly sessionId: string;
}

const SERVER_TO_REDIR = 0x0000_0001;

/** Status 8, command 12, flags 16, message 24, session 40. */
export function readHeader(reader: Reader): Header {
  return {
    status: reader.u32(8, "Status"),
    command: reader.u16(12, "Command"),
    isResponse: (reader.u32(16, "Flags") & SERVER_TO_REDIR) !== 0,
    messageId: reader.u64(24, "MessageId"),
    sessionId: reader.hex64(40, "SessionId"),
  };
}

/** Answers with which a server ends a session, whatever was asked. */
export const endsSession = (status: number): boolean =>
  status === nt.NETWORK_SESSION_EXPIRED || status === nt.USER_SESSION_DELETED;

/** Whether a message is decoded: interim answers are not, nor what is done with files. */
export function isLogin(command: number, isResponse: boolean, status: number): boolean {
  if (isResponse && status === nt.PENDING) return false;
  if (command <= commands.SESSION_SETUP || command === commands.TREE_CONNECT) return true;
  return isResponse && endsSession(status);
}
