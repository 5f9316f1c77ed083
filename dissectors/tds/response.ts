import { limits } from "../../src/bytes/limits.ts";
import { Malformed } from "../../src/bytes/malformed.ts";
import { unicode } from "../../src/bytes/unicode.ts";
import type { Decoded } from "../dissector.ts";
import type { TdsResponse } from "./message.ts";
import { TDS_HEADER_BYTES } from "./packets.ts";

/** Tokens of MS-TDS 2.2.7 whose length stands in 16 bits behind their type. */
const tokens = {
  error: 0xaa,
  info: 0xab,
  loginAck: 0xad,
  environment: 0xe3,
  sspi: 0xed,
} as const;
const withLength = new Set<number>(Object.values(tokens));

interface Found {
  loggedIn: boolean;
  readonly errors: { readonly number: number; readonly state: number; readonly text: string }[];
  readonly inside: Uint8Array[];
}

/** The answer to a log-on, token by token up to the first of another kind; one that says nothing of it gives nothing. */
export function readResponse(body: Uint8Array): readonly Decoded<TdsResponse>[] {
  const found: Found = { loggedIn: false, errors: [], inside: [] };
  for (let at = 0; at + 3 <= body.length && withLength.has(body[at] ?? 0); ) {
    const end = at + 3 + ((body[at + 1] ?? 0) | ((body[at + 2] ?? 0) << 8));
    if (end > body.length) throw new Malformed("a token is cut short", TDS_HEADER_BYTES + at);
    note(found, body[at] ?? 0, body.subarray(at + 3, end));
    at = end;
  }
  const { loggedIn, errors, inside } = found;
  if (!loggedIn && errors.length === 0 && inside.length === 0) return [];
  return [{ message: { protocol: "tds", kind: "response", loggedIn, errors }, inside }];
}

function note(found: Found, type: number, contents: Uint8Array): void {
  if (type === tokens.loginAck) found.loggedIn = true;
  else if (type === tokens.sspi && found.inside.length === 0) found.inside.push(contents);
  else if (type === tokens.error && found.errors.length < limits.tdsErrors) found.errors.push(readError(contents));
}

/** MS-TDS 2.2.7.10: number (32 bits), state, class, then the text with its length in characters. */
function readError(contents: Uint8Array): Found["errors"][number] {
  if (contents.length < 8) throw new Malformed("ERROR is cut short", TDS_HEADER_BYTES);
  const view = new DataView(contents.buffer, contents.byteOffset, contents.byteLength);
  const characters = Math.min(view.getUint16(6, true), limits.tdsNameCharacters);
  const text = unicode(contents.subarray(8, 8 + 2 * characters));
  return { number: view.getUint32(0, true), state: view.getUint8(4), text };
}
