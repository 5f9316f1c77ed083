import { Malformed } from "../../src/bytes/malformed.ts";
import { textOf } from "../../src/bytes/text.ts";
import type { NetbiosName } from "./message.ts";

const NAME_BYTES = 16;
const ENCODED_BYTES = 2 * NAME_BYTES;
const LETTER_A = 0x41;
const SPACE = 0x20;

export interface PlacedName {
  readonly name: NetbiosName;
  readonly next: number;
}

/** RFC 1001 14.1 and RFC 1002 4.1: half-bytes as the letters A to P, then the labels of a scope (left out). */
export function readNetbiosName(bytes: Uint8Array, at: number): PlacedName {
  if (at + 1 + ENCODED_BYTES >= bytes.length) throw new Malformed("NetBIOS name ends early", at);
  if (bytes[at] !== ENCODED_BYTES) throw new Malformed("NetBIOS name of another length", at);
  const plain = new Uint8Array(NAME_BYTES);
  for (let index = 0; index < NAME_BYTES; index += 1) {
    plain[index] = halfByte(bytes, at + 1 + 2 * index) * 16 + halfByte(bytes, at + 2 + 2 * index);
  }
  let length = NAME_BYTES - 1;
  while (length > 0 && (plain[length - 1] === SPACE || plain[length - 1] === 0)) length -= 1;
  const name = { text: textOf(plain, 0, length), suffix: plain[NAME_BYTES - 1] ?? 0 };
  return { name, next: endOfScope(bytes, at + 1 + ENCODED_BYTES) };
}

function halfByte(bytes: Uint8Array, at: number): number {
  const value = (bytes[at] ?? 0) - LETTER_A;
  if (value < 0 || value > 15) throw new Malformed("NetBIOS name with another letter", at);
  return value;
}

/** Every label moves on, so the end of the bytes ends it. */
function endOfScope(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length) {
    const length = bytes[at] ?? 0;
    if (length >= 0xc0) return at + 2;
    at += 1 + length;
    if (length === 0) return at;
  }
  throw new Malformed("NetBIOS scope ends early", from);
}
