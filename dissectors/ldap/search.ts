import { textOf } from "../../src/bytes/text.ts";
import { type Ber, BOOLEAN, ENUMERATED, OCTET_STRING, SEQUENCE } from "./ber.ts";
import type { CldapSearch } from "./message.ts";

const AND = 0xa0;
const OR = 0xa1;
const NOT = 0xa2;
const EQUALITY = 0xa3;

/** The equality assertions that make a netlogon ping, MS-ADTS 6.3.3.1; last one wins. */
interface Ping {
  dnsDomain: string | null;
  host: string | null;
  user: string | null;
  ntVer: number | null;
}

/** RFC 4511 4.5.1  SearchRequest ::= [APPLICATION 3] SEQUENCE { … } */
export function readSearch(request: Ber, messageId: number): CldapSearch {
  request.skip("baseObject", OCTET_STRING);
  request.skip("scope", ENUMERATED);
  request.skip("derefAliases", ENUMERATED);
  request.number("sizeLimit");
  request.number("timeLimit");
  request.skip("typesOnly", BOOLEAN);
  const ping: Ping = { dnsDomain: null, host: null, user: null, ntVer: null };
  readFilter(request, ping);
  const selection = request.element("attributes", SEQUENCE);
  const attributes = selection.more() ? [selection.text("attribute")] : [];
  while (selection.more()) attributes.push(selection.text("attribute"));
  const { dnsDomain, host, user, ntVer } = ping;
  return { protocol: "cldap", kind: "search", messageId, dnsDomain, host, user, ntVer, attributes };
}

/** RFC 4511 4.5.1.7; the depth is bounded by the reader. */
function readFilter(parent: Ber, ping: Ping): void {
  const tag = parent.tag();
  const filter = parent.element("filter");
  if (tag === AND || tag === OR || tag === NOT) {
    while (filter.more()) readFilter(filter, ping);
  } else if (tag === EQUALITY) {
    assertion(ping, filter.text("attributeDesc").toLowerCase(), filter.octets("assertionValue"));
  }
}

function assertion(ping: Ping, attribute: string, value: Uint8Array): void {
  switch (attribute) {
    case "dnsdomain":
      ping.dnsDomain = textOf(value, 0, value.length);
      break;
    case "host":
      ping.host = textOf(value, 0, value.length);
      break;
    case "user":
      ping.user = textOf(value, 0, value.length);
      break;
    case "ntver":
      ping.ntVer = littleEndian(value);
      break;
  }
}

/** NtVer is four bytes, the lowest first; anything longer is something else. */
function littleEndian(value: Uint8Array): number | null {
  if (value.length === 0 || value.length > 4) return null;
  return value.reduceRight((number, byte) => number * 256 + byte, 0);
}
