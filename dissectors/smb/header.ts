import type { Reader } from "../reader.ts";

export { endsSession } from "../smb2/header.ts";

/** MS-CIFS section 2.2.2.1. */
export const commands = { NEGOTIATE: 0x72, SESSION_SETUP: 0x73, TREE_CONNECT: 0x75 } as const;

/** The parts of a header that concern a login. */
export interface Header {
  readonly command: number;
  readonly status: number;
  readonly isResponse: boolean;
  readonly isUnicode: boolean;
  /** Process and multiplex number as one: pairs a response with its request. */
  readonly messageId: number;
  readonly sessionId: string;
}

const REPLY = 0x80;
const UNICODE = 0x8000;

/** Command 4, status 5, flags 9, flags2 10, process 26, user 28, multiplex 30 (MS-CIFS section 2.2.3.1). */
export function readHeader(reader: Reader): Header {
  return {
    command: reader.u8(4, "Command"),
    status: reader.u32(5, "Status"),
    isResponse: (reader.u8(9, "Flags") & REPLY) !== 0,
    isUnicode: (reader.u16(10, "Flags2") & UNICODE) !== 0,
    messageId: reader.u16(26, "PIDLow") * 0x1_0000 + reader.u16(30, "MID"),
    sessionId: reader.u16(28, "UID").toString(16).padStart(4, "0"),
  };
}
