import { commands, endsSession } from "./header.ts";

/** MS-CIFS section 2.2.3.1: bytes of the header. */
export const SMB1_HEADER_BYTES = 32;

/** As many of them as tell who sent it. */
export const SMB1_SENDER_BYTES = 10;

const COMMAND = 4;
const STATUS = 5;
const FLAGS = 9;
/** SMB_FLAGS_REPLY. */
const REPLY = 0x80;

export function smb1Sender(bytes: Uint8Array, at: number): "client" | "server" {
  return ((bytes[at + FLAGS] ?? 0) & REPLY) === 0 ? "client" : "server";
}

/** Whether the message whose header is at `bytes[at]` is decoded: not what is done with files. */
export function isSmb1Login(bytes: Uint8Array, at: number): boolean {
  const command = bytes[at + COMMAND] ?? 0;
  if (command >= commands.NEGOTIATE && command <= commands.TREE_CONNECT && command !== LOGOFF) return true;
  const low = (bytes[at + STATUS] ?? 0) | ((bytes[at + STATUS + 1] ?? 0) << 8) | ((bytes[at + STATUS + 2] ?? 0) << 16);
  return smb1Sender(bytes, at) === "server" && endsSession(low + (bytes[at + STATUS + 3] ?? 0) * 0x100_0000);
}
const LOGOFF = 0x74;
