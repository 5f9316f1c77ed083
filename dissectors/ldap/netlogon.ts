import { Malformed } from "../../src/bytes/malformed.ts";
import { unicode } from "../../src/bytes/unicode.ts";
import { type Place, readName } from "../dns/name.ts";
import type { CldapEntry } from "./message.ts";

export type Netlogon = Omit<CldapEntry, "protocol" | "kind" | "messageId">;

export const noNetlogon: Netlogon = {
  opcode: null,
  flags: null,
  forest: null,
  domain: null,
  dc: null,
  netbiosDomain: null,
  netbiosDc: null,
  user: null,
  dcSite: null,
  clientSite: null,
};

const GUID_BYTES = 16;

/** The value of the attribute `netlogon`, MS-ADTS 6.3.1.7 to 6.3.1.9; an unknown operation gives its number alone. */
export function readNetlogon(value: Uint8Array): Netlogon {
  if (value.length < 2) throw new Malformed("netlogon answer too short", value.length);
  const opcode = (value[0] ?? 0) | ((value[1] ?? 0) << 8);
  if (opcode >= 23 && opcode <= 25) return extended(value, opcode);
  if (opcode >= 19 && opcode <= 21) return older(value, opcode);
  return { ...noNetlogon, opcode };
}

/** NETLOGON_SAM_LOGON_RESPONSE_EX, 6.3.1.9. */
function extended(value: Uint8Array, opcode: number): Netlogon {
  const flags = u32(value, 4);
  const place = { bytes: value, at: 8 + GUID_BYTES };
  return {
    opcode,
    flags,
    forest: nextName(place),
    domain: nextName(place),
    dc: nextName(place),
    netbiosDomain: nextName(place),
    netbiosDc: nextName(place),
    user: nextName(place),
    dcSite: nextName(place),
    clientSite: nextName(place),
  };
}

/** NETLOGON_SAM_LOGON_RESPONSE_NT40, 6.3.1.7, which NETLOGON_SAM_LOGON_RESPONSE, 6.3.1.8, continues. */
function older(value: Uint8Array, opcode: number): Netlogon {
  const server = wideString(value, 2);
  const user = wideString(value, server.next);
  const domain = wideString(value, user.next);
  const nt40 = {
    ...noNetlogon,
    opcode,
    netbiosDc: server.text.replace(/^\\\\/, ""),
    user: user.text,
    netbiosDomain: domain.text,
  };
  const names = domain.next + 2 * GUID_BYTES;
  if (names + 3 > value.length) return nt40;
  const place = { bytes: value, at: names };
  const forest = nextName(place);
  const dnsDomain = nextName(place);
  const dc = nextName(place);
  return { ...nt40, flags: u32(value, place.at + 4), forest, domain: dnsDomain, dc };
}

/** A name as in DNS messages, pointers counted from the start of the value; an empty name is an empty text. */
function nextName(place: Place): string {
  const text = readName(place);
  return text === "." ? "" : text;
}

function u32(value: Uint8Array, at: number): number {
  if (at + 4 > value.length) throw new Malformed("netlogon answer too short", value.length);
  return (
    ((value[at] ?? 0) | ((value[at + 1] ?? 0) << 8) | ((value[at + 2] ?? 0) << 16) | ((value[at + 3] ?? 0) << 24)) >>> 0
  );
}

/** UTF-16 up to a zero character. */
function wideString(value: Uint8Array, at: number): { readonly text: string; readonly next: number } {
  let end = at;
  while (end + 1 < value.length && ((value[end] ?? 0) | (value[end + 1] ?? 0)) !== 0) end += 2;
  if (end + 1 >= value.length) throw new Malformed("netlogon name without an end", at);
  return { text: unicode(value.subarray(at, end)), next: end + 2 };
}
