import { mix } from "../bytes/mix.ts";
import { textOf } from "../bytes/text.ts";
import { NOTHING } from "./ethertypes.ts";
import { cutTo, type Packet } from "./packet.ts";
import { le32 } from "./words.ts";

/** PKTAP of macOS (bsd/net/pktap.h), little-endian. */
const RECORD_TYPE = 4;
const LINK_TYPE = 8;
const TRAILER = 48;
const PID = 52;
const COMMAND = 56;
const EFFECTIVE_PID = 84;
const EFFECTIVE_COMMAND = 88;
const COMMAND_BYTES = 20;
const SHORTEST = 108;

const PACKET = 1;

/** Notes whose packet it is and returns the link type of what is inside, or `NOTHING`. */
export function pktap(packet: Packet): number {
  const { bytes, at } = packet;
  const header = le32(bytes, at);
  if (header < SHORTEST || at + header > packet.end || le32(bytes, at + RECORD_TYPE) !== PACKET) return NOTHING;
  packet.process = owner(bytes, at);
  packet.at = at + header;
  cutTo(packet, packet.end + packet.missing - Math.min(le32(bytes, at + TRAILER), packet.end - packet.at));
  return le32(bytes, at + LINK_TYPE);
}

/** The program that owns the socket, and the one on whose behalf it acts. */
function owner(bytes: Uint8Array, at: number): string | null {
  const own = program(bytes, at + PID, at + COMMAND);
  const other = program(bytes, at + EFFECTIVE_PID, at + EFFECTIVE_COMMAND);
  if (own === null || other === null || own === other) return own ?? other;
  return `${own} for ${other}`;
}

interface Program {
  readonly pid: number;
  readonly name: string;
  readonly text: string;
}

/** Programs named lately, by hash: most packets are of a few. */
const RECENT = 256;
const recent = new Array<Program | null>(RECENT).fill(null);

/** `kinit (321)`; `pid 321` where it has no name. */
function program(bytes: Uint8Array, pidAt: number, nameAt: number): string | null {
  const pid = le32(bytes, pidAt) | 0;
  let end = nameAt;
  while (end < nameAt + COMMAND_BYTES && bytes[end] !== 0) end += 1;
  const name = textOf(bytes, nameAt, end);
  if (pid < 0 || (pid === 0 && name === "")) return null;
  const slot = mix(pid) & (RECENT - 1);
  const known = recent[slot];
  if (known?.pid === pid && known.name === name) return known.text;
  const text = name === "" ? `pid ${pid}` : `${name} (${pid})`;
  recent[slot] = { pid, name, text };
  return text;
}
