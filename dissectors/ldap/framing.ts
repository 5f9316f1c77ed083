import { limits } from "../../src/bytes/limits.ts";
import { Malformed } from "../../src/bytes/malformed.ts";
import { INTEGER, SEQUENCE } from "./ber.ts";
import { isOperation, operations } from "./operations.ts";

/** Bytes after which the length and the operation of every message are known. */
export const LDAP_HEADER_BYTES = 13;

/** Bytes of the message at `start`; null while its operation is not there. Throws where no LDAPMessage begins. */
export function ldapFrameLength(bytes: Uint8Array, start: number, end: number): number | null {
  const at = operationAt(bytes, start, end);
  if (at === null || at >= end) return null;
  const length = elementEnd(bytes, start) - start;
  if (length > limits.ldapMessageBytes) throw new Malformed(`LDAPMessage of ${length} bytes`, start);
  return length;
}

/** Identifier octet of the operation of the message at `start`, whose length is known. */
export function ldapOperation(bytes: Uint8Array, start: number, end: number): number {
  return bytes[operationAt(bytes, start, end) ?? end] ?? 0;
}

/** RFC 4511 4.1.1: a SEQUENCE, messageID, then one of the operations; null while too few bytes are there to find it. */
function operationAt(bytes: Uint8Array, start: number, end: number): number | null {
  expect(bytes, start, end, SEQUENCE, "LDAPMessage");
  const id = contentsAt(bytes, start, end);
  if (id === null) return null;
  expect(bytes, id, end, INTEGER, "messageID");
  if (id + 1 >= end) return null;
  const size = bytes[id + 1] ?? 0;
  if (size === 0 || size > 4) throw new Malformed(`messageID of ${size} bytes`, id);
  const operation = id + 2 + size;
  if (operation >= elementEnd(bytes, start)) throw new Malformed("LDAPMessage without an operation", start);
  if (operation < end && !isOperation(bytes[operation] ?? 0)) throw new Malformed("no LDAP operation", operation);
  return operation;
}

function expect(bytes: Uint8Array, at: number, end: number, tag: number, what: string): void {
  if (at < end && bytes[at] !== tag) throw new Malformed(`no ${what}`, at);
}

/** Where the contents of the element at `at` begin; null while its length is not there. */
function contentsAt(bytes: Uint8Array, at: number, end: number): number | null {
  if (at + 1 >= end) return null;
  const first = bytes[at + 1] ?? 0;
  if (first === 0x80 || first > 0x84) throw new Malformed("impossible length", at);
  const contents = at + 2 + (first < 0x80 ? 0 : first & 0x7f);
  return contents > end ? null : contents;
}

/** Where the element at `at` ends, whose length is there. */
function elementEnd(bytes: Uint8Array, at: number): number {
  const first = bytes[at + 1] ?? 0;
  if (first < 0x80) return at + 2 + first;
  let length = 0;
  for (let index = 0; index < (first & 0x7f); index += 1) length = length * 256 + (bytes[at + 2 + index] ?? 0);
  return at + 2 + (first & 0x7f) + length;
}

/**
 * Whether an LDAPMessage begins at `start`: one whose operation ends with it, or goes before controls. `more`: too few
 * bytes to say.
 */
export function startOfLdap(bytes: Uint8Array, start: number, end: number): "message" | "more" | "no" {
  try {
    const operation = operationAt(bytes, start, end);
    if (operation === null || operation >= end) return "more";
    const contents = contentsAt(bytes, operation, end);
    if (contents === null) return "more";
    return fits(bytes, operation, end, contents, elementEnd(bytes, start));
  } catch (error) {
    if (error instanceof Malformed) return "no";
    throw error;
  }
}

const CONTROLS = 0xa0;

function fits(bytes: Uint8Array, at: number, end: number, contents: number, whole: number): "message" | "more" | "no" {
  const operationEnd = elementEnd(bytes, at);
  if (operationEnd > whole) return "no";
  if (operationEnd < whole && operationEnd < end && bytes[operationEnd] !== CONTROLS) return "no";
  if (bytes[at] !== operations.bindRequest) return "message";
  if (contents + 3 > end) return "more";
  const version = bytes[contents + 2] ?? 0;
  return bytes[contents] === INTEGER && bytes[contents + 1] === 1 && (version === 2 || version === 3)
    ? "message"
    : "no";
}
