import { Malformed } from "../../src/bytes/malformed.ts";
import { textOf } from "../../src/bytes/text.ts";
import type { NbdgmMessage } from "./message.ts";
import { readNetbiosName } from "./name.ts";

/** RFC 1002 4.4.1: type, flags, ID, source address and port, length, packet offset. */
const HEADER_BYTES = 14;
const DIRECT_UNIQUE = 0x10;
const BROADCAST = 0x12;

/** RFC 1002 4.4.2: direct and broadcast datagrams; other types carry no message. */
export function decodeNbdgm(bytes: Uint8Array): readonly NbdgmMessage[] {
  if (bytes.length < 1) throw new Malformed("header ends early", 0);
  const type = bytes[0] ?? 0;
  if (type < DIRECT_UNIQUE || type > BROADCAST) return [];
  const source = readNetbiosName(bytes, HEADER_BYTES);
  const destination = readNetbiosName(bytes, source.next);
  const message = readMailslot(bytes.subarray(destination.next));
  return [{ protocol: "nbdgm", kind: "datagram", source: source.name, destination: destination.name, ...message }];
}

const NOTHING = { mailslot: null, opcode: null } as const;
const SMB_COM_TRANSACTION = 0x25;
/** MS-CIFS 2.2.3.1, 2.2.4.33.1: the header, a count of 17 words, the words, a count of bytes. */
const NAME_AT = 32 + 1 + 34 + 2;
const DATA_OFFSET_AT = 32 + 1 + 24;
const LONGEST_NAME = 64;

/** MS-MAIL 2.2.1: a mailslot message is an SMB transaction that names the mailslot. */
function readMailslot(smb: Uint8Array): Pick<NbdgmMessage, "mailslot" | "opcode"> {
  const isTransaction = smb[0] === 0xff && smb[1] === 0x53 && smb[2] === 0x4d && smb[3] === 0x42;
  if (!isTransaction || smb[4] !== SMB_COM_TRANSACTION) return NOTHING;
  const end = smb.subarray(0, NAME_AT + LONGEST_NAME).indexOf(0, NAME_AT);
  if (end < 0) return NOTHING;
  const mailslot = textOf(smb, NAME_AT, end);
  const at = (smb[DATA_OFFSET_AT] ?? 0) | ((smb[DATA_OFFSET_AT + 1] ?? 0) << 8);
  const isNet = /^\\MAILSLOT\\NET\\/i.test(mailslot) && at >= end && at + 2 <= smb.length;
  return { mailslot, opcode: isNet ? (smb[at] ?? 0) | ((smb[at + 1] ?? 0) << 8) : null };
}
