import { Malformed } from "../../src/bytes/malformed.ts";
import { nbnsTypes } from "./codes.ts";
import type { NbnsMessage } from "./message.ts";
import { readNetbiosName } from "./name.ts";

const HEADER_BYTES = 12;
/** RFC 1002 4.2.1.3: type, class, TTL, data length. */
const RECORD_FIXED_BYTES = 10;
const NB = 0x20;
/** NB_FLAGS and NB_ADDRESS, RFC 1002 4.2.1.3. */
const ENTRY_BYTES = 6;

/** RFC 1002 4.2: the question of a request, the first record of a response; what follows them is left out. */
export function decodeNbns(bytes: Uint8Array): NbnsMessage {
  if (bytes.length < HEADER_BYTES) throw new Malformed("header ends early", bytes.length);
  const flags = u16(bytes, 2);
  const isResponse = (flags & 0x8000) !== 0;
  const { name, next } = readNetbiosName(bytes, HEADER_BYTES);
  if (next + 2 > bytes.length) throw new Malformed("name without a type", next);
  const type = u16(bytes, next);
  const hasRecord = isResponse && u16(bytes, 4) === 0 && type === NB;
  return {
    protocol: "nbns",
    kind: isResponse ? "response" : "query",
    id: u16(bytes, 0),
    opcode: (flags >> 11) & 15,
    broadcast: (flags & 0x10) !== 0,
    rcode: flags & 15,
    name,
    type: nbnsTypes[type] ?? `TYPE${type}`,
    addresses: hasRecord ? readAddresses(bytes, next) : [],
  };
}

function readAddresses(bytes: Uint8Array, at: number): string[] {
  const start = at + RECORD_FIXED_BYTES;
  const end = Math.min(bytes.length, start + u16(bytes, at + 8));
  const addresses: string[] = [];
  for (let entry = start; entry + ENTRY_BYTES <= end; entry += ENTRY_BYTES) {
    addresses.push(bytes.subarray(entry + 2, entry + ENTRY_BYTES).join("."));
  }
  return addresses;
}

function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
